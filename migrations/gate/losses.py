"""What a statement would destroy, counted in the live tables."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from gate.alterations import clauses, dropped_columns, table_of
from sql_text import Token, significant

# What a later statement of the same plan names may be made by an earlier one: no such table, no such column.
NOT_THERE_YET = {1146, 1054, 1051}


def losses(connection: Connection, statement: str) -> list[str]:
    """One line for each table or column that would lose something; empty where nothing is lost."""
    return list(_losses(connection, significant(statement), statement))


def _losses(connection: Connection, tokens: list[Token], statement: str) -> Iterator[str]:
    words = [token.keyword for token in tokens]
    if words[:2] == ["DROP", "TABLE"]:
        for name in _tables(tokens[2:]):
            yield from _rows(connection, f"SELECT COUNT(*) FROM `{name}`", f"rows of table {name}")
    elif words[:1] == ["TRUNCATE"]:
        name = next(_tables(tokens[1:]))
        yield from _rows(connection, f"SELECT COUNT(*) FROM `{name}`", f"rows of table {name}")
    elif words[:2] == ["DELETE", "FROM"]:
        rest = statement[statement.upper().index("FROM") :].rstrip("; \n")
        yield from _rows(connection, f"SELECT COUNT(*) {rest}", f"rows of table {tokens[2].value}")
    elif words[:2] == ["ALTER", "TABLE"]:
        table = table_of(statement)
        for column in dropped_columns(clauses(tokens)):
            count = f"SELECT COUNT(`{column}`) FROM `{table}`"
            yield from _rows(connection, count, f"values of column {table}.{column}")


def _tables(tokens: list[Token]) -> Iterator[str]:
    skipped = {"TABLE", "IF", "EXISTS", "CASCADE", "RESTRICT"}
    yield from (token.value for token in tokens if token.is_name and token.keyword not in skipped)


def _rows(connection: Connection, count: str, what: str) -> Iterator[str]:
    try:
        found = connection.scalar(text(count.replace(":", r"\:")))
    except DBAPIError as error:
        if error.orig is None or error.orig.args[0] not in NOT_THERE_YET:
            raise
        found = 0
    if found:
        yield f"{found} {what}"
