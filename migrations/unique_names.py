"""Unique constraints on name columns, refused with the list of duplicates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from errors import FlowliteError


def create_unique_names(columns: dict[str, str]) -> None:
    """Make one name column of each table unique; the constraint is called uq_<table>_<column>, in lower case.

    `columns` maps table to column. Raises FlowliteError before anything is changed, listing every duplicate of every
    table, where names occur twice.
    """
    only_writes_sql = op.get_context().as_sql
    if not only_writes_sql and (duplicates := [text for item in columns.items() for text in _duplicates(*item)]):
        raise FlowliteError(
            "names that must become unique occur more than once: "
            + "; ".join(duplicates)
            + ". Rename or merge these rows, then start again; nothing of this revision was changed."
        )
    for table, column in columns.items():
        op.create_unique_constraint(unique_name(table, column), table, [column])


def unique_name(table: str, column: str) -> str:
    """The name of a table's unique constraint on one column."""
    return f"uq_{table}_{column}".lower()


def _duplicates(table: str, column: str) -> list[str]:
    name: sa.ColumnClause[str] = sa.column(column)
    query = sa.select(name, sa.func.count()).select_from(sa.table(table)).group_by(name).having(sa.func.count() > 1)
    return [f"{table}.{column} {value!r} {count} times" for value, count in op.get_bind().execute(query)]
