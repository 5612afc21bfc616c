"""The schema that a database at the newest revision must have, one file for each flavor of server.

`alembic check` sees neither collations nor checks. Run this file after a new revision, with DATABASE_URL naming a
database at the newest revision, to write the flavor's file again; read the difference before you commit it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from collations import flavor
from console import run
from database import connect, create_database_engine
from information_schema import Schema, read_schema
from models import Base

DIRECTORY = Path(__file__).with_name("golden")


def golden_file(connection: Connection) -> Path:
    """The file for the flavor of the connection's server."""
    return DIRECTORY / f"{flavor(connection.dialect)}.json"


def golden_differences(connection: Connection) -> list[str]:
    """Where the database differs from the golden file, one line a difference.

    Tables that are not ours are left alone. Raises OSError where the golden file is missing.
    """
    expected = json.loads(golden_file(connection).read_text(encoding="utf-8"))
    return list(_differences(expected, current_schema(connection), ""))


def current_schema(connection: Connection) -> Schema:
    """Our tables as the database has them."""
    return read_schema(connection, Base.metadata.tables.keys())


def _differences(expected: Any, found: Any, path: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in [*expected, *(name for name in found if name not in expected)]:
            yield from _differences(expected.get(name), found.get(name), f"{path}.{name}" if path else name)
    elif expected != found:
        yield f"{path}: {_short(found)}, wanted {_short(expected)}"


def _short(value: Any) -> str:
    return "missing" if value is None else json.dumps(value, ensure_ascii=False)


def _write() -> int:
    with connect(create_database_engine()) as connection:
        path = golden_file(connection)
        schema = json.dumps(current_schema(connection), indent=2, ensure_ascii=False)
        path.write_text(schema + "\n", encoding="utf-8")
    print(f"✓ {path.name} written")
    return 0


if __name__ == "__main__":
    raise SystemExit(run(_write))
