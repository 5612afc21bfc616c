"""SQL as tokens: what kind of statement it is and which names it uses; the server does the real parsing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|\#[^\n]*|/\*.*?\*/)
    |(?P<string>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")
    |`(?P<quoted>(?:[^`]|``)+)`
    |(?P<word>[\w$]+)
    |(?P<mark>.)""",
    re.DOTALL | re.VERBOSE,
)
# What the server commits by itself, and with it all that was done before.
SCHEMA = {"CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE", "ANALYZE", "OPTIMIZE", "REPAIR"}
DATA = {"INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "CALL"}


@dataclass(frozen=True)
class Token:
    """A piece of SQL: `kind` is space, string, quoted, word or mark; `value` a name without its back-quotes."""

    kind: str
    value: str
    text: str

    @property
    def keyword(self) -> str:
        """The word in capitals; empty for anything that cannot be a keyword."""
        return self.value.upper() if self.kind == "word" else ""

    @property
    def is_name(self) -> bool:
        """Whether it may name a table, column, index or constraint."""
        return self.kind in {"quoted", "word"}


def tokens(statement: str) -> list[Token]:
    """All tokens; their texts joined are the statement."""
    return list(_tokens(statement))


def _tokens(statement: str) -> Iterator[Token]:
    for found in TOKEN.finditer(statement):
        kind = found.lastgroup or "mark"
        value = found.group(kind)
        yield Token(kind, value.replace("``", "`") if kind == "quoted" else value, found.group())


def significant(statement: str) -> list[Token]:
    """The tokens without spaces and comments."""
    return [token for token in _tokens(statement) if token.kind != "space"]


def names(statement: str) -> set[str]:
    """Every word and quoted name; text in strings is none."""
    return {token.value for token in _tokens(statement) if token.is_name}


def changes_schema(statement: str) -> bool:
    """Whether the server commits it by itself."""
    return _verb(statement) in SCHEMA


def changes_data(statement: str) -> bool:
    """Whether it changes rows within the transaction."""
    return _verb(statement) in DATA


def one_line(statement: str, length: int = 200) -> str:
    """For messages."""
    text = " ".join(statement.split())
    return text if len(text) <= length else f"{text[:length]}…"


def _verb(statement: str) -> str:
    words = (token.keyword for token in _tokens(statement) if token.keyword)
    first = next(words, "")
    if first == "WITH":
        # A common table expression stands before SELECT, UPDATE or DELETE.
        return next((word for word in words if word in DATA), "SELECT")
    return first
