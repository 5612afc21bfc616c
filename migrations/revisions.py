"""Which revisions there are, which one a database is at, and the way between them."""

from __future__ import annotations

import functools
from pathlib import Path

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, inspect, text

from errors import FlowliteError


def alembic_config() -> Config:
    """The configuration beside this file, whatever the working directory is."""
    return Config(str(Path(__file__).with_name("alembic.ini")))


@functools.cache
def scripts() -> ScriptDirectory:
    """The revisions of this copy."""
    return ScriptDirectory.from_config(alembic_config())


def head() -> str:
    """The newest revision; raises FlowliteError if two revisions follow the same one."""
    heads = scripts().get_heads()
    if len(heads) != 1:
        raise FlowliteError(f"versions/ has several newest revisions ({', '.join(heads)}): set down_revision of one.")
    return heads[0]


def current(connection: Connection) -> str | None:
    """The database's revision, None before the first; reads only.

    Raises FlowliteError if this copy does not know the revision.
    """
    # Not by Alembic's MigrationContext: it would announce itself in the log as if it migrated.
    revision: str | None = None
    if inspect(connection).has_table("alembic_version"):
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    # Reading has begun a transaction, which would keep others from altering the table.
    connection.rollback()
    if revision and revision not in _names():
        raise FlowliteError(
            f"the database is at revision {revision}, which this copy does not know (it knows "
            f"{', '.join(_names())}): use the copy of migrations/ that made it, or a newer one."
        )
    return revision


def pending(revision: str | None) -> list[Script]:
    """The revisions from the given one (None: from the first) to the newest, in their order."""
    newer = list(scripts().iterate_revisions("head", revision or "base"))
    return list(reversed(newer))


def is_downgrade(target: str, revision: str | None) -> bool:
    """Whether `target` (a revision, head, base, -1, +1) lies before the revision; FlowliteError if unknown."""
    if target == "base" or target.startswith("-"):
        return True
    if target in {"head", "heads"} or target.startswith("+"):
        return False
    if target not in _names():
        raise FlowliteError(f"there is no revision {target}; known are base, {', '.join(_names())}, head, -1 and +1.")
    names = _names()
    return revision is not None and names.index(target) < names.index(revision)


def _names() -> list[str]:
    return [script.revision for script in reversed(list(scripts().walk_revisions()))]
