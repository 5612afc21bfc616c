"""check_database.py: before anything exists, when all is well, and after somebody changed something."""

from __future__ import annotations

import json
from typing import Any

import pytest

from init_database import init_database
from throwaway_database import ThrowawayDatabase


def check(database: ThrowawayDatabase, *options: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, result and the lines for a person."""
    done = database.script("check_database.py", "--result", *options)
    assert "Traceback" not in done.stderr
    *lines, last = done.stdout.splitlines()
    return done.returncode, json.loads(last.removeprefix("FLOWLITE_RESULT ")), "\n".join(lines)


def test_before_the_schema_exists_it_lists_what_is_missing(database: ThrowawayDatabase) -> None:
    code, found, text = check(database)
    assert code == 1
    assert (found["ok"], found["revision"], found["head"]) == (False, None, "003")
    assert [item["revision"] for item in found["pending"]] == ["001", "002", "003"]
    assert found["pending"][0]["message"] == "Initial schema for Flowlite database"
    assert found["seed_pending"] is None
    assert [problem["what"].split()[0] for problem in found["problems"]] == ["the", "tables"]
    assert "✗ tables missing: Bank, FileUploadHistory" in text
    assert database.tables() == set(), "a check must not create anything"


def test_a_complete_database_passes(seeded: ThrowawayDatabase) -> None:
    code, found, _ = check(seeded)
    assert code == 0
    assert found["ok"]
    assert found["problems"] == found["pending"] == []
    assert found["seed_pending"] == {"inserted": 0, "updated": 0}
    assert set(found["tables"].values()) == {None}


def test_verbose_adds_version_and_rows(seeded: ThrowawayDatabase) -> None:
    code, found, text = check(seeded, "--verbose")
    assert code == 0
    assert found["tables"]["Transaction"] == 192
    flavor = {"mysql": "(MySQL)", "mariadb": "(MariaDB)"}[seeded.server.flavor.name]
    assert found["server"].endswith(flavor)
    assert found["server"] in text
    assert "Transaction 192" in text


def test_an_older_revision_is_a_problem(database: ThrowawayDatabase) -> None:
    init_database(database.engine, "002")
    code, found, _ = check(database)
    assert code == 1
    assert [item["revision"] for item in found["pending"]] == ["003"]
    assert len(found["problems"]) == 1


@pytest.mark.slow_on_mariadb
def test_the_seed_that_is_missing_is_counted(migrated: ThrowawayDatabase) -> None:
    code, found, _ = check(migrated)
    assert code == 1
    assert found["seed_pending"] == {"inserted": 270, "updated": 0}
    assert found["problems"][0]["what"].startswith("reference data missing or edited in Role, Bank")
    _, found, _ = check(migrated, "--no-demo-data")
    assert found["seed_pending"] == {"inserted": 39, "updated": 0}


def test_missing_demo_data_are_pending_but_no_problem(seeded: ThrowawayDatabase) -> None:
    seeded.sql("DELETE FROM `Insights`")
    seeded.sql("UPDATE `User` SET role = NULL WHERE username = 'admin'")
    code, found, _ = check(seeded)
    assert code == 0
    assert found["seed_pending"] == {"inserted": 10, "updated": 1}


def test_every_change_by_hand_is_a_problem(seeded: ThrowawayDatabase) -> None:
    seeded.sql("ALTER TABLE `User` DROP INDEX uq_user_username, MODIFY email VARCHAR(255) NOT NULL")
    seeded.sql("ALTER TABLE `Transaction` DROP CONSTRAINT ck_transaction_value")
    seeded.sql("ALTER TABLE `UserInfo` DROP COLUMN pais")
    code, found, _ = check(seeded)
    assert code == 1
    what = "\n".join(problem["what"] for problem in found["problems"])
    assert "uq_user_username" in what
    assert "User.columns.email.collation" in what
    assert "ck_transaction_value" in what
    assert "UserInfo.pais" in what
    assert "the rows cannot be read" in what
    assert all(problem["remedy"] for problem in found["problems"])


def test_a_dropped_table_is_a_problem(seeded: ThrowawayDatabase) -> None:
    seeded.sql("DROP TABLE `Insights`")
    code, found, text = check(seeded)
    assert code == 1
    assert "✗ tables missing: Insights" in text
    assert "Insights" not in found["tables"]


def test_a_server_that_is_away_is_a_problem(database: ThrowawayDatabase) -> None:
    database.url = database.url.set(port=1)
    code, found, _ = check(database)
    assert code == 1
    assert "is the server running" in found["problems"][0]["remedy"]
