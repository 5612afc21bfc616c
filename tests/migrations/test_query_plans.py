"""The queries of the services, each served by an index."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from models import Base
from throwaway_database import ThrowawayDatabase

TABLES = Base.metadata.tables
USERS = 40
TRANSACTIONS = 8000
DATE = "transaction_date BETWEEN '2025-02-01' AND '2025-03-31'"
OF_A_USER = "FROM `Transaction` WHERE id_user = :user"
# What is asked: the query and the index that must serve it.
QUERIES = {
    "newest": (f"SELECT * {OF_A_USER} ORDER BY transaction_date DESC LIMIT 3", "ix_transaction_user_date"),
    "a page by date": (
        f"SELECT * {OF_A_USER} ORDER BY transaction_date DESC, id_transaction DESC LIMIT 20 OFFSET 60",
        "ix_transaction_user_date",
    ),
    "a page from a row on": (
        f"SELECT * {OF_A_USER} AND transaction_date <= '2025-03-01' AND (transaction_date < '2025-03-01' "
        f"OR id_transaction < '{UUID(int=2 << 64)}') ORDER BY transaction_date DESC, id_transaction DESC LIMIT 20",
        "ix_transaction_user_date",
    ),
    "sum by type": (
        f"SELECT transaction_type, SUM(value) {OF_A_USER} GROUP BY transaction_type",
        "ix_transaction_user_date",
    ),
    "count": (f"SELECT COUNT(*) {OF_A_USER}", "ix_transaction_user_date"),
    "sum by type in a date range": (
        f"SELECT transaction_type, SUM(value) {OF_A_USER} AND {DATE} GROUP BY transaction_type",
        "ix_transaction_user_date",
    ),
    "sum of a type": (
        f"SELECT SUM(CASE WHEN transaction_type = 'income' THEN value END) {OF_A_USER}",
        "ix_transaction_user_date",
    ),
    "all of a user": (f"SELECT * {OF_A_USER}", "ix_transaction_user_date"),
    "a file by user and hash": (
        "SELECT * FROM `FileUploadHistory` WHERE id_user = :user AND file_hash = :hash",
        "uq_fileuploadhistory_user_hash",
    ),
    "a user by name": ("SELECT * FROM `User` WHERE username = 'user7'", "uq_user_username"),
    "a user by email": ("SELECT * FROM `User` WHERE email = 'user7@example.com'", "uq_user_email"),
    "a bank by name": ("SELECT * FROM `Bank` WHERE bank_name = 'NEQUI'", "uq_bank_bank_name"),
    "a category by name": (
        "SELECT * FROM `TransactionCategory` WHERE description = 'Educacion'",
        "uq_transactioncategory_description",
    ),
    "insights of a user": ("SELECT * FROM `Insights` WHERE id_user = :user", "fk_insights_user"),
}
UNSORTED = ("newest", "a page by date", "a page from a row on")
FROM_THE_INDEX_ALONE = ("count", "sum by type", "sum by type in a date range", "sum of a type")


def uuid(kind: int, number: int) -> str:
    return str(UUID(int=(kind << 64) + number))


def fill(database: ThrowawayDatabase) -> None:
    """Rows for forty users, in random order of their ids as the services create them."""
    chance = random.Random(42)
    with database.engine.begin() as connection:
        category, insight_category, bank, batch = (
            connection.scalar(text(f"SELECT {key} FROM `{table}` LIMIT 1"))
            for key, table in (
                ("id_category", "TransactionCategory"),
                ("id_category", "InsightCategory"),
                ("id_bank", "Bank"),
                ("id_batch", "TransactionBatch"),
            )
        )
        users = [{"id_user": uuid(1, n), "username": f"user{n}", "email": f"user{n}@example.com"} for n in range(USERS)]
        connection.execute(insert(TABLES["User"]), users)
        transactions: list[dict[str, Any]] = [
            {
                "id_transaction": uuid(2, chance.getrandbits(60)),
                "id_user": uuid(1, n % USERS),
                "id_category": category,
                "id_bank": bank,
                "id_batch": batch,
                "transaction_name": f"Compra {n}",
                "value": n,
                "transaction_date": datetime(2025, 1, 1) + timedelta(minutes=n * 30),
                "transaction_type": "expense" if n % 5 else "income",
            }
            for n in range(TRANSACTIONS)
        ]
        connection.execute(insert(TABLES["Transaction"]), transactions)
        insights = [
            {
                "id_insight": uuid(3, n),
                "id_user": uuid(1, n % USERS),
                "id_category": insight_category,
                "title": "x",
                "text": "x",
                "relevance": 1,
            }
            for n in range(USERS * 5)
        ]
        connection.execute(insert(TABLES["Insights"]), insights)
        files = [
            {
                "id_file": uuid(4, n),
                "id_user": uuid(1, n % USERS),
                "file_hash": f"{n:064x}",
                "file_name": "x",
                "bank_code": "x",
                "id_batch": batch,
                "file_size": 1,
            }
            for n in range(USERS * 5)
        ]
        connection.execute(insert(TABLES["FileUploadHistory"]), files)


def test_every_query_of_the_services_uses_its_index(seeded: ThrowawayDatabase) -> None:
    fill(seeded)
    seeded.sql("ANALYZE TABLE `Transaction`, `Insights`, `FileUploadHistory`, `User`")
    wrong = []
    for what, (query, index) in QUERIES.items():
        plan = explain(seeded, query)
        extra = plan["Extra"] or ""
        sorts = what in UNSORTED and "filesort" in extra
        reads_rows = what in FROM_THE_INDEX_ALONE and not re.search(r"Using index(?! condition)", extra)
        if plan["key"] != index or plan["type"] == "ALL" or sorts or reads_rows:
            wrong.append(f"{what}: {plan}")
    assert not wrong, "\n".join(wrong)


def test_a_missing_index_shows_in_the_plan(seeded: ThrowawayDatabase) -> None:
    fill(seeded)
    seeded.sql("ALTER TABLE `Insights` DROP FOREIGN KEY fk_insights_user, DROP INDEX fk_insights_user")
    assert explain(seeded, QUERIES["insights of a user"][0])["type"] == "ALL"


def explain(database: ThrowawayDatabase, query: str) -> dict[str, Any]:
    """The plan of a query on one table as the server's traditional EXPLAIN has it."""
    parameters = {"user": uuid(1, 7)} if ":user" in query else {}
    if ":hash" in query:
        parameters["hash"] = f"{7:064x}"
    with database.engine.connect() as connection:
        prefix = "EXPLAIN FORMAT=TRADITIONAL " if database.server.flavor.name == "mysql" else "EXPLAIN "
        (plan,) = connection.execute(text(prefix + query), parameters).mappings()
        return dict(plan)
