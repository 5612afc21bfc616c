"""Which revision brought a table, a column, an index or a constraint: read from the SQL that the revisions write."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script

from revisions import pending

ON_A_TABLE = re.compile(r"\s*(?:CREATE TABLE|ALTER TABLE|CREATE\b.*? INDEX \S+ ON) (`[^`]+`|\w+)", re.DOTALL)


@dataclass(frozen=True)
class History:
    """The statements of each revision, in their order."""

    statements: tuple[tuple[str, str, str], ...]

    def since(self, table: str, name: str | None = None) -> str:
        """The first revision that makes the table, or names its column or key; KeyError if none does."""
        word = re.compile(rf"(?<!\w){re.escape(name or table)}(?!\w)")
        for revision, changed, statement in self.statements:
            if changed == table and word.search(statement):
                return revision
        raise KeyError(f"{table}.{name}" if name else table)


def read_history() -> History:
    """The history of migrations/versions; no server is asked."""
    return History(
        tuple(
            (script.revision, found[1].strip("`"), statement)
            for script in pending(None)
            for statement in _sql(script).split(";\n")
            if (found := ON_A_TABLE.match(statement))
        )
    )


def _sql(script: Script) -> str:
    written = io.StringIO()
    options = {"as_sql": True, "output_buffer": written, "literal_binds": True}
    with Operations.context(MigrationContext.configure(dialect_name="mysql", opts=options)):
        script.module.upgrade()
    return written.getvalue()
