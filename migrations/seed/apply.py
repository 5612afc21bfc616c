"""Writes a plan to the database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from models import Base
from seed.plan import Plan


def apply(connection: Connection, plan: Plan) -> None:
    """Delete, insert and update as planned, in the connection's transaction; sets the counts of rows deleted."""
    if plan.deletes:
        # Not TRUNCATE: it would commit, and a failure after it would leave the tables empty.
        tables = reversed(Base.metadata.sorted_tables)
        deleted = {table.name: connection.execute(sa.delete(table)).rowcount for table in tables}
        plan.deletes = {table: rows for table, rows in deleted.items() if rows}
    for change in plan.changes:
        if change.inserts:
            connection.execute(sa.insert(change.table), change.inserts)
        (key,) = change.table.primary_key.columns
        for row_id, columns in change.updates:
            connection.execute(sa.update(change.table).where(key == row_id).values(**columns))
