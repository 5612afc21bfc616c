"""Rows for tests that need some in every table."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from throwaway_database import ThrowawayDatabase

ONE = str(UUID(int=1))
DAY = "2025-03-01 10:00:00"
# In the order of the foreign keys.
STATEMENTS = {
    "User": f"INSERT INTO `User` VALUES ('{ONE}', 'ana', 'ana@example.com', NULL, 'USER', 1)",
    "Role": f"INSERT INTO `Role` VALUES ('{ONE}', 'USER')",
    "UserInfo": f"INSERT INTO `UserInfo` (id_user, ciudad) VALUES ('{ONE}', 'Bogotá')",
    "Bank": f"INSERT INTO `Bank` VALUES ('{ONE}', 'Bancolombia')",
    "TransactionCategory": f"INSERT INTO `TransactionCategory` VALUES ('{ONE}', 'Educacion')",
    "TransactionBatch": f"INSERT INTO `TransactionBatch` VALUES ('{ONE}', 'completed', '{DAY}', NULL, 1)",
    "Transaction": "INSERT INTO `Transaction` VALUES "
    f"('{ONE}', '{ONE}', '{ONE}', '{ONE}', '{ONE}', 'Matrícula', 1500000.50, '{DAY}', 'expense')",
    "InsightCategory": f"INSERT INTO `InsightCategory` VALUES ('{ONE}', 'Ahorro')",
    "Insights": f"INSERT INTO `Insights` VALUES ('{ONE}', '{ONE}', '{ONE}', 'Título', 'Texto', 5, '{DAY}')",
}


def insert_one_row_each(database: ThrowawayDatabase) -> dict[str, list[Any]]:
    """One row in each of the nine tables; the rows of each table as they can be read back."""
    for statement in STATEMENTS.values():
        database.sql(statement)
    return {table: database.sql(f"SELECT * FROM `{table}`") for table in STATEMENTS}
