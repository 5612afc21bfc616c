"""The tables at the newest revision, for `alembic check`, autogenerate and the seed.

Change this file first, then run `alembic revision --autogenerate -m "..."`, and `make docs`. Every id is a UUID in 36
characters. docs/schema.md is written from docstrings, `doc` and `_serves`, none of which reaches the server.
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


def _id(
    doc: str, foreign_key: str | None = None, name: str | None = None, serves: str = "", primary_key: bool = False
) -> MappedColumn[Any]:
    """A UUID column; InnoDB indexes a foreign key by itself, under the constraint's name."""
    keys = [ForeignKey(foreign_key, name=name, info=_serves(serves))] if foreign_key else []
    return mapped_column(CHAR(36), *keys, primary_key=primary_key, doc=doc)


def _serves(queries: str) -> dict[str, str]:
    """What the index of a key is there for."""
    return {"serves": queries}


class User(Base):
    """A login; `password` is a bcrypt hash, null for an external login."""

    __tablename__ = "User"
    __table_args__ = (
        UniqueConstraint("email", name="uq_user_email", info=_serves("a user by email")),
        UniqueConstraint("username", name="uq_user_username", info=_serves("a user by name, on every request")),
    )
    id_user: Mapped[str] = _id("Id of the user", primary_key=True)
    username: Mapped[str] = mapped_column(AccentSensitive(100), doc="Log-in name; josé is not jose")
    email: Mapped[str] = mapped_column(AccentSensitive(255), doc="Log-in address; josé@ is not jose@")
    password: Mapped[str | None] = mapped_column(String(255), doc="BCrypt hash; null for an external login")
    role: Mapped[str | None] = mapped_column(String(50), doc="Name of the role: USER or ADMIN")
    active: Mapped[bool | None] = mapped_column(server_default=sa.text("1"), doc="Whether the user may log in")


class Role(Base):
    """The roles that exist; User.role holds the name."""

    __tablename__ = "Role"
    id_role: Mapped[str] = _id("Id of the role", primary_key=True)
    role_name: Mapped[str] = mapped_column(String(100), doc="ADMIN, USER or PREMIUM_USER")


class UserInfo(Base):
    """Who a user is, one row for one user."""

    __tablename__ = "UserInfo"
    id_user: Mapped[str] = _id("The user", "User.id_user", "fk_userinfo_user", primary_key=True)
    primerNombre: Mapped[str | None] = mapped_column(String(100), doc="First given name")
    segundoNombre: Mapped[str | None] = mapped_column(String(100), doc="Second given name")
    primerApellido: Mapped[str | None] = mapped_column(String(100), doc="First surname")
    segundoApellido: Mapped[str | None] = mapped_column(String(100), doc="Second surname")
    telefono: Mapped[str | None] = mapped_column(String(20), doc="Telephone number")
    direccion: Mapped[str | None] = mapped_column(String(255), doc="Street address")
    ciudad: Mapped[str | None] = mapped_column(String(100), doc="City")
    departamento: Mapped[str | None] = mapped_column(String(100), doc="Department of Colombia")
    pais: Mapped[str | None] = mapped_column(String(100), doc="Country")
    numeroIdentificacion: Mapped[str | None] = mapped_column(String(50), doc="Number of the identity document")
    tipoIdentificacion: Mapped[str | None] = mapped_column(String(50), doc="Kind of the identity document")


class Bank(Base):
    """A bank whose files can be uploaded."""

    __tablename__ = "Bank"
    __table_args__ = (
        UniqueConstraint("bank_name", name="uq_bank_bank_name", info=_serves("a bank by name, for each upload")),
    )
    id_bank: Mapped[str] = _id("Id of the bank", primary_key=True)
    bank_name: Mapped[str] = mapped_column(String(255), doc="Name; BANCOLOMBIA finds Bancolombia")


class TransactionCategory(Base):
    """What the classifier predicts."""

    __tablename__ = "TransactionCategory"
    __table_args__ = (
        UniqueConstraint(
            "description",
            name="uq_transactioncategory_description",
            info=_serves("a category by name, for each transaction"),
        ),
    )
    id_category: Mapped[str] = _id("Id of the category", primary_key=True)
    description: Mapped[str] = mapped_column(String(255), doc="Name that the classifier says")


class TransactionBatch(Base):
    """The transactions of one uploaded file; `batch_size` counts them."""

    __tablename__ = "TransactionBatch"
    __table_args__ = (
        CheckConstraint(
            "process_status COLLATE utf8mb4_bin IN ('pending', 'processing', 'completed', 'error')",
            name="ck_transactionbatch_process_status",
        ),
    )
    id_batch: Mapped[str] = _id("Id of the batch", primary_key=True)
    process_status: Mapped[str] = mapped_column(String(50), doc="pending, processing, completed or error")
    start_date: Mapped[datetime] = mapped_column(doc="When processing began")
    end_date: Mapped[datetime | None] = mapped_column(doc="When processing ended; null before that")
    batch_size: Mapped[int | None] = mapped_column(doc="Number of transactions in the batch")


class Transaction(Base):
    """One movement of an account; `value` is never negative, the sign is `transaction_type`."""

    __tablename__ = "Transaction"
    __table_args__ = (
        CheckConstraint(
            "transaction_type COLLATE utf8mb4_bin IN ('income', 'expense')", name="ck_transaction_transaction_type"
        ),
        CheckConstraint("value >= 0", name="ck_transaction_value"),
        Index(
            "ix_transaction_user_date",
            "id_user",
            "transaction_date",
            "id_transaction",
            "transaction_type",
            "value",
            info=_serves("of one user: the newest, a page by date, the count, the sum by type in a date range"),
        ),
    )
    id_transaction: Mapped[str] = _id("Id of the transaction", primary_key=True)
    id_user: Mapped[str] = _id("Whose transaction it is", "User.id_user", "fk_transaction_user")
    id_category: Mapped[str] = _id("What it was for", "TransactionCategory.id_category", "fk_transaction_category")
    id_bank: Mapped[str | None] = _id("The bank, if known", "Bank.id_bank", "fk_transaction_bank")
    id_batch: Mapped[str | None] = _id(
        "The batch it came with, if any", "TransactionBatch.id_batch", "fk_transaction_batch"
    )
    transaction_name: Mapped[str] = mapped_column(String(255), doc="Text of the bank's statement")
    value: Mapped[Decimal] = mapped_column(Numeric(15, 2), doc="Amount, never negative")
    transaction_date: Mapped[datetime] = mapped_column(doc="When the money moved")
    transaction_type: Mapped[str] = mapped_column(String(50), doc="income or expense: the sign of the amount")


class InsightCategory(Base):
    """The kinds of insights."""

    __tablename__ = "InsightCategory"
    __table_args__ = (
        UniqueConstraint(
            "description", name="uq_insightcategory_description", info=_serves("a category by name, for each insight")
        ),
    )
    id_category: Mapped[str] = _id("Id of the category", primary_key=True)
    description: Mapped[str] = mapped_column(String(255), doc="Name of the category")


class Insights(Base):
    """What the InsightService found out for a user; `relevance` is 1 to 10."""

    __tablename__ = "Insights"
    id_insight: Mapped[str] = _id("Id of the insight", primary_key=True)
    id_user: Mapped[str] = _id(
        "Whom it is for", "User.id_user", "fk_insights_user", serves="insights of a user, to read or to rewrite"
    )
    id_category: Mapped[str] = _id("What kind of insight it is", "InsightCategory.id_category", "fk_insights_category")
    title: Mapped[str] = mapped_column(String(255), doc="Heading")
    text: Mapped[str] = mapped_column(Text, doc="What was found out")
    relevance: Mapped[int] = mapped_column(doc="1 (least) to 10 (most)")
    created_at: Mapped[datetime] = mapped_column(server_default=sa.text("CURRENT_TIMESTAMP"), doc="When it was written")


class FileUploadHistory(Base):
    """The files that were processed, so that none is processed twice; `file_size` in bytes, `file_hash` SHA-256."""

    __tablename__ = "FileUploadHistory"
    __table_args__ = (
        UniqueConstraint(
            "id_user", "file_hash", name="uq_fileuploadhistory_user_hash", info=_serves("a file by user and hash")
        ),
    )
    id_file: Mapped[str] = _id("Id of the upload", primary_key=True)
    id_user: Mapped[str] = mapped_column(CHAR(36), doc="Who uploaded it; not a foreign key")
    file_hash: Mapped[str] = mapped_column(CHAR(64), doc="SHA-256 of the content, in hexadecimal")
    file_name: Mapped[str] = mapped_column(String(255), doc="Name of the file as uploaded")
    bank_code: Mapped[str] = mapped_column(String(50), doc="Code of the bank whose format it has")
    upload_date: Mapped[datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"), doc="When it was uploaded"
    )
    id_batch: Mapped[str] = _id("The batch it became", "TransactionBatch.id_batch", "fk_fileuploadhistory_batch")
    file_size: Mapped[int] = mapped_column(doc="Size in bytes")
