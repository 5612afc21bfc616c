"""The rows of reference/ and demo/, and how they get into the database."""
