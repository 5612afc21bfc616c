"""The rows that every environment has."""

from __future__ import annotations

from typing import Any

from seed.data_files import load
from seed.identity import row_id

# Table: its id and its natural name.
COLUMNS = {
    "Role": ("id_role", "role_name"),
    "Bank": ("id_bank", "bank_name"),
    "TransactionCategory": ("id_category", "description"),
    "InsightCategory": ("id_category", "description"),
}
FILES = ("roles.yml", "banks.yml", "transaction_categories.yml", "insight_categories.yml")


def reference_rows() -> dict[str, list[dict[str, Any]]]:
    """The rows of each table, in the order of the files; each has the id and the name."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for file in FILES:
        for table, names in load(f"reference/{file}").items():
            key, name_column = COLUMNS[table]
            rows[table] = [{key: row_id(table, name), name_column: name} for name in names]
    return rows
