"""Which binary logs follow a dump, and what of them is replayed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

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


def chain(names: Iterable[str], first: str) -> list[str]:
    """Return the log files from the first one on, in their order; raises ValueError where one is missing."""
    base, _, start = first.rpartition(".")
    known = {int(name.rpartition(".")[2]): name for name in names}
    wanted = [number for number in sorted(known) if number >= int(start)]
    missing = sorted(set(range(int(start), max(wanted, default=int(start)) + 1)) - set(wanted))
    if missing:
        raise ValueError(
            f"log file {base}.{missing[0]:06d} is neither in a backup nor on the server: restore a later backup"
        )
    return [known[number] for number in wanted]


def without_accounts(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Drop the statements about accounts from what mysqlbinlog prints."""
    statement: list[bytes] = []
    rows = False
    for line in lines:
        statement.append(line)
        # The rows of one statement can be more than fits into memory, and are never about an account.
        rows = rows or line.startswith(b"BINLOG '")
        ends = line.endswith(END)
        if rows or ends or line.startswith(b"DELIMITER"):
            text = b"".join(part for part in statement if not part.startswith(b"#"))
            if rows or not ACCOUNT_STATEMENT.match(text):
                yield from statement
            statement = []
        rows = rows and not ends
    yield from statement
