"""The tables at the newest revision, for `alembic check`, autogenerate and the seed.

Change this file first, then run `alembic revision --autogenerate -m "..."`. Every id is a UUID in 36 characters.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from collations import AccentSensitive


class Base(DeclarativeBase):
    """Holds the metadata of all tables."""


def _id(foreign_key: str | None = None, name: str | None = None, primary_key: bool = False) -> MappedColumn[Any]:
    """A UUID column; InnoDB indexes a foreign key by itself, under the constraint's name."""
    keys = [ForeignKey(foreign_key, name=name)] if foreign_key else []
    return mapped_column(CHAR(36), *keys, primary_key=primary_key)


class User(Base):
    """A login; `password` is a bcrypt hash, null for an external login."""

    __tablename__ = "User"
    __table_args__ = (
        UniqueConstraint("email", name="uq_user_email"),
        UniqueConstraint("username", name="uq_user_username"),
    )
    id_user: Mapped[str] = _id(primary_key=True)
    username: Mapped[str] = mapped_column(AccentSensitive(100))
    email: Mapped[str] = mapped_column(AccentSensitive(255))
    password: Mapped[str | None] = mapped_column(String(255))
    role: Mapped[str | None] = mapped_column(String(50))
    active: Mapped[bool | None] = mapped_column(server_default=sa.text("1"))


class Role(Base):
    """The roles that exist; User.role holds the name."""

    __tablename__ = "Role"
    id_role: Mapped[str] = _id(primary_key=True)
    role_name: Mapped[str] = mapped_column(String(100))


class UserInfo(Base):
    """Who a user is, one row for one user."""

    __tablename__ = "UserInfo"
    id_user: Mapped[str] = _id("User.id_user", "fk_userinfo_user", primary_key=True)
    primerNombre: Mapped[str | None] = mapped_column(String(100))
    segundoNombre: Mapped[str | None] = mapped_column(String(100))
    primerApellido: Mapped[str | None] = mapped_column(String(100))
    segundoApellido: Mapped[str | None] = mapped_column(String(100))
    telefono: Mapped[str | None] = mapped_column(String(20))
    direccion: Mapped[str | None] = mapped_column(String(255))
    ciudad: Mapped[str | None] = mapped_column(String(100))
    departamento: Mapped[str | None] = mapped_column(String(100))
    pais: Mapped[str | None] = mapped_column(String(100))
    numeroIdentificacion: Mapped[str | None] = mapped_column(String(50))
    tipoIdentificacion: Mapped[str | None] = mapped_column(String(50))


class Bank(Base):
    """A bank whose files can be uploaded."""

    __tablename__ = "Bank"
    __table_args__ = (UniqueConstraint("bank_name", name="uq_bank_bank_name"),)
    id_bank: Mapped[str] = _id(primary_key=True)
    bank_name: Mapped[str] = mapped_column(String(255))


class TransactionCategory(Base):
    """What the classifier predicts."""

    __tablename__ = "TransactionCategory"
    __table_args__ = (UniqueConstraint("description", name="uq_transactioncategory_description"),)
    id_category: Mapped[str] = _id(primary_key=True)
    description: Mapped[str] = mapped_column(String(255))


class TransactionBatch(Base):
    """The transactions of one uploaded file; `batch_size` counts them."""

    __tablename__ = "TransactionBatch"
    __table_args__ = (
        CheckConstraint(
            "process_status COLLATE utf8mb4_bin IN ('pending', 'processing', 'completed', 'error')",
            name="ck_transactionbatch_process_status",
        ),
    )
    id_batch: Mapped[str] = _id(primary_key=True)
    process_status: Mapped[str] = mapped_column(String(50))
    start_date: Mapped[datetime]
    end_date: Mapped[datetime | None]
    batch_size: Mapped[int | None]


class Transaction(Base):
    """One movement of an account; `value` is never negative, the sign is `transaction_type`."""

    __tablename__ = "Transaction"
    __table_args__ = (
        CheckConstraint(
            "transaction_type COLLATE utf8mb4_bin IN ('income', 'expense')", name="ck_transaction_transaction_type"
        ),
        CheckConstraint("value >= 0", name="ck_transaction_value"),
        Index("ix_transaction_user_date", "id_user", "transaction_date", "id_transaction", "transaction_type", "value"),
    )
    id_transaction: Mapped[str] = _id(primary_key=True)
    id_user: Mapped[str] = _id("User.id_user", "fk_transaction_user")
    id_category: Mapped[str] = _id("TransactionCategory.id_category", "fk_transaction_category")
    id_bank: Mapped[str | None] = _id("Bank.id_bank", "fk_transaction_bank")
    id_batch: Mapped[str | None] = _id("TransactionBatch.id_batch", "fk_transaction_batch")
    transaction_name: Mapped[str] = mapped_column(String(255))
    value: Mapped[Decimal] = mapped_column(Numeric(15, 2))
    transaction_date: Mapped[datetime]
    transaction_type: Mapped[str] = mapped_column(String(50))


class InsightCategory(Base):
    """The kinds of insights."""

    __tablename__ = "InsightCategory"
    __table_args__ = (UniqueConstraint("description", name="uq_insightcategory_description"),)
    id_category: Mapped[str] = _id(primary_key=True)
    description: Mapped[str] = mapped_column(String(255))


class Insights(Base):
    """What the InsightService found out for a user; `relevance` is 1 to 10."""

    __tablename__ = "Insights"
    id_insight: Mapped[str] = _id(primary_key=True)
    id_user: Mapped[str] = _id("User.id_user", "fk_insights_user")
    id_category: Mapped[str] = _id("InsightCategory.id_category", "fk_insights_category")
    title: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    relevance: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.text("CURRENT_TIMESTAMP"))


class FileUploadHistory(Base):
    """The files that were processed, so that none is processed twice; `file_size` in bytes, `file_hash` SHA-256."""

    __tablename__ = "FileUploadHistory"
    __table_args__ = (UniqueConstraint("id_user", "file_hash", name="uq_fileuploadhistory_user_hash"),)
    id_file: Mapped[str] = _id(primary_key=True)
    id_user: Mapped[str] = mapped_column(CHAR(36))
    file_hash: Mapped[str] = mapped_column(CHAR(64))
    file_name: Mapped[str] = mapped_column(String(255))
    bank_code: Mapped[str] = mapped_column(String(50))
    upload_date: Mapped[datetime] = mapped_column(server_default=sa.text("CURRENT_TIMESTAMP"))
    id_batch: Mapped[str] = _id("TransactionBatch.id_batch", "fk_fileuploadhistory_batch")
    file_size: Mapped[int]
