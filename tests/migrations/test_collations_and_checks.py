"""What the services find by name, and which values the tables refuse."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from rows import DAY, ONE, insert_one_row_each
from throwaway_database import ThrowawayDatabase

OTHER = "00000000-0000-0000-0000-000000000002"
INSERT_TRANSACTION = (
    f"INSERT INTO `Transaction` VALUES ('{OTHER}', '{ONE}', '{ONE}', NULL, NULL, 'x', :value, '{DAY}', :type)"
)
INSERT_USER = f"INSERT INTO `User` (id_user, username, email) VALUES ('{OTHER}', :username, :email)"


@pytest.fixture
def filled(migrated: ThrowawayDatabase) -> ThrowawayDatabase:
    """One row in each table."""
    insert_one_row_each(migrated)
    return migrated


def test_a_bank_is_found_in_any_case_of_letters(filled: ThrowawayDatabase) -> None:
    found = filled.sql("SELECT bank_name FROM `Bank` WHERE bank_name = :name", name="BANCOLOMBIA")
    assert found == [("Bancolombia",)]


@pytest.mark.parametrize("column", ["username", "email"])
def test_an_accent_makes_another_login_but_a_capital_does_not(filled: ThrowawayDatabase, column: str) -> None:
    find = f"SELECT 1 FROM `User` WHERE {column} = :name"
    plain = {"username": "ana", "email": "ana@example.com"}[column]
    assert filled.sql(find, name=plain.upper()) == [(1,)]
    assert filled.sql(find, name=plain.replace("a", "á", 1)) == []
    filled.sql(INSERT_USER, username="aná", email="aná@example.com")


@pytest.mark.parametrize(
    ("username", "email", "index"),
    [("ANA", "other@example.com", "uq_user_username"), ("other", "Ana@Example.com", "uq_user_email")],
)
def test_a_second_user_of_the_name_is_refused(filled: ThrowawayDatabase, username: str, email: str, index: str) -> None:
    with pytest.raises(DBAPIError, match=index):
        filled.sql(INSERT_USER, username=username, email=email)


@pytest.mark.parametrize(("table", "name"), [("Bank", "bancolombia"), ("InsightCategory", "AHORRO")])
def test_a_second_row_of_the_name_is_refused(filled: ThrowawayDatabase, table: str, name: str) -> None:
    with pytest.raises(DBAPIError, match=f"uq_{table.lower()}"):
        filled.sql(f"INSERT INTO `{table}` VALUES ('{OTHER}', :name)", name=name)


def test_four_byte_characters_are_kept(filled: ThrowawayDatabase) -> None:
    filled.sql("UPDATE `Insights` SET title = :title", title="Ahorro 🐷 ñ")
    assert filled.sql("SELECT title FROM `Insights`") == [("Ahorro 🐷 ñ",)]


@pytest.mark.parametrize(
    ("value", "type_", "refused_by"),
    [
        ("10.00", "income", None),
        ("0", "expense", None),
        ("-0.01", "expense", "ck_transaction_value"),
        ("1", "Income", "ck_transaction_transaction_type"),
        ("1", "gasto", "ck_transaction_transaction_type"),
    ],
)
def test_transactions_have_a_sign_by_type_only(
    filled: ThrowawayDatabase, value: str, type_: str, refused_by: str | None
) -> None:
    if refused_by is None:
        filled.sql(INSERT_TRANSACTION, value=value, type=type_)
        return
    with pytest.raises(DBAPIError, match=refused_by):
        filled.sql(INSERT_TRANSACTION, value=value, type=type_)


def test_a_batch_has_one_of_the_four_states(filled: ThrowawayDatabase) -> None:
    for state in ("pending", "processing", "completed", "error"):
        filled.sql("UPDATE `TransactionBatch` SET process_status = :state", state=state)
    with pytest.raises(DBAPIError, match="ck_transactionbatch_process_status"):
        filled.sql("UPDATE `TransactionBatch` SET process_status = 'done'")


def test_a_file_is_recorded_once_for_a_user(filled: ThrowawayDatabase) -> None:
    insert = (
        "INSERT INTO `FileUploadHistory` (id_file, id_user, file_hash, file_name, bank_code, id_batch, file_size) "
        f"VALUES (:id, :user, '{'a' * 64}', 'enero.xlsx', 'BANCOLOMBIA', '{ONE}', 10)"
    )
    filled.sql(insert, id=ONE, user=ONE)
    filled.sql(insert, id=OTHER, user=OTHER)
    assert filled.sql("SELECT COUNT(*) FROM `FileUploadHistory` WHERE upload_date > '2020-01-01'") == [(2,)]
    with pytest.raises(DBAPIError, match="uq_fileuploadhistory_user_hash"):
        filled.sql(insert, id=OTHER.replace("2", "3"), user=ONE)


def test_defaults(filled: ThrowawayDatabase) -> None:
    filled.sql(INSERT_USER, username="b", email="b@example.com")
    assert filled.sql(f"SELECT active, password, role FROM `User` WHERE id_user = '{OTHER}'") == [(1, None, None)]
