"""Index of a user's transactions by date

Revision ID: 003
Revises: 002
Create Date: 2025-01-15 09:20:00
"""

from __future__ import annotations

from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None

# Uploads and dashboards go on while the table, of up to ten million rows, is indexed.
ONLINE = "ALGORITHM=INPLACE, LOCK=NONE"


def upgrade() -> None:
    """One index for every query on a user's transactions, in place of the one that serves the foreign key alone.

    User and date: the newest, a page by date, the count, all of a user. The id comes third, so that pages in the
    order (date, id), which never repeat a row, need no sorting. Type and value make the sum by type in a date range
    read the index only: one row of the table for each transaction is what makes that query slow.
    """
    op.execute(
        "ALTER TABLE `Transaction` ADD INDEX `ix_transaction_user_date` "
        "(`id_user`, `transaction_date`, `id_transaction`, `transaction_type`, `value`), "
        f"DROP INDEX `fk_transaction_user`, {ONLINE}"
    )


def downgrade() -> None:
    """Back to the plain index, which the foreign key needs."""
    op.execute(
        "ALTER TABLE `Transaction` ADD INDEX `fk_transaction_user` (`id_user`), "
        f"DROP INDEX `ix_transaction_user_date`, {ONLINE}"
    )
