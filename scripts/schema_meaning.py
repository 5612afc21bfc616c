"""What models.py says about tables, columns and indexes, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Index, Table, UniqueConstraint

from information_schema import Schema
from models import Base


def table_meaning(table: Table) -> str:
    """The first line of the class's docstring."""
    for mapper in Base.registry.mappers:
        if mapper.local_table is table:
            return (mapper.class_.__dict__.get("__doc__") or "").strip().split("\n")[0]
    return ""


def index_purpose(table: Table, name: str) -> str:
    """The queries that an index serves; an index that comes with a foreign key needs no words of its own."""
    if name == "PRIMARY":
        return "a row by its key; rows are stored in this order"
    unique = [key for key in table.constraints if isinstance(key, UniqueConstraint)]
    indexes: list[Index | UniqueConstraint] = [*table.indexes, *unique]
    for index in indexes:
        if index.name == name:
            return str(index.info.get("serves", ""))
    for key in table.foreign_key_constraints:
        if key.name == name:
            return str(key.elements[0].info.get("serves") or f"deletion of a row of {key.referred_table.name}")
    return ""


def unique_keys(table: Table) -> list[list[Column[Any]]]:
    """The columns of the primary key and of each unique constraint."""
    unique = [key for key in table.constraints if isinstance(key, UniqueConstraint)]
    return [list(key.columns) for key in (table.primary_key, *unique)]


def gaps(tables: Sequence[Table], golden: dict[str, Schema]) -> list[str]:
    """What keeps the documentation from being written, one line each."""
    return [line for table in tables for line in _gaps(table, golden)]


def _gaps(table: Table, golden: dict[str, Schema]) -> Iterator[str]:
    if not table_meaning(table):
        yield f"models.py: {table.name} has no docstring"
    for column in table.columns:
        if not column.doc:
            yield f'models.py: {table.name}.{column.name} has no doc="..."'
    for flavor, schema in golden.items():
        found = schema.get(table.name, {"columns": {}, "indexes": {}})
        for name in {column.name for column in table.columns} ^ found["columns"].keys():
            yield f"migrations/golden/{flavor}.json and models.py differ in {table.name}.{name}: run golden.py"
        for name in found["indexes"]:
            if not index_purpose(table, name):
                yield f'models.py: {table.name}, index {name}, has no info=_serves("...")'
