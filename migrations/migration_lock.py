"""A lock in the server that lets exactly one run change a database's schema or seed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from errors import FlowliteError

# Both servers refuse a longer name.
NAME_LENGTH = 64
# A change that waits for a client's open transaction makes every other query on the table wait behind it; the servers'
# own limits are a day and a year.
TABLE_WAIT_SECONDS = 30


def lock_name(database: str) -> str:
    """The name of a database's lock: one server may hold several databases, each with its own run."""
    return f"flowlite:{database}"[:NAME_LENGTH]


@contextmanager
def migration_lock(connection: Connection) -> Iterator[None]:
    """Hold the lock of the connection's database on this very connection.

    It must be the connection that does the work: when a run is killed, the server finishes the statement under way
    before it closes the connection, and only then may the next run look at what is there. Expects a connection
    without a transaction and leaves none: what is not committed inside is rolled back. Inside, a change gives up when
    clients keep its table for TABLE_WAIT_SECONDS. Raises FlowliteError at once, naming the holder, if the lock is
    taken.
    """
    name = lock_name(connection.engine.url.database or "")
    taken = connection.scalar(text("SELECT GET_LOCK(:name, 0)"), {"name": name})
    holder = None if taken else _holder(connection, name)
    connection.execute(text("SET SESSION lock_wait_timeout = :seconds"), {"seconds": TABLE_WAIT_SECONDS})
    connection.commit()
    if not taken:
        raise FlowliteError(
            f"another run is changing the database {connection.engine.url.database}: {holder} holds the lock "
            f"`{name}`. Let it finish and start again; if it hangs, end it or have its connection killed (KILL)."
        )
    try:
        yield
    finally:
        # A lost connection has lost the lock as well, and its own error is the one to show.
        with suppress(DBAPIError):
            # What the work left uncommitted is the beginning of something that failed.
            connection.rollback()
            connection.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": name})
            connection.rollback()


def _holder(connection: Connection, name: str) -> str:
    """Who holds the lock, as far as this account may see it."""
    number = connection.scalar(text("SELECT IS_USED_LOCK(:name)"), {"name": name})
    if number is None:
        return "a run that has ended in this moment"
    for process in connection.execute(text("SHOW PROCESSLIST")).mappings():
        if process["Id"] == number:
            return f"connection {number} of user {process['User']} from {process['Host']}, {process['Time']} s so far,"
    return f"connection {number} of an account that this one may not see"
