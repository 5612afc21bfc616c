"""Bring the schema to a revision: wait for the database, migrate, show what is there.

The database is named by DATABASE_URL or DATABASE_URL_FILE. Exit code 0 if the schema is at the wanted revision.
"""

from __future__ import annotations

import argparse
from typing import Any

from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine, inspect

from console import log_to_stdout, parser, result, run, say
from database import connect, create_database_engine, server_version
from database_url import where
from errors import FlowliteError
from gate.settings import Settings, settings_of
from gate.settings import arguments_of as gate_arguments_of
from revisions import alembic_config, current, head, is_downgrade


def init_database(
    engine: Engine,
    revision: str = "head",
    wait_seconds: float = 0,
    *,
    allow_data_loss: bool = False,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Migrate to the revision (head, base, -1, +1 or a number) and print connection, migrations, tables, revision.

    Returns {"revision_before", "revision", "applied": [revisions, in the order run, also those taken back],
    "changed"}; None stands for the revision of an empty database. Raises FlowliteError, before anything is changed also
    where going back would destroy rows and `allow_data_loss` is not given, and where the gate refuses a statement.
    """
    with connect(engine, wait_seconds) as connection:
        say(f"✓ Connected to {where(engine.url)}: {server_version(connection)}")
        before = current(connection)
    attributes = {"allow_data_loss": allow_data_loss, "gate": settings or Settings()}
    applied = _migrate(revision, is_downgrade(revision, before), attributes)
    say(f"✓ Migrations run: {', '.join(applied)}" if applied else "✓ No migration to run")
    with connect(engine) as connection:
        after = current(connection)
        tables = sorted(inspect(connection).get_table_names())
    say(f"✓ Tables ({len(tables)}): {', '.join(tables)}")
    say(f"✓ Revision: {after or 'none'}{' (head)' if after == head() else ''}")
    return {"revision_before": before, "revision": after, "applied": applied, "changed": bool(applied)}


def _migrate(revision: str, down: bool, attributes: dict[str, Any]) -> list[str]:
    applied: list[str] = []
    config = alembic_config()
    config.attributes.update(attributes)
    config.attributes["on_version_apply"] = (lambda step, **_: applied.append(step.up_revision_id),)
    try:
        (command.downgrade if down else command.upgrade)(config, revision)
    except CommandError as error:
        done = f" Done before that: {', '.join(applied)}." if applied else ""
        raise FlowliteError(f"the migration to {revision} failed: {error}.{done}") from error
    return applied


def arguments_of(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add the options of this step."""
    made.add_argument("--wait", type=float, default=60, metavar="SECONDS", help="for the database (default: 60)")
    return gate_arguments_of(made)


def main() -> int:
    """The command line."""
    made = arguments_of(parser(__doc__))
    made.add_argument("--revision", default="head", help="head, base, -1, +1 or a revision (default: head)")
    made.add_argument("--allow-data-loss", action="store_true", help="go back although rows would be destroyed")
    arguments = made.parse_args()
    log_to_stdout()
    engine = create_database_engine()
    options = {"allow_data_loss": arguments.allow_data_loss, "settings": settings_of(arguments)}
    result(arguments, init_database(engine, arguments.revision, arguments.wait, **options))
    return 0


if __name__ == "__main__":
    raise SystemExit(run(main))
