"""File upload history and unique names

Revision ID: 002
Revises: 001
Create Date: 2025-01-15 09:10:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from unique_names import create_unique_names, unique_name

revision = "002"
down_revision = "001"
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
    """Make the names unique, then create FileUploadHistory, by which the UploadService knows a file it has processed.

    The names come first: where duplicates exist they are refused, with the list, before anything is changed.
    """
    create_unique_names(NAMES)
    op.create_table(
        "FileUploadHistory",
        sa.Column("id_file", sa.CHAR(36), nullable=False),
        sa.Column("id_user", sa.CHAR(36), nullable=False),
        sa.Column("file_hash", sa.CHAR(64), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("bank_code", sa.String(50), nullable=False),
        sa.Column("upload_date", sa.DateTime(), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.Column("id_batch", sa.CHAR(36), nullable=False),
        sa.Column("file_size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id_file"),
        sa.UniqueConstraint("id_user", "file_hash", name="uq_fileuploadhistory_user_hash"),
        sa.ForeignKeyConstraint(["id_batch"], ["TransactionBatch.id_batch"], name="fk_fileuploadhistory_batch"),
    )


def downgrade() -> None:
    """Drop FileUploadHistory with all rows, then allow duplicates again."""
    op.execute("DROP TABLE IF EXISTS `FileUploadHistory`")
    for table, column in reversed(NAMES.items()):
        op.drop_constraint(unique_name(table, column), table, type_="unique")
