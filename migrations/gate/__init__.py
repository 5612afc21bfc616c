"""Before a schema change: what each of its statements would do to the rows that are there."""
