"""Names of clones, and statements rewritten to them.

Foreign keys' names are unique in a database, and on MySQL those of checks too: the clone's must be others.
"""

from __future__ import annotations

from collections.abc import Collection
from zlib import crc32

from reserved_names import CLONE_PREFIX
from sql_text import Token, tokens

OPTIONAL = {"IF", "NOT", "EXISTS"}


def clone_of(name: str) -> str:
    """The name that stands for a table or constraint on the clones; the same for the same name."""
    return f"{CLONE_PREFIX}{crc32(name.encode()):08x}"


def rewrite(statement: str, constraints: Collection[str] = ()) -> str:
    """The statement on the clones; `constraints` are the clones' foreign keys and checks."""
    found = tokens(statement)
    places = [place for place, token in enumerate(found) if token.kind != "space"]
    words = [found[place].keyword for place in places]
    for index, place in enumerate(places):
        token = found[place]
        if token.is_name and (_is_table(words, index) or _is_constraint(words, index, token, constraints)):
            found[place] = Token("quoted", clone_of(token.value), f"`{clone_of(token.value)}`")
    return "".join(token.text for token in found)


def _is_table(words: list[str], index: int) -> bool:
    if words[index] in OPTIONAL:
        return False
    before = words[max(0, index - 3) : index]
    last = next((word for word in reversed(before) if word not in OPTIONAL), "")
    # TABLE stands second, or third in CREATE TEMPORARY TABLE; later it is part of a column's or table's options.
    if last == "TABLE" and index <= 6:
        return True
    if words[index - 1] == "REFERENCES":
        return True
    if words[index - 1] == "ON" and "INDEX" in words[1:3]:
        return "ON" not in words[: index - 1]
    if words[index - 1] == "RENAME":
        return words[0] == "ALTER" and words[index] not in {"COLUMN", "INDEX", "KEY", "TO", "AS"}
    return index > 1 and words[index - 2] == "RENAME" and words[index - 1] in {"TO", "AS"}


def _is_constraint(words: list[str], index: int, token: Token, constraints: Collection[str]) -> bool:
    before = words[max(0, index - 3) : index]
    if before[-1:] == ["CONSTRAINT"]:
        if before[-2:-1] == ["DROP"]:
            return clone_of(token.value) in constraints
        return words[index + 1 : index + 2] in (["FOREIGN"], ["CHECK"])
    return before == ["DROP", "FOREIGN", "KEY"] or before[-2:] in (["DROP", "CHECK"], ["ALTER", "CHECK"])
