"""The tables and relations as the entity diagram draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from information_schema import Schema
from schema_meaning import table_meaning, unique_keys

HEADER = 30
ROW = 20
# Widths of a character and of the marks before a column's name.
CHARACTER = 7.3
MARKS = 50


@dataclass(frozen=True)
class Row:
    """One column: its marks (PK, FK, UQ), name and type."""

    marks: tuple[str, ...]
    name: str
    type: str
    nullable: bool


@dataclass(frozen=True)
class Entity:
    """One table."""

    name: str
    meaning: str
    rows: tuple[Row, ...]

    @property
    def height(self) -> int:
        """Of its box."""
        return HEADER + ROW * len(self.rows) + 6

    @property
    def width(self) -> int:
        """Of its box, at least."""
        longest = max(len(row.name) for row in self.rows) + max(len(row.type) for row in self.rows)
        return round(MARKS + CHARACTER * (longest + 3))

    def row_at(self, column: str) -> int:
        """How far below the top of its box a column's middle is."""
        names = [row.name for row in self.rows]
        return HEADER + 3 + ROW * names.index(column) + ROW // 2


@dataclass(frozen=True)
class Relation:
    """A foreign key: `optional` where it may be null, `single` where a parent has one child at most."""

    name: str
    child: str
    column: str
    parent: str
    target: str
    optional: bool
    single: bool


def entities(tables: Sequence[Table], schema: Schema) -> dict[str, Entity]:
    """The tables by name; `schema` has the server's type of each column."""
    return {
        table.name: Entity(table.name, table_meaning(table), tuple(_rows(table, schema[table.name]["columns"])))
        for table in tables
    }


def relations(tables: Sequence[Table]) -> list[Relation]:
    """The foreign keys, one line for each column."""
    found = []
    for table in tables:
        for column in table.columns:
            for key in column.foreign_keys:
                names = (str(key.name), table.name, column.name, key.column.table.name, key.column.name)
                found.append(Relation(*names, bool(column.nullable), [column] in unique_keys(table)))
    return found


def _rows(table: Table, columns: dict[str, Any]) -> Iterator[Row]:
    for column in table.columns:
        marks = ["PK"] * column.primary_key + ["FK"] * bool(column.foreign_keys)
        if not column.primary_key and any(column in columns for columns in unique_keys(table)):
            marks.append("UQ")
        yield Row(tuple(marks), column.name, columns[column.name]["type"], bool(column.nullable))
