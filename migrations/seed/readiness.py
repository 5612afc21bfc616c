"""What must hold before rows are written."""

from __future__ import annotations

from sqlalchemy import Connection

from errors import FlowliteError
from revisions import current, head


def require_head(connection: Connection) -> None:
    """Raise FlowliteError unless the schema is at the newest revision, which the seed's rows are made for."""
    revision = current(connection)
    if revision != head():
        raise FlowliteError(
            f"the schema is at revision {revision or 'none'}, the seed needs {head()}: run init_database.py first "
            "(or `alembic upgrade head`). Nothing was written."
        )
