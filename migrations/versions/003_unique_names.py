"""Unique names of users, banks and categories

Revision ID: 003
Revises: 002
Create Date: 2025-01-15 09:20:00
"""

from __future__ import annotations

from repeatable import create_unique_names, drop_unique, unique_name

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None

# The services look these up by name and fail with "multiple results found" on a duplicate.
NAMES = {
    "User": "username",
    "Bank": "bank_name",
    "TransactionCategory": "description",
    "InsightCategory": "description",
}


def upgrade() -> None:
    """Make the names unique; refused, with the list, where duplicates exist."""
    create_unique_names(NAMES)


def downgrade() -> None:
    """Allow duplicates again."""
    for table, column in NAMES.items():
        drop_unique(table, unique_name(table, column))
