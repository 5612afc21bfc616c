"""The statements of revisions, without running them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep, RevisionStep
from sqlalchemy.exc import DBAPIError

from collations import flavor
from console import quiet_alembic
from database import create_database_engine
from errors import FlowliteError, server_message
from interception import intercept
from sql_text import changes_data, changes_schema, significant


@dataclass
class Plan:
    """One revision's step up or down."""

    revision: str
    message: str
    upgrade: bool
    statements: list[str] = field(default_factory=list)
    # Why the revision refuses or cannot be read; the statements up to there are recorded.
    refused: str | None = None
    unreadable: str | None = None


def record(steps: Iterable[MigrationStep]) -> list[Plan]:
    """What each step would run on the database that the environment names; reads only.

    A revision is run with its changes held back, so that what it reads is what is there. One that reads what an
    earlier revision has yet to make is written as SQL instead, as `alembic upgrade --sql` does.
    """
    return [_record(step) for step in steps if isinstance(step, RevisionStep)]


def _record(step: RevisionStep) -> Plan:
    plan = Plan(step.revision.revision, step.doc or "", step.is_upgrade)
    try:
        plan.statements = _held_back(step, plan)
    except FlowliteError as error:
        plan.refused = str(error)
    except DBAPIError as reading:
        try:
            plan.statements = _as_sql(step)
        except Exception as writing:
            # A revision is anybody's code: whatever it raises, it cannot be judged.
            plan.unreadable = f"{server_message(reading)}; as SQL: {writing!r}"
    return plan


def _held_back(step: RevisionStep, plan: Plan) -> list[str]:
    found = plan.statements

    def hold(_cursor: Any, statement: str) -> bool:
        changes = changes_schema(statement) or changes_data(statement)
        if changes or _sets(statement):
            found.append(statement.strip())
        return changes

    engine = create_database_engine()
    intercept(engine, hold)
    with engine.connect() as connection:
        _run(step, connection=connection)
    return found


def _as_sql(step: RevisionStep) -> list[str]:
    written = io.StringIO()
    engine = create_database_engine()
    with engine.connect() as connection:
        name = flavor(connection.dialect)
    options = {"as_sql": True, "output_buffer": written, "literal_binds": True}
    _run(step, dialect_name=name, opts=options)
    return split(written.getvalue())


def _run(step: RevisionStep, **context: Any) -> None:
    with quiet_alembic(), Operations.context(MigrationContext.configure(**context)):
        step.migration_fn()


def split(script: str) -> list[str]:
    """The statements of a script that Alembic wrote: each ends with a semicolon and an empty line."""
    return [part.strip() for part in script.split(";\n\n") if significant(part)]


def _sets(statement: str) -> bool:
    words = significant(statement)
    return bool(words) and words[0].keyword == "SET"
