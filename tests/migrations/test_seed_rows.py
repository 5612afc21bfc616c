"""The data themselves: ids, names, password hashes, dates and amounts."""

from __future__ import annotations

import ctypes
from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from seed.data_files import load
from seed.demo_rows import dependent_rows, user_rows
from seed.identity import NAMESPACE, row_id
from seed.reference_rows import COLUMNS, reference_rows
from throwaway_database import ThrowawayDatabase

CATEGORIES = [
    "Retiros_Efectivo",
    "Alimentacion_Restaurantes",
    "Supermercados_Hogar",
    "Combustible_Transporte",
    "Entretenimiento",
    "Servicios_Publicos",
    "Vivienda_Arriendo",
    "Salud_Cuidado_Personal",
    "Educacion",
    "Obligaciones_Financieras",
    "Transferencias_Ingresos",
]
PASSWORDS = {
    "juan.perez@example.com": "password123",
    "maria.lopez@example.com": "password123",
    "admin@flowlite.com": "admin123",
}
IDS = """SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = DATABASE() AND column_type = 'char(36)'"""


def demo_rows() -> dict[str, list[dict[str, Any]]]:
    ids = {(table, row[name]): row[key] for table, (key, name) in COLUMNS.items() for row in reference_rows()[table]}
    ids |= {("User", user["email"]): user["id_user"] for user in user_rows()}
    return dependent_rows(ids)


def names(table: str) -> list[str]:
    return [row[COLUMNS[table][1]] for row in reference_rows()[table]]


def test_reference_names_are_those_that_the_services_expect() -> None:
    assert names("TransactionCategory") == CATEGORIES
    assert names("Role") == ["ADMIN", "USER", "PREMIUM_USER"]
    insight_categories = [
        "Ahorro",
        "Presupuesto",
        "Análisis de Gastos",
        "Análisis de Ingresos",
        "Tendencias",
        "Alertas",
    ]
    assert names("InsightCategory") == insight_categories
    assert {"Bancolombia", "Davivienda", "Banco de Bogotá", "BBVA Colombia", "Nequi"} <= set(names("Bank"))
    assert len({name.casefold() for name in names("Bank")}) == len(names("Bank")) >= 12


def test_ids_never_change() -> None:
    assert str(NAMESPACE) == "7d1a3c58-5f0e-4c0b-9a55-0f10f1173b5e"
    assert row_id("Bank", "Bancolombia") == "11eb28a4-b48a-5267-b388-a69d2ac7b123"


def test_every_id_in_the_database_is_a_uuid(seeded: ThrowawayDatabase) -> None:
    columns = seeded.sql(IDS)
    assert len(columns) == 18
    for table, column in columns:
        for (value,) in seeded.sql(f"SELECT `{column}` FROM `{table}` WHERE `{column}` IS NOT NULL"):
            assert UUID(value).version == 5, f"{table}.{column} {value}"
            assert str(UUID(value)) == value


@pytest.mark.parametrize("email", [user["email"] for user in user_rows()])
def test_password_hashes_verify(email: str) -> None:
    (stored,) = (user["password"] for user in user_rows() if user["email"] == email)
    assert stored.startswith("$2a$10$")
    assert crypt(PASSWORDS.get(email, "password123"), stored) == stored
    assert crypt("another", stored) != stored


def test_users_are_those_of_the_documentation() -> None:
    users = {user["email"]: user for user in user_rows()}
    assert PASSWORDS.keys() < users.keys()
    roles = {email: users[email]["role"] for email in PASSWORDS}
    assert list(roles.values()) == ["USER", "USER", "ADMIN"]
    assert all(users[email]["active"] for email in PASSWORDS)
    assert [email for email in users if not users[email]["active"]] == ["carlos.ramirez@example.com"]
    assert {row["id_user"] for row in demo_rows()["UserInfo"]} == {user["id_user"] for user in user_rows()}


def test_transactions_cover_half_a_year_and_every_category() -> None:
    rows = demo_rows()
    transactions = rows["Transaction"]
    assert 150 <= len(transactions) <= 200
    assert len({row["id_transaction"] for row in transactions}) == len(transactions)
    assert len({row["transaction_date"].strftime("%Y-%m") for row in transactions}) == 6
    assert {row["id_category"] for row in transactions} == {row_id("TransactionCategory", name) for name in CATEGORIES}
    assert {row["transaction_type"] for row in transactions} == {"income", "expense"}
    assert all(row["value"] > 0 and row["value"] == round(row["value"], 2) for row in transactions)
    sizes = Counter(row["id_batch"] for row in transactions)
    batches = {row["id_batch"]: row for row in rows["TransactionBatch"]}
    assert all(batches[batch]["batch_size"] == size for batch, size in sizes.items())
    assert all(row["transaction_date"] < batches[row["id_batch"]]["start_date"] for row in transactions)
    assert {row["process_status"] for row in batches.values()} == {"pending", "processing", "completed", "error"}


def test_amounts_that_vary_do_so_around_what_is_written() -> None:
    energy = [row["value"] for row in demo_rows()["Transaction"] if "Enel" in row["transaction_name"]]
    assert len(set(energy)) == 6
    assert all(0.85 * 118300 < value < 1.15 * 118300 and value % 100 == 0 for value in energy)


def test_insights_cover_every_category_and_fit_the_service() -> None:
    insights = demo_rows()["Insights"]
    assert {row["id_category"] for row in insights} == {row_id("InsightCategory", n) for n in names("InsightCategory")}
    assert all(1 <= row["relevance"] <= 10 for row in insights)
    assert len(insights) == len(load("demo/insights.yml"))


def crypt(password: str, setting: str) -> str:
    """The hash by the C library's bcrypt, which is not the one that made the hashes."""
    function = ctypes.CDLL("libcrypt.so.1").crypt
    function.restype = ctypes.c_char_p
    return str(function(password.encode(), setting.encode()).decode())
