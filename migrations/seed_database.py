"""Fill the database with reference rows and, for development and tests, with a demonstration.

Missing rows are added and edited ones mended; rows of others are left alone, so that a second run changes nothing.
The database is named by DATABASE_URL or DATABASE_URL_FILE. Everything happens in one transaction or not at all.
"""

from __future__ import annotations

import argparse
from typing import Any

from sqlalchemy import Connection, Engine

from console import parser, result, run, say
from database import connect, create_database_engine
from database_url import where
from migration_lock import migration_lock
from seed.apply import apply
from seed.plan import Plan, Planner
from seed.readiness import require_head

KINDS = ("deleted", "inserted", "updated")


def seed_database(
    engine: Engine, *, demo_data: bool = True, clean: bool = False, dry_run: bool = False
) -> dict[str, Any]:
    """Bring the seed's rows into the database and print what was changed.

    `clean` empties all tables first, `dry_run` only reads. Returns {"inserted": {table: rows}, "updated", "deleted",
    "changed"}. Raises FlowliteError before anything is written unless the schema is at the newest revision.
    """
    with connect(engine) as connection:
        if dry_run:
            plan = _plan(connection, demo_data, clean)
        else:
            # No migration may start meanwhile, and no second seed may insert the same rows.
            with migration_lock(connection):
                plan = _plan(connection, demo_data, clean)
                apply(connection, plan)
                connection.commit()
    _print(plan, where(engine.url), dry_run)
    return {**plan.counts(), "changed": plan.changed()}


def _plan(connection: Connection, demo_data: bool, clean: bool) -> Plan:
    require_head(connection)
    return Planner(connection, clean).run(demo_data)


def _print(plan: Plan, database: str, dry_run: bool) -> None:
    counts = plan.counts()
    for table in dict.fromkeys(table for kind in KINDS for table in counts[kind]):
        parts = [f"{counts[kind][table]} {kind}" for kind in KINDS if table in counts[kind]]
        say(f"✓ {table}: {', '.join(parts)}")
    if not plan.changed():
        say(f"✓ Seed data complete in {database}, nothing to change")
    elif dry_run:
        say(f"✓ Dry run: nothing was written to {database}")
    else:
        say(f"✓ Seed data written to {database}")


def arguments_of(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add the options of this step."""
    made.add_argument("--clean", action="store_true", help="empty all tables first, also of rows that users added")
    made.add_argument("--no-demo-data", action="store_true", help="only what every environment needs")
    return made


def main() -> int:
    """The command line."""
    made = arguments_of(parser(__doc__))
    made.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
    arguments = made.parse_args()
    options = {"demo_data": not arguments.no_demo_data, "clean": arguments.clean, "dry_run": arguments.dry_run}
    result(arguments, seed_database(create_database_engine(), **options))
    return 0


if __name__ == "__main__":
    raise SystemExit(run(main))
