"""What the modules that save and restore MySQL have in common."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

try:
    from ansible.module_utils.backup_pipes import output
except ImportError:  # pure functions are tested without Ansible's packaging
    output = None

POSITION = re.compile(r"(?:SOURCE|MASTER)_LOG_FILE='([^']+)', (?:SOURCE|MASTER)_LOG_POS=(\d+)")
GTIDS = re.compile(r"GTID_PURGED=(?:/\*!80000 '\+'\*/ )?'\+?([^']*)'")
# The isolated server has none of the accounts: a replayed GRANT would stop the replay, and is not wanted.
ACCOUNT_STATEMENT = re.compile(
    rb"(?:/\*.*?\*/\s*)*(?:(?:CREATE|ALTER|DROP|RENAME)\s+(?:USER|ROLE)|GRANT|REVOKE|FLUSH"
    rb"|SET\s+(?:PASSWORD|DEFAULT\s+ROLE))\b",
    re.IGNORECASE | re.DOTALL,
)
END = b"/*!*/;\n"


def header(path: Path) -> dict[str, Any]:
    """Return log file, position and executed transactions that a dump begins with."""
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as dump:
        text = "".join(line for _, line in zip(range(200), dump, strict=False))
    position, gtids = POSITION.search(text), GTIDS.search(text)
    if position is None:
        raise ValueError("the dump names no position in the binary log: is log_bin on?")
    return {
        "log_file": position[1],
        "log_position": int(position[2]),
        "gtid_executed": re.sub(r"\s", "", gtids[1]) if gtids else "",
    }


def without_accounts(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Drop the statements about accounts from what mysqlbinlog prints."""
    statement: list[bytes] = []
    inside = False
    for line in lines:
        statement.append(line)
        # The rows of one statement can be more than fits into memory, and are never about an account.
        inside = line.startswith(b"BINLOG '") or (inside and not line.endswith(END))
        if inside or line.endswith(END) or line.startswith(b"DELIMITER"):
            text = b"".join(part for part in statement if not part.startswith(b"#"))
            if not ACCOUNT_STATEMENT.match(text):
                yield from statement
            statement = []
    yield from statement


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
