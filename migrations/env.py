"""What Alembic runs for every command that needs the database."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from logging.config import fileConfig

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from collations import flavor
from database import connect, create_database_engine
from errors import FlowliteError, server_message
from migration_lock import migration_lock
from models import Base


def _number_revision(
    _migration: MigrationContext, _revision: str | Iterable[str | None] | Iterable[str], scripts: list[MigrationScript]
) -> None:
    """Give a new revision the next number instead of a random id, unless --rev-id named one."""
    if getattr(context.config.cmd_opts, "rev_id", None):
        return
    known = ScriptDirectory.from_config(context.config).walk_revisions()
    numbers = [int(script.revision) for script in known if script.revision.isdigit()]
    scripts[0].rev_id = f"{max(numbers, default=0) + 1:03d}"


def _migrate() -> None:
    engine = create_database_engine()
    with connect(engine) as connection:
        if context.is_offline_mode():
            # The SQL differs by the server's flavor; nothing else is read from it.
            context.configure(
                dialect_name=flavor(connection.dialect), target_metadata=Base.metadata, literal_binds=True
            )
            context.run_migrations()
            return
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            process_revision_directives=_number_revision,
            on_version_apply=context.config.attributes.get("on_version_apply", ()),
        )
        if context.get_context().opts.get("dont_mutate"):
            # `alembic current` only reads; it answers while another run migrates.
            context.run_migrations()
            return
        with migration_lock(connection), context.begin_transaction():
            context.run_migrations()


# The scripts beside this file have set up their own logging.
if context.config.config_file_name and not logging.getLogger().handlers:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)
try:
    _migrate()
except FlowliteError as error:
    # Alembic prints a CommandError as one line, anything else as a traceback.
    raise CommandError(str(error)) from None
except DBAPIError as error:
    statement = " ".join((error.statement or "").split())
    raise CommandError(f"the server refused `{statement[:300]}`: {server_message(error)}") from None
