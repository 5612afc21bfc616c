"""The parts of ALTER TABLE and its relatives that the gate must know by name."""

from __future__ import annotations

from collections.abc import Iterator

from sql_text import Token, significant

# What may follow DROP in ALTER TABLE and is no column.
NO_COLUMN = {"INDEX", "KEY", "FOREIGN", "PRIMARY", "CHECK", "CONSTRAINT", "PARTITION", "SYSTEM", "PERIOD"}


def alters(statement: str) -> bool:
    """Whether it changes an existing table in place of making or dropping one."""
    words = [token.keyword for token in significant(statement)[:4]]
    return words[:2] == ["ALTER", "TABLE"] or (words[:1] in (["CREATE"], ["DROP"]) and "INDEX" in words[1:3])


def table_of(statement: str) -> str:
    """The table that ALTER TABLE, CREATE INDEX, DROP INDEX, CREATE TABLE, UPDATE or DELETE changes; else empty."""
    tokens = significant(statement)
    words = [token.keyword for token in tokens]
    if not words:
        return ""
    if words[0] in {"CREATE", "DROP"} and "INDEX" in words[1:3]:
        start = words.index("ON") + 1 if "ON" in words else len(words)
    elif "TABLE" in words[1:3]:
        start = words.index("TABLE") + 1
    elif words[0] in {"UPDATE", "DELETE", "INSERT", "REPLACE"}:
        start = 1
    else:
        return ""
    noise = {"IF", "NOT", "EXISTS", "IGNORE", "LOW_PRIORITY", "QUICK", "FROM", "INTO"}
    while start < len(tokens) and words[start] in noise:
        start += 1
    return tokens[start].value if start < len(tokens) else ""


def clauses(tokens: list[Token]) -> list[list[Token]]:
    """The comma-separated parts of ALTER TABLE t …, each without the parentheses' contents apart."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens[3:]:
        depth += {"(": 1, ")": -1}.get(token.value, 0) if token.kind == "mark" else 0
        if token.kind == "mark" and token.value == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def dropped_columns(parts: list[list[Token]]) -> Iterator[str]:
    """The columns that ALTER TABLE drops."""
    for part in parts:
        words = [token.keyword for token in part]
        if words[:1] != ["DROP"] or len(part) < 2 or words[1] in NO_COLUMN:
            continue
        name = next((token for token in part[1:] if token.keyword not in {"COLUMN", "IF", "EXISTS"}), None)
        if name:
            yield name.value
