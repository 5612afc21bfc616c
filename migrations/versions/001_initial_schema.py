"""Initial schema for Flowlite database

Revision ID: 001
Revises:
Create Date: 2025-01-15 09:00:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collations import AccentSensitive

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

# In the order of their foreign keys.
TABLES = (
    "User",
    "Role",
    "UserInfo",
    "Bank",
    "TransactionCategory",
    "TransactionBatch",
    "Transaction",
    "InsightCategory",
    "Insights",
)


def upgrade() -> None:
    """Create the nine tables; the server indexes each foreign key under the constraint's name."""
    _create_users()
    _create_transactions()
    _create_insights()


def downgrade() -> None:
    """Drop the nine tables with all rows."""
    for table in reversed(TABLES):
        # One that somebody dropped by hand must not keep the others from being taken back.
        op.execute(f"DROP TABLE IF EXISTS `{table}`")


def _id(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.CHAR(36), nullable=nullable)


def _create_users() -> None:
    op.create_table(
        "User",
        _id("id_user"),
        sa.Column("username", AccentSensitive(100), nullable=False),
        sa.Column("email", AccentSensitive(255), nullable=False),
        sa.Column("password", sa.String(255)),
        sa.Column("role", sa.String(50)),
        sa.Column("active", sa.Boolean(), server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("id_user"),
        sa.UniqueConstraint("email", name="uq_user_email"),
    )
    op.create_table(
        "Role",
        _id("id_role"),
        sa.Column("role_name", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id_role"),
    )
    op.create_table(
        "UserInfo",
        _id("id_user"),
        sa.Column("primerNombre", sa.String(100)),
        sa.Column("segundoNombre", sa.String(100)),
        sa.Column("primerApellido", sa.String(100)),
        sa.Column("segundoApellido", sa.String(100)),
        sa.Column("telefono", sa.String(20)),
        sa.Column("direccion", sa.String(255)),
        sa.Column("ciudad", sa.String(100)),
        sa.Column("departamento", sa.String(100)),
        sa.Column("pais", sa.String(100)),
        sa.Column("numeroIdentificacion", sa.String(50)),
        sa.Column("tipoIdentificacion", sa.String(50)),
        sa.PrimaryKeyConstraint("id_user"),
        sa.ForeignKeyConstraint(["id_user"], ["User.id_user"], name="fk_userinfo_user"),
    )


def _create_transactions() -> None:
    op.create_table(
        "Bank",
        _id("id_bank"),
        sa.Column("bank_name", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id_bank"),
    )
    op.create_table(
        "TransactionCategory",
        _id("id_category"),
        sa.Column("description", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id_category"),
    )
    op.create_table(
        "TransactionBatch",
        _id("id_batch"),
        sa.Column("process_status", sa.String(50), nullable=False),
        sa.Column("start_date", sa.DateTime(), nullable=False),
        sa.Column("end_date", sa.DateTime()),
        sa.Column("batch_size", sa.Integer()),
        sa.PrimaryKeyConstraint("id_batch"),
        sa.CheckConstraint(
            "process_status COLLATE utf8mb4_bin IN ('pending', 'processing', 'completed', 'error')",
            name="ck_transactionbatch_process_status",
        ),
    )
    op.create_table(
        "Transaction",
        _id("id_transaction"),
        _id("id_user"),
        _id("id_category"),
        _id("id_bank", nullable=True),
        _id("id_batch", nullable=True),
        sa.Column("transaction_name", sa.String(255), nullable=False),
        sa.Column("value", sa.Numeric(15, 2), nullable=False),
        sa.Column("transaction_date", sa.DateTime(), nullable=False),
        sa.Column("transaction_type", sa.String(50), nullable=False),
        sa.PrimaryKeyConstraint("id_transaction"),
        sa.ForeignKeyConstraint(["id_user"], ["User.id_user"], name="fk_transaction_user"),
        sa.ForeignKeyConstraint(["id_category"], ["TransactionCategory.id_category"], name="fk_transaction_category"),
        sa.ForeignKeyConstraint(["id_bank"], ["Bank.id_bank"], name="fk_transaction_bank"),
        sa.ForeignKeyConstraint(["id_batch"], ["TransactionBatch.id_batch"], name="fk_transaction_batch"),
        # Here, while the table is empty: adding a check to a large table later copies it.
        sa.CheckConstraint(
            "transaction_type COLLATE utf8mb4_bin IN ('income', 'expense')", name="ck_transaction_transaction_type"
        ),
        sa.CheckConstraint("value >= 0", name="ck_transaction_value"),
    )


def _create_insights() -> None:
    op.create_table(
        "InsightCategory",
        _id("id_category"),
        sa.Column("description", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id_category"),
    )
    op.create_table(
        "Insights",
        _id("id_insight"),
        _id("id_user"),
        _id("id_category"),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("relevance", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.PrimaryKeyConstraint("id_insight"),
        sa.ForeignKeyConstraint(["id_user"], ["User.id_user"], name="fk_insights_user"),
        sa.ForeignKeyConstraint(["id_category"], ["InsightCategory.id_category"], name="fk_insights_category"),
    )
