"""Questions to the live rows that tell whether a statement would fail on them; reads only."""

from __future__ import annotations

from typing import Any

import pymysql

from reserved_names import CLONE_PREFIX

VALUES = f"{CLONE_PREFIX}values"
Column = dict[str, Any]


def count(cursor: Any, query: str) -> int:
    """The number that a query answers."""
    cursor.execute(query)
    return int(cursor.fetchone()[0])


def rows_up_to(cursor: Any, table: str, limit: int) -> int:
    """The rows of a table; where there are more than the limit, about how many."""
    found = count(cursor, f"SELECT COUNT(*) FROM (SELECT 1 FROM `{table}` LIMIT {limit + 1}) x")
    if found <= limit:
        return found
    (line,) = explain(cursor, f"SELECT COUNT(*) FROM `{table}`")
    return max(found, int(line["rows"] or 0))


def explain(cursor: Any, statement: str) -> list[dict[str, Any]]:
    """How the server would do it; MySQL 9 answers with a tree unless it is told."""
    cursor.execute(f"EXPLAIN FORMAT=TRADITIONAL {statement}")
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def nulls(cursor: Any, table: str, column: str) -> int:
    """Rows without a value."""
    return count(cursor, f"SELECT COUNT(*) FROM `{table}` WHERE `{column}` IS NULL")


def duplicates(cursor: Any, table: str, columns: list[str], after: dict[str, Column]) -> int:
    """Values that occur more than once, compared as the changed columns will be."""

    def compared(name: str) -> str:
        plain, part = name.partition("(")[::2]
        value = f"LEFT(`{plain}`, {part.rstrip(')')})" if part else f"`{plain}`"
        collation = after[plain]["collation"]
        return f"CONVERT({value} USING {collation.partition('_')[0]}) COLLATE {collation}" if collation else value

    keys = [compared(name) for name in columns]
    present = " AND ".join(f"`{name.partition('(')[0]}` IS NOT NULL" for name in columns)
    grouped = f"SELECT 1 FROM `{table}` WHERE {present} GROUP BY {', '.join(keys)} HAVING COUNT(*) > 1"
    return count(cursor, f"SELECT COUNT(*) FROM ({grouped}) x")


def orphans(cursor: Any, table: str, columns: list[str], parent: str, targets: list[str]) -> int:
    """Rows that name a row of the other table which is not there."""
    present = " AND ".join(f"c.`{name}` IS NOT NULL" for name in columns)
    same = " AND ".join(f"p.`{target}` = c.`{name}`" for name, target in zip(columns, targets, strict=True))
    exists = f"SELECT 1 FROM `{parent}` p WHERE {same}"
    return count(cursor, f"SELECT COUNT(*) FROM `{table}` c WHERE {present} AND NOT EXISTS ({exists})")


def violations(cursor: Any, table: str, clause: str) -> int:
    """Rows for which a check is false."""
    return count(cursor, f"SELECT COUNT(*) FROM `{table}` WHERE NOT ({clause})")


def converted(cursor: Any, table: str, name: str, before: Column, after: Column) -> tuple[str, int]:
    """The server's refusal of a value, and how many values would become others; by a temporary table."""

    def typed(column: Column) -> str:
        collation = column["collation"]
        charset = f" CHARACTER SET {collation.partition('_')[0]} COLLATE {collation}" if collation else ""
        return f"{column['type']}{charset}"

    cursor.execute(f"CREATE TEMPORARY TABLE `{VALUES}` (old {typed(before)}, new {typed(after)}) ENGINE=InnoDB")
    try:
        cursor.execute(f"INSERT INTO `{VALUES}` SELECT `{name}`, `{name}` FROM `{table}` WHERE `{name}` IS NOT NULL")
        return "", count(cursor, f"SELECT COUNT(*) FROM `{VALUES}` WHERE NOT (old <=> new)")
    except (pymysql.err.DataError, pymysql.err.OperationalError) as error:
        return f"{error.args[1]} (error {error.args[0]})", 0
    finally:
        cursor.execute(f"DROP TEMPORARY TABLE `{VALUES}`")
