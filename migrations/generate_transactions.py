"""Add any number of generated transactions, with their users and batches, to try the services at volume.

The same random seed gives the same rows. Rows that are there are kept: a run that was killed is completed by repeating
it, a greater number adds what is missing, a smaller one deletes nothing. The database is named by DATABASE_URL or
DATABASE_URL_FILE; it must be migrated and have the reference data.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from console import parser, result, run, say
from database import connect, create_database_engine
from database_url import where
from migration_lock import migration_lock
from seed.readiness import require_head
from seed.volume.inventory import Inventory, reference_ids, take_inventory
from seed.volume.keys import BLOCK_BITS, SEED_BITS
from seed.volume.load import METHOD, Loader
from seed.volume.people import BLOCK_ROWS
from seed.volume.progress import Progress

RANDOM_SEED = 42


def generate_transactions(
    engine: Engine, transactions: int, random_seed: int = RANDOM_SEED, *, dry_run: bool = False
) -> dict[str, Any]:
    """Bring so many generated transactions into the database and say what was done; `dry_run` only reads.

    Returns {"wanted": rows, "there": rows before, "inserted": rows, "changed"}. Raises FlowliteError before anything
    is written unless the schema is at the newest revision and the reference data are there.
    """
    # No migration may start meanwhile, and no second run may insert the same rows.
    with connect(engine) as connection, migration_lock(connection):
        require_head(connection)
        ids = reference_ids(connection)
        found = take_inventory(connection, random_seed, transactions)
        connection.commit()
        say(told(found, transactions, random_seed))
        if found.missing and not dry_run:
            _load(Loader(engine, random_seed, ids), found, where(engine.url))
    inserted = 0 if dry_run else found.missing
    return {"wanted": transactions, "there": found.there, "inserted": inserted, "changed": inserted > 0}


def told(found: Inventory, transactions: int, random_seed: int) -> str:
    """What there is and what is missing, as a line."""
    there = f"{found.there:,} generated transactions of random seed {random_seed} are there"
    if found.missing:
        return f"✓ {there}, {found.missing:,} of {transactions:,} are missing"
    if found.there > transactions:
        clean = "-e seed_clean=true (by hand: seed_database.py --clean)"
        return f"✓ {there}, more than {transactions:,}: none is deleted, nothing to change; {clean} empties all tables"
    return f"✓ {there}, nothing to change"


def _load(loader: Loader, found: Inventory, database: str) -> None:
    say(f"Loading {found.missing:,} into {database} by {METHOD}, {BLOCK_ROWS:,} a commit")
    progress = Progress(found.missing)
    try:
        loader.load(found.todo, progress.advance)
    finally:
        progress.finish()
    say(f"✓ {found.missing:,} loaded by {METHOD}, in {progress.seconds:.1f} s: {progress.rate:,.0f} rows/s")


def arguments_of(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add the options of this step."""
    most = (1 << BLOCK_BITS) * BLOCK_ROWS
    made.add_argument("--transactions", type=_up_to(most), default=0, help="generate so many, default none")
    made.add_argument("--random-seed", type=_up_to((1 << SEED_BITS) - 1), default=RANDOM_SEED, help="default 42")
    return made


def _up_to(most: int) -> Callable[[str], int]:
    def whole_number(text: str) -> int:
        if not 0 <= (number := int(text)) <= most:
            raise argparse.ArgumentTypeError(f"{text} is not between 0 and {most}")
        return number

    return whole_number


def main() -> int:
    """The command line."""
    made = arguments_of(parser(__doc__))
    made.add_argument("--dry-run", action="store_true", help="say what is missing, write nothing")
    arguments = made.parse_args()
    engine = create_database_engine()
    done = generate_transactions(engine, arguments.transactions, arguments.random_seed, dry_run=arguments.dry_run)
    result(arguments, done)
    return 0


if __name__ == "__main__":
    raise SystemExit(run(main))
