"""Show what a migration would do, and change nothing: the pending revisions and their SQL.

The database is named by DATABASE_URL or DATABASE_URL_FILE. Exit code 0 if the migration would be begun, 1 if refused.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from console import parser, quiet_alembic, result, run, say
from database import connect, create_database_engine
from database_url import where
from errors import FlowliteError
from gate.data_loss import lost_by, refuse_data_loss
from gate.examine import examine, refuse
from gate.recording import Plan, record
from gate.settings import arguments_of, settings_of
from journal import Journal
from migration_lock import migration_lock
from revisions import current, is_downgrade, scripts
from steps import planned


def plan_migration(connection: Connection, revision: str, journal: Journal) -> list[Plan]:
    """What a run to the revision (head, base, -1, +1 or a number) would do, in its order; reads only."""
    before = current(connection)
    down = is_downgrade(revision, before)

    def asked(heads: Any, _context: object) -> Any:
        return (scripts()._downgrade_revs if down else scripts()._upgrade_revs)(revision, heads)

    journal.read(connection)
    with quiet_alembic():
        context = MigrationContext.configure(connection=connection)
        return record(planned(asked, (before,) if before else (), context, journal, scripts()))


def _show(plans: list[Plan]) -> None:
    for plan in plans:
        say(f"{'Upgrade to' if plan.upgrade else 'Taking back'} {plan.revision} {plan.message}")
        for statement in plan.statements:
            say("    " + statement.rstrip(";").replace("\n", "\n    ") + ";")
        for reason in filter(None, (plan.refused, plan.unreadable)):
            say(f"    ✗ {reason}")


def main() -> int:
    """The command line."""
    made = parser(__doc__)
    made.add_argument("--revision", default="head", help="head, base, -1, +1 or a revision (default: head)")
    made.add_argument("--allow-data-loss", action="store_true", help="as in the run that is planned")
    arguments = arguments_of(made).parse_args()
    engine = create_database_engine()
    # The gate's clones are for one at a time, and no migration may start meanwhile.
    with connect(engine) as connection, migration_lock(connection):
        journal = Journal()
        plans = plan_migration(connection, arguments.revision, journal)
        _show(plans)
        problems = list(_problems(connection, plans, journal, arguments))
    result(arguments, {"plans": [asdict(plan) for plan in plans], "problems": problems})
    for problem in problems:
        say(f"✗ {problem}")
    if not problems:
        say(f"✓ {len(plans)} revisions to run in {where(engine.url)}; nothing was changed")
    return 1 if problems else 0


def _problems(
    connection: Connection, plans: list[Plan], journal: Journal, arguments: argparse.Namespace
) -> Iterator[str]:
    settings = settings_of(arguments)
    done = journal.schema_changes_done(connection)
    lost = lost_by(connection, plans[bool(journal.entries) :])
    try:
        refuse_data_loss([] if arguments.allow_data_loss else lost)
    except FlowliteError as error:
        yield str(error)
    try:
        for found in refuse(examine(plans, settings, done), settings):
            say(f"waived: {found}")
    except FlowliteError as error:
        yield str(error)


if __name__ == "__main__":
    raise SystemExit(run(main))
