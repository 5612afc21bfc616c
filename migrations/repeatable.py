"""Schema changes that a repeated run may find done already.

The server commits each schema change by itself. A run that was killed leaves a revision half done, and the next run
starts the revision again: each step therefore looks first. With `--sql` there is no database to look at, and every
statement is written.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from errors import FlowliteError


def table_exists(table: str) -> bool:
    """Whether the table is there; the name is case-sensitive."""
    return sa.inspect(op.get_bind()).has_table(table)


def index_exists(table: str, index: str) -> bool:
    """Whether the table has an index or unique constraint of that name."""
    return any(found["name"] == index for found in sa.inspect(op.get_bind()).get_indexes(table))


def create_table(table: str, *items: SchemaItem) -> None:
    """Create the table with all its keys and checks, one atomic statement, unless it is there."""
    if _only_writes_sql() or not table_exists(table):
        op.create_table(table, *items)


def drop_table(table: str) -> None:
    """Drop the table if it is there."""
    if _only_writes_sql() or table_exists(table):
        op.drop_table(table)


def alter_table(table: str, change: str, *, unless_index: str) -> None:
    """Run ALTER TABLE `table` `change`, which creates the index `unless_index` and is one atomic statement."""
    if _only_writes_sql() or not index_exists(table, unless_index):
        op.execute(f"ALTER TABLE `{table}` {change}")


def drop_unique(table: str, name: str) -> None:
    """Drop the unique constraint if it is there."""
    if _only_writes_sql() or index_exists(table, name):
        op.drop_constraint(name, table, type_="unique")


def create_unique_names(columns: dict[str, str]) -> None:
    """Make one name column of each table unique; the constraint is called uq_<table>_<column>, in lower case.

    `columns` maps table to column. Raises FlowliteError before anything is changed, listing every duplicate of every
    table, where names occur twice.
    """
    pending = {
        table: column
        for table, column in columns.items()
        if _only_writes_sql() or not index_exists(table, unique_name(table, column))
    }
    if not _only_writes_sql() and (duplicates := [text for item in pending.items() for text in _duplicates(*item)]):
        raise FlowliteError(
            "names that must become unique occur more than once: "
            + "; ".join(duplicates)
            + ". Rename or merge these rows, then start again; nothing of this revision was changed."
        )
    for table, column in pending.items():
        op.create_unique_constraint(unique_name(table, column), table, [column])


def unique_name(table: str, column: str) -> str:
    """The name of a table's unique constraint on one column."""
    return f"uq_{table}_{column}".lower()


def _duplicates(table: str, column: str) -> list[str]:
    name: sa.ColumnClause[str] = sa.column(column)
    query = sa.select(name, sa.func.count()).select_from(sa.table(table)).group_by(name).having(sa.func.count() > 1)
    return [f"{table}.{column} {value!r} {count} times" for value, count in op.get_bind().execute(query)]


def _only_writes_sql() -> bool:
    return op.get_context().as_sql
