"""Where a database at the newest revision differs from models.py and from the golden file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from golden import golden_differences
from models import Base


def schema_differences(connection: Connection) -> list[str]:
    """One line a difference, empty if there is none; tables that are not ours are left alone."""
    return [*_from_models(connection), *golden_differences(connection)]


def _from_models(connection: Connection) -> Iterator[str]:
    options = {"include_name": _is_ours}
    context = MigrationContext.configure(connection, opts=options)
    for difference in compare_metadata(context, Base.metadata):
        # A changed column comes as a list of its changes, everything else as one tuple.
        for change in difference if isinstance(difference, list) else [difference]:
            kind, *details = change
            words = [name for name in map(_named, details) if name]
            yield f"models.py would {kind.replace('_', ' ')} {' '.join(words)}"


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or name in Base.metadata.tables


def _named(detail: Any) -> str:
    table = getattr(getattr(detail, "table", None), "name", None)
    name = getattr(detail, "name", None)
    if isinstance(detail, dict | None):
        return ""
    return str(f"{table}.{name}" if table and name else name or detail)
