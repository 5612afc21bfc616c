"""What the server itself says about the tables, in a form that golden files hold."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, text

Schema = dict[str, dict[str, Any]]

TABLES = """
    SELECT table_name AS t, engine AS engine, table_collation AS collation
    FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN :tables
    ORDER BY table_name"""
COLUMNS = """
    SELECT table_name AS t, column_name AS name, column_type AS type, is_nullable AS nullable,
           column_default AS fallback, collation_name AS collation, extra AS extra
    FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name IN :tables
    ORDER BY table_name, ordinal_position"""
INDEXES = """
    SELECT table_name AS t, index_name AS name, non_unique AS repeats, column_name AS member, sub_part AS part
    FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name IN :tables
    ORDER BY table_name, index_name, seq_in_index"""
FOREIGN_KEYS = """
    SELECT k.table_name AS t, k.constraint_name AS name, k.column_name AS member, k.referenced_table_name AS target,
           k.referenced_column_name AS target_member, r.update_rule AS on_update, r.delete_rule AS on_delete
    FROM information_schema.key_column_usage k
    JOIN information_schema.referential_constraints r
      ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
     AND r.table_name = k.table_name
    WHERE k.table_schema = DATABASE() AND k.table_name IN :tables AND k.referenced_table_name IS NOT NULL
    ORDER BY k.table_name, k.constraint_name, k.ordinal_position"""
CHECKS = """
    SELECT c.table_name AS t, c.constraint_name AS name, k.check_clause AS clause
    FROM information_schema.table_constraints c
    JOIN information_schema.check_constraints k
      ON k.constraint_schema = c.constraint_schema AND k.constraint_name = c.constraint_name
    WHERE c.table_schema = DATABASE() AND c.table_name IN :tables AND c.constraint_type = 'CHECK'
    ORDER BY c.table_name, c.constraint_name"""


def read_schema(connection: Connection, tables: Collection[str]) -> Schema:
    """The named tables as they are: engine, collation, columns in their order, indexes, foreign keys and checks.

    Shape: {table: {"engine", "collation", "columns": {name: {...}}, "indexes": {name: {...}},
    "foreign_keys": {name: {...}}, "checks": {name: clause}}}. Tables that do not exist are left out.
    """
    schema: Schema = {}
    for row in _rows(connection, TABLES, tables):
        parts: dict[str, Any] = {"columns": {}, "indexes": {}, "foreign_keys": {}, "checks": {}}
        schema[row["t"]] = {"engine": row["engine"], "collation": row["collation"], **parts}
    for row in _rows(connection, COLUMNS, tables):
        schema[row["t"]]["columns"][row["name"]] = {
            "type": row["type"],
            "nullable": row["nullable"] == "YES",
            "default": row["fallback"],
            "collation": row["collation"],
            "extra": row["extra"],
        }
    for row in _rows(connection, INDEXES, tables):
        index = schema[row["t"]]["indexes"].setdefault(row["name"], {"unique": not row["repeats"], "columns": []})
        index["columns"].append(row["member"] if row["part"] is None else f"{row['member']}({row['part']})")
    for row in _rows(connection, FOREIGN_KEYS, tables):
        rules = {"on_update": row["on_update"], "on_delete": row["on_delete"]}
        key = schema[row["t"]]["foreign_keys"].setdefault(row["name"], {"columns": [], "references": [], **rules})
        key["columns"].append(row["member"])
        key["references"].append(f"{row['target']}.{row['target_member']}")
    for row in _rows(connection, CHECKS, tables):
        schema[row["t"]]["checks"][row["name"]] = _plain(row["clause"])
    return schema


def _rows(connection: Connection, query: str, tables: Collection[str]) -> list[dict[str, Any]]:
    statement = text(query).bindparams(bindparam("tables", expanding=True))
    return [dict(row) for row in connection.execute(statement, {"tables": sorted(tables)}).mappings()]


def _plain(clause: str) -> str:
    """A check without what depends on the connection that created it: MySQL writes _utf8mb4\\'income\\'."""
    return re.sub(r"\b_utf8mb4(?=\\?')", "", clause).replace("\\'", "'")
