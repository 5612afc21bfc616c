"""Rows of a MySQL database by their values, whatever the tables' storage, collation and order of columns."""

from __future__ import annotations

import hashlib
from typing import Any

from ansible.module_utils.backup_mysql import quoted, rows
from ansible.module_utils.backup_pipes import running


def columns(client: list[str], database: str) -> dict[str, list[str]]:
    """Return the columns of each table; Alembic's own is left out."""
    found: dict[str, list[str]] = {}
    for table, column in rows(
        client,
        "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t "
        "ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE' "
        f"WHERE c.table_schema = '{database}' AND c.table_name <> 'alembic_version' "
        "ORDER BY c.table_name, c.ordinal_position",
    ):
        found.setdefault(table, []).append(column)
    return found


def checksum(client: list[str], database: str, table: str, names: list[str]) -> dict[str, Any]:
    """Return how many rows a table has, and a hash over all values of the named columns."""
    # A null is told from an empty text, and every value from its neighbour.
    values = ", ".join(
        f"IFNULL(HEX(CONVERT(CAST({quoted(name)} AS CHAR) USING utf8mb4)), '-')" for name in sorted(names)
    )
    query = (
        "SET time_zone = '+00:00'; "
        f"SELECT SHA2(CONCAT_WS(',', {values}), 256) AS row_hash FROM {quoted(database)}.{quoted(table)} "
        "ORDER BY row_hash"
    )
    whole, count = hashlib.sha256(), 0
    with running([*client, "--batch", "--skip-column-names", "--quick", f"--execute={query}"]) as process:
        assert process.stdout
        for line in process.stdout:
            whole.update(line)
            count += 1
    return {"rows": count, "sha256": whole.hexdigest()}
