"""What seeding would change, found by reading only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from models import Base
from seed.demo_rows import dependent_rows, user_rows
from seed.reference_rows import COLUMNS, reference_rows

Row = dict[str, Any]
USER_COLUMNS = ("id_user", "email")


@dataclass
class TableChange:
    """The rows to insert, and for each row to mend its id and the columns that differ."""

    table: sa.Table
    inserts: list[Row] = field(default_factory=list)
    updates: list[tuple[str, Row]] = field(default_factory=list)


@dataclass
class Plan:
    """Rows to delete by table, then the changes in the order of the foreign keys."""

    deletes: dict[str, int] = field(default_factory=dict)
    changes: list[TableChange] = field(default_factory=list)

    def counts(self) -> dict[str, dict[str, int]]:
        """{"inserted": {table: rows}, "updated": {...}, "deleted": {...}}, without tables that stay as they are."""
        inserted = {change.table.name: len(change.inserts) for change in self.changes if change.inserts}
        updated = {change.table.name: len(change.updates) for change in self.changes if change.updates}
        return {"inserted": inserted, "updated": updated, "deleted": self.deletes}

    def changed(self) -> bool:
        """Whether anything would change."""
        return any(self.counts().values())


class Planner:
    """Compares the seed's rows with those of the database."""

    def __init__(self, connection: Connection, clean: bool) -> None:
        """`clean` plans to empty the tables and takes them as empty."""
        self._connection = connection
        self._clean = clean
        self._ids: dict[tuple[str, str], str] = {}
        self.plan = Plan()

    def run(self, demo_data: bool) -> Plan:
        """The plan for the reference rows and, if wanted, the demonstration's."""
        if self._clean:
            counts = {table.name: self._count(table) for table in reversed(Base.metadata.sorted_tables)}
            self.plan.deletes = {table: rows for table, rows in counts.items() if rows}
        for table, rows in reference_rows().items():
            self._named(table, rows, *COLUMNS[table])
        if demo_data:
            self._named("User", user_rows(), *USER_COLUMNS)
            for table, rows in dependent_rows(self._ids).items():
                self._identified(table, rows)
        return self.plan

    def _named(self, table_name: str, rows: list[Row], key: str, name: str) -> None:
        """Rows that are known by their natural name: one that exists under another id keeps it."""
        change = self._change(table_name)
        for row in rows:
            found = None if self._clean else self._by_name(change.table, row, key, name)
            self._ids[table_name, row[name]] = found[key] if found else row[key]
            self._compare(change, row, found, key)

    def _by_name(self, table: sa.Table, row: Row, key: str, name: str) -> Row | None:
        """The row of that name; failing that, the row with the seed's id, whose name was edited."""
        # The server compares the names: its collation decides which ones its unique index takes for the same.
        same_name = (table.c[name] == row[name]).label("same_name")
        query = sa.select(table, same_name).where(sa.or_(same_name.element, table.c[key] == row[key]))
        rows = [dict(found) for found in self._connection.execute(query).mappings()]
        rows.sort(key=lambda found: (found["same_name"], found[key] == row[key]))
        return rows[-1] if rows else None

    def _identified(self, table_name: str, rows: list[Row]) -> None:
        """Rows that are known by their id alone."""
        change = self._change(table_name)
        (key,) = change.table.primary_key.columns.keys()
        found: dict[str, Row] = {}
        if not self._clean:
            query = sa.select(change.table).where(change.table.c[key].in_([row[key] for row in rows]))
            found = {row[key]: dict(row) for row in self._connection.execute(query).mappings()}
        for row in rows:
            self._compare(change, row, found.get(row[key]), key)

    def _compare(self, change: TableChange, row: Row, found: Row | None, key: str) -> None:
        if found is None:
            change.inserts.append(row)
        elif different := {name: row[name] for name in row if name != key and row[name] != found[name]}:
            change.updates.append((found[key], different))

    def _change(self, table: str) -> TableChange:
        change = TableChange(Base.metadata.tables[table])
        self.plan.changes.append(change)
        return change

    def _count(self, table: sa.Table) -> int:
        return self._connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
