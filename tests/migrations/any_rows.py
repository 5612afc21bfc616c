"""Rows for whatever tables a database has, so that a later revision is tested without a change of the tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, MetaData, String, Table

from information_schema import read_schema
from throwaway_database import ThrowawayDatabase

Rows = dict[str, list[dict[str, Any]]]
# Of Alembic.
OTHERS = {"alembic_version"}
DAY = date(2025, 3, 1)
# The n-th value of a type, different for each n.
VALUES: dict[type, Callable[[int], Any]] = {
    bool: lambda n: n % 2 == 1,
    int: int,
    float: float,
    Decimal: lambda n: Decimal(n) / 4,
    date: lambda n: DAY + timedelta(days=n),
    datetime: lambda n: datetime.combine(DAY + timedelta(days=n), datetime.min.time()),
    bytes: lambda n: bytes([n]),
    dict: lambda n: {"n": n},
}


def insert_rows(database: ThrowawayDatabase, full: int, sparse: int) -> None:
    """Two rows in each table: number `full` has a value everywhere, number `sparse` only where one must stand.

    A row's foreign keys name the row of the same number.
    """
    metadata = MetaData()
    with database.engine.begin() as connection:
        metadata.reflect(connection)
        checks = {table: part["checks"] for table, part in read_schema(connection, metadata.tables).items()}
        for table in metadata.sorted_tables:
            if table.name in OTHERS:
                continue
            allowed = _allowed(table, " ".join(checks[table.name].values()))
            for number in (full, sparse):
                columns = [column for column in table.columns if not column.computed]
                wanted = [column for column in columns if number == full or not column.nullable]
                row = {column.name: _value(column, number, allowed.get(column.name)) for column in wanted}
                connection.execute(table.insert().values(row))


def read_rows(database: ThrowawayDatabase) -> Rows:
    """All rows of all tables."""
    metadata = MetaData()
    with database.engine.connect() as connection:
        metadata.reflect(connection)
        tables = [table for table in metadata.tables.values() if table.name not in OTHERS]
        return {table.name: [dict(row) for row in connection.execute(table.select()).mappings()] for table in tables}


def changes(before: Rows, after: Rows) -> list[str]:
    """What became of the rows, in the tables and columns that are there before and after; one line a difference."""
    found = []
    for table in sorted(before.keys() & after.keys()):
        old, new = before[table], after[table]
        if len(old) != len(new):
            found.append(f"{table}: {len(old)} rows became {len(new)}")
            continue
        shared = set(old[0]) & set(new[0]) if old else set()
        for column in sorted(shared):
            values = [sorted(repr(row[column]) for row in rows) for rows in (old, new)]
            if values[0] != values[1]:
                found.append(f"{table}.{column}: {values[0]} became {values[1]}")
    return found


def _value(column: Column[Any], number: int, allowed: list[str] | None) -> Any:
    while column.foreign_keys:
        parent = next(iter(column.foreign_keys)).column
        if parent is column:
            break
        column, allowed = parent, None
    if allowed or getattr(column.type, "enums", None):
        choices = allowed or list(column.type.enums)  # type: ignore[attr-defined]
        return choices[number % len(choices)]
    if isinstance(column.type, String):
        return f"{number} ñ {column.name}"[: column.type.length]
    kind = column.type.python_type
    assert kind in VALUES, f"VALUES has no value for {column}, which is a {column.type}"
    return VALUES[kind](number)


def _allowed(table: Table, checks: str) -> dict[str, list[str]]:
    """The values of the columns that a check of the form IN (…) limits."""
    lists = re.findall(r"`(\w+)`[^()`]*\)?\s*in\s*\(([^)]*)\)", checks, re.IGNORECASE)
    return {column: re.findall(r"'([^']*)'", values) for column, values in lists if column in table.columns}
