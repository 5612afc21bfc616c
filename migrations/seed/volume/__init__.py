"""Generated users and transactions in any number, the same ones from the same random seed."""
