"""Migrate to the newest revision, seed, generate if asked, and check: what the container flowlite-db-init runs once.

The database is named by DATABASE_URL or DATABASE_URL_FILE. Running it again changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict

import generate_transactions as volume
import init_database as init
import seed_database as seed
from check_database import check_database
from console import log_to_stdout, parser, result, run
from database import create_database_engine
from gate.settings import settings_of


def main() -> int:
    """The command line; its result holds those of the steps as "migrations", "seed" and "check", and "changed"."""
    arguments = volume.arguments_of(seed.arguments_of(init.arguments_of(parser(__doc__)))).parse_args()
    log_to_stdout()
    engine = create_database_engine()
    migrations = init.init_database(engine, wait_seconds=arguments.wait, settings=settings_of(arguments))
    rows = seed.seed_database(engine, demo_data=not arguments.no_demo_data, clean=arguments.clean)
    made = {"changed": False}
    if arguments.transactions:
        made = volume.generate_transactions(engine, arguments.transactions, arguments.random_seed)
    changed = migrations["changed"] or rows["changed"] or made["changed"]
    check = check_database(demo_data=not arguments.no_demo_data, verbose=False)
    result(
        arguments, {"migrations": migrations, "seed": rows, "volume": made, "check": asdict(check), "changed": changed}
    )
    return 0 if check.ok else 1


if __name__ == "__main__":
    raise SystemExit(run(main))
