"""File upload history

Revision ID: 002
Revises: 001
Create Date: 2025-01-15 09:10:00
"""

from __future__ import annotations

import sqlalchemy as sa

from repeatable import create_table, drop_table

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create FileUploadHistory, by which the UploadService knows a file that it has processed."""
    create_table(
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
    """Drop FileUploadHistory with all rows."""
    drop_table("FileUploadHistory")
