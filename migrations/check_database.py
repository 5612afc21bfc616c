"""Check the database without changing it: connection, revision, tables, schema, reference data.

Useful before the schema exists too: it then lists what is missing. The database is named by DATABASE_URL or
DATABASE_URL_FILE. Exit code 0 if all is well, 1 if there is a problem.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.exc import DBAPIError

from console import parser, result, run, say
from database import connect, create_database_engine, server_version
from database_url import where
from errors import FlowliteError, server_message
from generate_transactions import arguments_of, told
from models import Base
from revisions import current, head, pending
from schema_differences import schema_differences
from seed.plan import Planner
from seed.volume.inventory import take_inventory

MIGRATE = "run playbooks/migrate.yml (by hand: init_database.py or `alembic upgrade head`)"
SEED = "run playbooks/seed.yml (by hand: seed_database.py)"
REPAIR = "somebody changed the schema by hand: change it back, or write a new revision"


@dataclass
class Report:
    """What was found; its fields are the keys of the machine's line."""

    ok: bool = False
    server: str | None = None
    revision: str | None = None
    head: str | None = None
    pending: list[dict[str, str]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    # None while the schema is not at the newest revision: the seed cannot be compared with it.
    seed_pending: dict[str, int] | None = None
    # What there is of the generated transactions that were asked for.
    generated: dict[str, Any] | None = None
    # Rows by table; None where they were not counted.
    tables: dict[str, int | None] = field(default_factory=dict)

    def problem(self, what: str, remedy: str) -> None:
        """Add a problem and say it."""
        self.problems.append({"what": what, "remedy": remedy})
        say(f"✗ {what}: {remedy}")


def check_database(*, demo_data: bool, verbose: bool, transactions: int = 0, random_seed: int = 0) -> Report:
    """Check everything, print a line for each check and return the report; reads only.

    Where generated transactions are wanted, those of the random seed are counted.
    """
    report = Report()
    try:
        engine = create_database_engine()
        connection = connect(engine)
    except FlowliteError as error:
        report.problem("no usable connection", str(error))
        return report
    with connection:
        report.server = server_version(connection)
        say(f"✓ Connected to {where(engine.url)}" + (f": {report.server}" if verbose else ""))
        try:
            _check_revision(connection, report)
            _check_tables(connection, report, verbose)
            if report.revision == report.head:
                _check_schema(connection, report)
                _check_seed(connection, report, demo_data)
                if transactions:
                    _count_generated(connection, report, transactions, random_seed)
        except FlowliteError as error:
            report.problem("the revision cannot be compared", str(error))
        except DBAPIError as error:
            # A column that is gone, a privilege that is missing: the schema's differences above say more.
            report.problem(f"the rows cannot be read: {server_message(error)}", REPAIR)
    report.ok = not report.problems
    return report


def _check_revision(connection: Connection, report: Report) -> None:
    report.head = head()
    report.revision = current(connection)
    report.pending = [{"revision": script.revision, "message": script.doc} for script in pending(report.revision)]
    if report.pending:
        newer = ", ".join(f"{item['revision']} {item['message']}" for item in report.pending)
        report.problem(f"the schema is at revision {report.revision or 'none'}, not yet run: {newer}", MIGRATE)
    else:
        say(f"✓ Revision {report.revision} (head)")


def _check_tables(connection: Connection, report: Report, verbose: bool) -> None:
    found = set(inspect(connection).get_table_names())
    ours = Base.metadata.tables
    for name in sorted(found & ours.keys()):
        report.tables[name] = connection.scalar(select(func.count()).select_from(ours[name])) if verbose else None
    if missing := sorted(ours.keys() - found):
        small = {name.lower() for name in missing} & found
        hint = "; the server folds names to lower case: set lower_case_table_names=0 on a new data directory"
        report.problem(f"tables missing: {', '.join(missing)}", MIGRATE + (hint if small else ""))
    else:
        say(f"✓ Tables: {', '.join(report.tables)}")
    if verbose and report.tables:
        say("✓ Rows: " + ", ".join(f"{name} {rows}" for name, rows in report.tables.items()))


def _check_schema(connection: Connection, report: Report) -> None:
    differences = schema_differences(connection)
    for difference in differences:
        report.problem(difference, REPAIR)
    if not differences:
        say("✓ Schema: as models.py and the golden file describe it")


def _check_seed(connection: Connection, report: Report, demo_data: bool) -> None:
    if any(name not in report.tables for name in Base.metadata.tables):
        return
    reference = Planner(connection, clean=False).run(demo_data=False)
    if reference.changed():
        tables = ", ".join(change.table.name for change in reference.changes if change.inserts or change.updates)
        report.problem(f"reference data missing or edited in {tables}", SEED)
    else:
        say("✓ Reference data complete")
    plan = Planner(connection, clean=False).run(demo_data=True) if demo_data else reference
    counts = plan.counts()
    report.seed_pending = {kind: sum(counts[kind].values()) for kind in ("inserted", "updated")}


def _count_generated(connection: Connection, report: Report, transactions: int, random_seed: int) -> None:
    found = take_inventory(connection, random_seed, transactions)
    text = told(found, transactions, random_seed)
    report.generated = {"there": found.there, "missing": found.missing, "told": text}
    say(text)


def _arguments() -> argparse.Namespace:
    made = arguments_of(parser(__doc__))
    made.add_argument("--verbose", action="store_true", help="also the server's version and the rows of each table")
    made.add_argument("--no-demo-data", action="store_true", help="what the seed would do without the demonstration")
    return made.parse_args()


def main() -> int:
    """The command line."""
    arguments = _arguments()
    report = check_database(
        demo_data=not arguments.no_demo_data,
        verbose=arguments.verbose,
        transactions=arguments.transactions,
        random_seed=arguments.random_seed,
    )
    values: dict[str, Any] = vars(report)
    result(arguments, values)
    return 0 if report.ok else 1


if __name__ == "__main__":
    raise SystemExit(run(main))
