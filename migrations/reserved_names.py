"""Tables of these scripts' own; they exist only while a run is under way, or until the next one after a kill."""

from __future__ import annotations

VERSION_TABLE = "alembic_version"
JOURNAL_TABLE = "flowlite_migration_journal"
CLONE_PREFIX = "flowlite_gate_"


def is_reserved(table: str) -> bool:
    """Whether the table is none of the application's."""
    return table == JOURNAL_TABLE or table.startswith(CLONE_PREFIX)
