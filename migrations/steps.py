"""The steps of a run: what was asked for, and before it what a killed run has left half done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationStep, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from errors import FlowliteError
from journal import Journal

# What an Alembic command asks for: from the revisions that the database is at, the steps.
Asked = Callable[[Any, MigrationContext], Any]


def planned(
    asked: Asked, heads: Sequence[str], context: MigrationContext, journal: Journal, scripts: ScriptDirectory
) -> list[MigrationStep]:
    """The steps asked for; where another one is half done it comes first, and the others follow from there."""
    wanted: list[MigrationStep] = list(asked(heads, context))
    if not journal.entries or (wanted and journal.is_half_done(wanted[0])):
        return wanted
    first = _half_done(journal, scripts)
    return [first, *asked(first.to_revisions, context)]


def journaled(steps: list[MigrationStep], connection: Connection, journal: Journal) -> Iterator[MigrationStep]:
    """The steps, each begun in the journal when Alembic is about to run it."""
    for step in steps:
        journal.begin(connection, step)
        yield step
    journal.close(connection)


def _half_done(journal: Journal, scripts: ScriptDirectory) -> RevisionStep:
    entry = journal.entries[0]
    script = next((script for script in scripts.walk_revisions() if script.revision == entry.revision), None)
    if script is None:
        raise FlowliteError(
            f"revision {entry.revision} is half done, and this copy does not know it: use the copy of migrations/ "
            "that began it, or a newer one."
        )
    return RevisionStep(scripts.revision_map, script, bool(entry.upgrade))
