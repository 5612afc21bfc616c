"""A second account with the rights of a first one, for a server on which an account has one password only."""

from __future__ import annotations

import re
from typing import Any


def copied(lines: list[str], name: str, second: str, host: str) -> list[str]:
    """Return the statements of SHOW GRANTS for another account; what names a password is left out."""
    mine = re.compile(rf"(?<= TO )`{re.escape(name)}`@`{re.escape(host)}`")
    other = f"`{second}`@`{host}`"
    without = (re.sub(r" IDENTIFIED (BY PASSWORD|VIA) .*?(?= REQUIRE | WITH |$)", "", line) for line in lines)
    return [mine.sub(lambda _: other, line) for line in without]


def copy_account(cursor: Any, name: str, second: str, host: str, password: str) -> None:
    """Make the second account, or give the one that an interrupted run left its password and rights."""
    cursor.execute("SHOW GRANTS FOR %s@%s", [name, host])
    lines = [row[0] for row in cursor.fetchall()]
    cursor.execute("CREATE OR REPLACE USER %s@%s IDENTIFIED BY %s", [second, host, password])
    for statement in copied(lines, name, second, host):
        cursor.execute(statement)
