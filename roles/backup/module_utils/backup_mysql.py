"""Questions that the modules ask a MySQL server, by its own client."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.backup_pipes import output


def rows(client: list[str], query: str) -> list[list[str]]:
    """Return the rows of a query."""
    text = output([*client, "--batch", "--skip-column-names", "--raw"], query.encode())
    return [line.split("\t") for line in text.splitlines()]


def quoted(name: str) -> str:
    """Return a name as an identifier."""
    return "`" + name.replace("`", "``") + "`"


def content(client: list[str], database: str) -> dict[str, Any]:
    """Return rows and checksum of every table, and the revision of the schema."""
    listed = rows(
        client,
        "SELECT table_name FROM information_schema.tables "
        f"WHERE table_schema = '{database}' AND table_type = 'BASE TABLE' ORDER BY 1",
    )
    names = [row[0] for row in listed]
    tables = {}
    for name in names:
        table = f"{quoted(database)}.{quoted(name)}"
        ((count,), (_, checksum)) = rows(client, f"SELECT COUNT(*) FROM {table}; CHECKSUM TABLE {table}")
        tables[name] = {"rows": int(count), "checksum": int(checksum)}
    revision = None
    if "alembic_version" in tables:
        found = rows(client, f"SELECT version_num FROM {quoted(database)}.alembic_version")
        revision = found[0][0] if found else None
    return {"tables": tables, "schema_revision": revision}
