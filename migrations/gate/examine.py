"""Ask the server what each statement of a migration would do to the live tables, before any is run."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from database import connect, create_database_engine
from errors import FlowliteError
from gate.clones import clones, live_tables
from gate.findings import BLOCKS, FAILS, Finding
from gate.judge import Judge
from gate.recording import Plan
from gate.settings import Settings
from sql_text import changes_schema, names


def examine(plans: list[Plan], settings: Settings, done: int = 0) -> list[Finding]:
    """All findings in the order of the statements; `done` schema changes of the first plan are in the database.

    The database is the one that the environment names. Changes nothing, apart from clones that are removed again.
    Expects that the caller holds the migration lock.
    """
    engine = create_database_engine()
    with connect(engine).execution_options(isolation_level="AUTOCOMMIT") as connection:
        return list(_examine(connection, plans, settings, done))


def refuse(findings: list[Finding], settings: Settings) -> list[Finding]:
    """Raise FlowliteError for findings that stand; returns those that the operator has waived."""
    # What fails would fail with a waiver too.
    waived = [found for found in findings if found.kind != FAILS and found.revision in settings.waived]
    if standing := [found for found in findings if found not in waived]:
        listed = "".join(f"\n  - {found}" for found in standing)
        raise FlowliteError(f"the migration was not begun, and nothing was changed:{listed}")
    return waived


def _examine(connection: Connection, plans: list[Plan], settings: Settings, done: int) -> Iterator[Finding]:
    cursor = connection.connection.cursor()
    live = live_tables(cursor)
    named = {name for plan in plans for statement in plan.statements for name in names(statement)}
    yield from (Finding(plan.revision, "", FAILS, plan.refused, "as it says") for plan in plans if plan.refused)
    for plan in plans:
        if plan.unreadable and live:
            what = f"what it does cannot be told before it is run: {plan.unreadable}"
            yield Finding(plan.revision, "", BLOCKS, what)
    if not named & set(live):
        return
    with clones(connection, live) as cursor:
        judge = Judge(connection, cursor, live, settings)
        for number, plan in enumerate(plans):
            for statement in _remaining(plan.statements, 0 if number else done):
                yield from judge.findings(plan, statement)


def _remaining(statements: list[str], done: int) -> list[str]:
    """What follows the schema changes that were done."""
    for place, statement in enumerate(statements):
        if done == 0:
            return statements[place:]
        done -= changes_schema(statement)
    return statements if done == 0 and not statements else []
