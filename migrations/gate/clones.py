"""Empty copies of all tables, with their constraints and foreign keys, to try statements on.

They lie in the same database, since the account may use no other, under names that are reserved for them. Their foreign
keys point to one another: one that pointed to a live table would lock it. CREATE TABLE LIKE would leave them out, and
statements that are good on the live table would fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from gate.names import clone_of, rewrite
from reserved_names import CLONE_PREFIX, VERSION_TABLE, is_reserved


def live_tables(cursor: Any) -> list[str]:
    """The application's tables."""
    return [name for name in _tables(cursor) if not is_reserved(name) and name != VERSION_TABLE]


def remove_clones(cursor: Any) -> None:
    """Drop all clones, also those of a run that was killed."""
    if left := [name for name in _tables(cursor) if name.startswith(CLONE_PREFIX)]:
        cursor.execute("SET SESSION foreign_key_checks = 0")
        cursor.execute("DROP TABLE IF EXISTS " + ", ".join(f"`{name}`" for name in left))
        cursor.execute("SET SESSION foreign_key_checks = 1")


@contextmanager
def clones(connection: Connection, tables: list[str]) -> Iterator[Any]:
    """A cursor while there is a clone of each of the tables; they are gone afterwards, also after an error."""
    cursor: Any = connection.connection.cursor()
    remove_clones(cursor)
    try:
        cursor.execute("SET SESSION foreign_key_checks = 0")
        for table in tables:
            cursor.execute(f"SHOW CREATE TABLE `{table}`")
            cursor.execute(rewrite(cursor.fetchone()[1]))
        cursor.execute("SET SESSION foreign_key_checks = 1")
        yield cursor
    finally:
        remove_clones(cursor)


def names_by_clone(tables: list[str]) -> dict[str, str]:
    """The live table of each clone."""
    return {clone_of(table): table for table in tables}


def _tables(cursor: Any) -> list[str]:
    cursor.execute("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'")
    return [row[0] for row in cursor.fetchall()]
