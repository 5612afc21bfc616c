"""Seeding: adds, mends, leaves alone, and tells the truth about it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from database import create_database_engine
from errors import FlowliteError
from init_database import init_database
from rows import ONE, insert_one_row_each
from seed.identity import row_id
from seed_database import seed_database
from throwaway_database import ThrowawayDatabase

ALL = {
    "Role": 3,
    "Bank": 19,
    "TransactionCategory": 11,
    "InsightCategory": 6,
    "User": 4,
    "UserInfo": 4,
    "TransactionBatch": 21,
    "Transaction": 192,
    "Insights": 10,
}
REFERENCE = dict(list(ALL.items())[:4])
NOTHING: dict[str, Any] = {"inserted": {}, "updated": {}, "deleted": {}, "changed": False}


def counts(database: ThrowawayDatabase) -> dict[str, int]:
    return {table: database.sql(f"SELECT COUNT(*) FROM `{table}`")[0][0] for table in [*ALL, "FileUploadHistory"]}


def test_the_first_run_inserts_and_the_second_changes_nothing(migrated: ThrowawayDatabase) -> None:
    first = seed_database(migrated.engine)
    assert first == {"inserted": ALL, "updated": {}, "deleted": {}, "changed": True}
    assert counts(migrated) == {**ALL, "FileUploadHistory": 0}
    checksum = migrated.sql("CHECKSUM TABLE `User`, `Transaction`, `Insights`, `Bank`")
    assert seed_database(migrated.engine) == NOTHING
    assert migrated.sql("CHECKSUM TABLE `User`, `Transaction`, `Insights`, `Bank`") == checksum


def test_without_demo_data_there_are_reference_rows_only(migrated: ThrowawayDatabase) -> None:
    assert seed_database(migrated.engine, demo_data=False)["inserted"] == REFERENCE
    assert seed_database(migrated.engine, demo_data=False) == NOTHING
    assert migrated.sql("SELECT COUNT(*) FROM `User`") == [(0,)]


def test_edited_rows_are_mended_and_counted(seeded: ThrowawayDatabase) -> None:
    seeded.sql("UPDATE `Bank` SET bank_name = 'Nequi S.A.' WHERE bank_name = 'Nequi'")
    seeded.sql("UPDATE `TransactionCategory` SET description = 'EDUCACION' WHERE description = 'Educacion'")
    seeded.sql("UPDATE `User` SET password = 'plain', active = 0 WHERE email = 'admin@flowlite.com'")
    seeded.sql("UPDATE `Transaction` SET value = value + 1 ORDER BY id_transaction LIMIT 3")
    seeded.sql("DELETE FROM `Insights` ORDER BY id_insight LIMIT 2")
    expected = {"Bank": 1, "TransactionCategory": 1, "User": 1, "Transaction": 3}
    done = seed_database(seeded.engine)
    assert (done["updated"], done["inserted"], done["deleted"]) == (expected, {"Insights": 2}, {})
    description = "SELECT description FROM `TransactionCategory` WHERE description = 'Educacion'"
    assert seeded.sql(description) == [("Educacion",)]
    assert seed_database(seeded.engine) == NOTHING


def test_rows_of_users_are_left_alone(seeded: ThrowawayDatabase) -> None:
    seeded.sql(f"INSERT INTO `Bank` VALUES ('{ONE}', 'Banco de la Esquina')")
    seeded.sql(f"INSERT INTO `User` (id_user, username, email) VALUES ('{ONE}', 'eva', 'eva@example.com')")
    assert seed_database(seeded.engine) == NOTHING
    assert seeded.sql(f"SELECT bank_name FROM `Bank` WHERE id_bank = '{ONE}'") == [("Banco de la Esquina",)]


def test_a_reference_row_under_another_id_keeps_it(migrated: ThrowawayDatabase) -> None:
    migrated.sql(f"INSERT INTO `Bank` VALUES ('{ONE}', 'BANCOLOMBIA')")
    migrated.sql(f"INSERT INTO `TransactionCategory` VALUES ('{ONE}', 'Educacion')")
    migrated.sql(f"INSERT INTO `User` (id_user, username, email) VALUES ('{ONE}', 'juanito', 'Juan.Perez@example.com')")
    done = seed_database(migrated.engine)
    assert done["inserted"] == {**ALL, "Bank": 18, "TransactionCategory": 10, "User": 3}
    assert done["updated"] == {"Bank": 1, "User": 1}
    assert migrated.sql(f"SELECT bank_name FROM `Bank` WHERE id_bank = '{ONE}'") == [("Bancolombia",)]
    of_juan = f"SELECT COUNT(*) FROM `Transaction` WHERE id_user = '{ONE}' AND id_bank = '{ONE}'"
    assert migrated.sql(of_juan) == [(17 * 6,)]
    assert migrated.sql(f"SELECT ciudad FROM `UserInfo` WHERE id_user = '{ONE}'") == [("Bogotá",)]
    assert seed_database(migrated.engine) == NOTHING


def test_a_renamed_row_beside_one_of_its_old_name_is_left_to_its_owner(seeded: ThrowawayDatabase) -> None:
    seeded.sql("UPDATE `Bank` SET bank_name = 'Mi banco' WHERE bank_name = 'Nequi'")
    seeded.sql(f"INSERT INTO `Bank` VALUES ('{ONE}', 'Nequi')")
    done = seed_database(seeded.engine)
    assert done["inserted"] == {}
    # Six months of four movements of the account at Nequi point at the row that has the name now.
    assert done["updated"] == {"Transaction": 24}
    mine = seeded.sql("SELECT bank_name FROM `Bank` WHERE id_bank = :id", id=row_id("Bank", "Nequi"))
    assert mine == [("Mi banco",)]


def test_clean_empties_every_table_and_fills_it_again(seeded: ThrowawayDatabase) -> None:
    seeded.sql(f"INSERT INTO `Bank` VALUES ('{ONE}', 'Banco de la Esquina')")
    seeded.sql(
        "INSERT INTO `FileUploadHistory` (id_file, id_user, file_hash, file_name, bank_code, id_batch, file_size) "
        f"SELECT '{ONE}', '{ONE}', '', 'x', 'x', id_batch, 1 FROM `TransactionBatch` LIMIT 1"
    )
    predicted = seed_database(seeded.engine, clean=True, dry_run=True)
    assert counts(seeded)["Bank"] == 20
    done = seed_database(seeded.engine, clean=True)
    assert done["deleted"] == {**ALL, "Bank": 20, "FileUploadHistory": 1}
    assert done["inserted"] == ALL
    assert done == predicted
    assert counts(seeded) == {**ALL, "FileUploadHistory": 0}


def test_a_dry_run_tells_and_writes_nothing(migrated: ThrowawayDatabase) -> None:
    assert seed_database(migrated.engine, dry_run=True)["inserted"] == ALL
    assert set(counts(migrated).values()) == {0}


@pytest.mark.parametrize("clean", [False, True])
def test_another_revision_is_refused_before_anything_is_written(database: ThrowawayDatabase, clean: bool) -> None:
    init_database(database.engine, "002")
    rows = insert_one_row_each(database)
    with pytest.raises(FlowliteError, match=r"at revision 002, the seed needs 003: run init_database\.py first"):
        seed_database(database.engine, clean=clean)
    assert {table: database.sql(f"SELECT * FROM `{table}`") for table in rows} == rows


def test_a_failure_half_way_leaves_everything_as_it_was(migrated: ThrowawayDatabase) -> None:
    migrated.sql(f"INSERT INTO `User` (id_user, username, email) VALUES ('{ONE}', 'ADMIN', 'someone@example.com')")
    before = counts(migrated)
    with pytest.raises(IntegrityError, match="uq_user_username") as failed:
        seed_database(create_database_engine())
    assert "$2a$" not in repr(failed.getrepr(style="short"))
    assert counts(migrated) == before
    done = migrated.script("seed_database.py")
    assert done.returncode == 1
    assert "Duplicate entry 'admin' for key" in done.stderr
    assert "$2a$" not in done.stdout + done.stderr


@pytest.mark.slow_on_mariadb
def test_the_last_line_is_for_machines(migrated: ThrowawayDatabase) -> None:
    migrated.script("seed_database.py", "--no-demo-data")
    done = migrated.script("seed_database.py", "--clean", "--no-demo-data", "--result")
    prefix, _, values = done.stdout.splitlines()[-1].partition(" ")
    assert prefix == "FLOWLITE_RESULT"
    assert json.loads(values) == {"inserted": REFERENCE, "updated": {}, "deleted": REFERENCE, "changed": True}
    assert "FLOWLITE_RESULT" not in migrated.script("seed_database.py").stdout
