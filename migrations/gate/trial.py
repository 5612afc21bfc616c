"""Whether the server can do a statement while clients read and write, by trying it on a clone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pymysql

from sql_text import significant


@dataclass(frozen=True)
class Trial:
    """`why` is the server's reason where it is not online, `failed` where it cannot be done at all."""

    online: bool
    why: str = ""
    failed: str = ""


def attempt(cursor: Any, statement: str) -> Trial:
    """Do the statement on the clone in the gentlest way that the server has for it."""
    asked = _asked(statement)
    separator = ", " if significant(statement)[0].keyword == "ALTER" else " "
    why = _blocks(asked)
    if not why:
        for options in _gentle(asked):
            text = separator.join([statement.rstrip("; \n"), *options])
            if not (why := _refused(cursor, text)):
                return Trial(online=True)
    failed = _refused(cursor, statement)
    return Trial(online=False, why=why, failed=failed)


def _asked(statement: str) -> dict[str, str]:
    tokens = [token for token in significant(statement) if token.value != "="]
    pairs = zip(tokens, tokens[1:], strict=False)
    return {one.keyword: two.keyword for one, two in pairs if one.keyword in {"ALGORITHM", "LOCK"}}


def _blocks(asked: dict[str, str]) -> str:
    given = [f"{name}={asked[name]}" for name in asked if asked[name] in {"COPY", "SHARED", "EXCLUSIVE"}]
    return f"the revision asks for {', '.join(given)}" if given else ""


def _gentle(asked: dict[str, str]) -> list[list[str]]:
    """What to add to the statement, from the gentlest; never what it says already."""
    algorithm = asked.get("ALGORITHM", "DEFAULT")
    if algorithm == "INSTANT" or (algorithm != "DEFAULT" and "LOCK" in asked):
        return [[]]
    if algorithm != "DEFAULT":
        return [["LOCK=NONE"]]
    # INSTANT takes no LOCK beside it.
    return [["ALGORITHM=INPLACE"]] if "LOCK" in asked else [["ALGORITHM=INSTANT"], ["ALGORITHM=INPLACE", "LOCK=NONE"]]


def _refused(cursor: Any, statement: str) -> str:
    try:
        cursor.execute(statement)
    except pymysql.MySQLError as error:
        return f"{error.args[1]} (error {error.args[0]})" if len(error.args) > 1 else str(error)
    return ""
