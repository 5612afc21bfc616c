"""How far a revision has come, statement by statement, so that a run that was killed can be repeated.

The server commits each schema change by itself, and with it all changes of rows before it. Before each schema change
the journal notes the statement and what the tables that it names look like. The next run of a revision that is half
done leaves out what the journal holds; whether the last statement noted was done is seen from these tables, since both
servers do a schema change wholly or not at all. Changes of rows after it were rolled back, and are run again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from alembic.runtime.migration import MigrationStep, RevisionStep
from sqlalchemy import Connection, inspect, text

from errors import FlowliteError
from footprint import footprint
from reserved_names import JOURNAL_TABLE, VERSION_TABLE
from sql_text import changes_data, changes_schema, names, one_line

log = logging.getLogger("alembic.runtime.migration")
CREATE = f"""CREATE TABLE IF NOT EXISTS `{JOURNAL_TABLE}` (
    place INT NOT NULL PRIMARY KEY, revision VARCHAR(255) NOT NULL, upgrade BOOL NOT NULL,
    statement LONGTEXT NOT NULL, tables_before LONGTEXT NOT NULL, after_data BOOL NOT NULL
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"""
DROP = f"DROP TABLE IF EXISTS `{JOURNAL_TABLE}`"
INSERT = f"INSERT INTO `{JOURNAL_TABLE}` VALUES (%s, %s, %s, %s, %s, %s)"
UPDATE = f"UPDATE `{JOURNAL_TABLE}` SET statement = %s, tables_before = %s WHERE place = %s"
SELECT = f"SELECT revision, upgrade, statement, tables_before, after_data FROM `{JOURNAL_TABLE}` ORDER BY place"


@dataclass(frozen=True)
class Entry:
    """A schema change that was begun."""

    revision: str
    upgrade: bool
    statement: str
    tables_before: str
    after_data: bool


class Journal:
    """The journal of one run; `decide` is for `intercept`."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.entries: list[Entry] = []
        self._step: RevisionStep | None = None
        self._place = 0
        self._after_data = False
        self._exists = False

    def read(self, connection: Connection) -> None:
        """Read what an earlier run has left."""
        self._exists = inspect(connection).has_table(JOURNAL_TABLE)
        self.entries = [Entry(*row) for row in connection.execute(text(SELECT))] if self._exists else []
        if self._nothing_done(connection):
            self.entries = []
        connection.rollback()

    def forget_if_nothing_done(self, connection: Connection) -> None:
        """Leave no journal of a run that was refused by its first statement."""
        connection.rollback()
        self.read(connection)
        if not self.entries:
            self.close(connection)

    def _nothing_done(self, connection: Connection) -> bool:
        first_only = len(self.entries) == 1 and not self.entries[0].after_data
        return first_only and self.schema_changes_done(connection) == 0

    def schema_changes_done(self, connection: Connection) -> int:
        """How many schema changes of the revision that is half done are in the database."""
        if not self.entries:
            return 0
        last = self.entries[-1]
        cursor = connection.connection.cursor()
        done = footprint(cursor, last.statement) != last.tables_before
        return len(self.entries) - 1 + done

    def begin(self, connection: Connection, step: MigrationStep) -> None:
        """Start with a revision's step; where it is not the one that is half done, the journal is made anew."""
        if not self.is_half_done(step):
            self.entries = []
            connection.execute(text(DROP))
            connection.execute(text(CREATE))
            self._exists = True
        connection.commit()
        self._place, self._after_data = 0, False
        self._step = step if isinstance(step, RevisionStep) else None

    def is_half_done(self, step: object) -> bool:
        """Whether an earlier run has begun this step."""
        first = next(iter(self.entries), None)
        return isinstance(step, RevisionStep) and (
            first is not None and (first.revision, bool(first.upgrade)) == (step.revision.revision, step.is_upgrade)
        )

    def end(self, connection: Connection) -> None:
        """The step is done; committed with the new revision, in the transaction that is open."""
        if self._step is None:
            return
        self._step, self.entries = None, []
        connection.execute(text(f"DELETE FROM `{JOURNAL_TABLE}`"))

    def close(self, connection: Connection) -> None:
        """Drop the table; what is in it belongs to nothing."""
        self._step = None
        if self._exists or inspect(connection).has_table(JOURNAL_TABLE):
            connection.execute(text(DROP))
        connection.commit()

    def decide(self, cursor: Any, statement: str) -> bool:
        """Whether the statement was done by an earlier run; notes it otherwise, if it changes the schema."""
        if self._step is None or names(statement) & {VERSION_TABLE, JOURNAL_TABLE}:
            return False
        if changes_schema(statement):
            self._place += 1
            return self._schema_change(cursor, statement.strip(), self._place)
        if changes_data(statement):
            self._after_data = True
            # A schema change that follows was noted in the same transaction.
            return self._place < len(self.entries)
        return False

    def _schema_change(self, cursor: Any, statement: str, place: int) -> bool:
        assert self._step
        before = footprint(cursor, statement)
        if place > len(self.entries):
            step = self._step
            values = (place, step.revision.revision, step.is_upgrade, statement, before, self._after_data)
            cursor.execute(INSERT, values)
            cursor.execute("COMMIT")
            self.entries.append(Entry(*values[1:]))
            return False
        noted = self.entries[place - 1]
        if place < len(self.entries) or footprint(cursor, noted.statement) != noted.tables_before:
            if noted.statement != statement:
                raise FlowliteError(
                    f"revision {noted.revision} was changed after a run of it had been stopped half way: its schema "
                    f"change {place} was `{one_line(noted.statement)}` and is now `{one_line(statement)}`. Put the "
                    "file back and start again; what you want to change goes into the next revision."
                )
            log.info("Done by an earlier run: %s", one_line(statement))
            return True
        cursor.execute(UPDATE, (statement, before, place))
        cursor.execute("COMMIT")
        return False
