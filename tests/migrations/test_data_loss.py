"""Going back: what destroys data is refused and counted, unless it is allowed; what does not is simply done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from errors import FlowliteError
from init_database import init_database
from later_revisions import Copy
from rows import insert_one_row_each
from throwaway_database import ThrowawayDatabase


def test_rows_of_dropped_tables_are_counted_and_kept(migrated: ThrowawayDatabase) -> None:
    insert_one_row_each(migrated)
    with pytest.raises(FlowliteError) as refused:
        init_database(migrated.engine, "base")
    assert "nothing was changed" in str(refused.value)
    assert "1 rows of table Transaction (taking back 001)" in str(refused.value)
    assert "FileUploadHistory" not in str(refused.value), "an empty table loses nothing"
    assert "db_schema_allow_data_loss=true" in str(refused.value)
    assert migrated.sql("SELECT version_num FROM alembic_version") == [("003",)]
    assert init_database(migrated.engine, "base", allow_data_loss=True)["revision"] is None


def test_by_hand_it_is_the_same(migrated: ThrowawayDatabase) -> None:
    insert_one_row_each(migrated)
    assert migrated.script("-m", "alembic", "downgrade", "001").returncode == 0, "an index and an empty table"
    refused = migrated.script("-m", "alembic", "downgrade", "base")
    assert refused.returncode
    assert "alembic -x allow_data_loss=true downgrade" in refused.stdout + refused.stderr
    assert migrated.sql("SELECT version_num FROM alembic_version") == [("001",)]
    done = migrated.script("-m", "alembic", "-x", "allow_data_loss=true", "downgrade", "base")
    assert done.returncode == 0
    assert "Lost by the downgrade: 1 rows of table User" in done.stdout + done.stderr


def test_every_way_to_destroy_is_counted(migrated: ThrowawayDatabase, tmp_path: Path) -> None:
    insert_one_row_each(migrated)
    copy = Copy(tmp_path, migrated)
    copy.add(
        [],
        [
            "op.drop_column('UserInfo', 'ciudad')",
            "op.drop_column('UserInfo', 'pais')",
            "op.execute('ALTER TABLE `Bank` ADD INDEX x (bank_name), DROP bank_name, DROP INDEX x')",
            "op.execute(\"DELETE FROM `Role` WHERE role_name = 'USER'\")",
            "op.execute(\"DELETE FROM `Role` WHERE role_name = 'ADMIN'\")",
            "op.execute('TRUNCATE `Insights`')",
            "op.execute('DROP TABLE `UserInfo`, `FileUploadHistory`')",
        ],
    )
    assert copy.alembic("upgrade", "head").code == 0
    output = copy.alembic("downgrade", "-1").output
    # Alembic logs its errors and prints them.
    assert list(dict.fromkeys(line for line in output.splitlines() if line.startswith("  - "))) == [
        f"  - 1 {what} (taking back 004)"
        for what in (
            "values of column UserInfo.ciudad",
            "values of column Bank.bank_name",
            "rows of table Role",
            "rows of table Insights",
            "rows of table UserInfo",
        )
    ]


def test_the_plan_shows_sql_and_losses_and_changes_nothing(seeded: ThrowawayDatabase) -> None:
    done = seeded.script("plan_migration.py", "--revision=base", "--result")
    assert done.returncode == 1
    assert "    DROP TABLE IF EXISTS `Transaction`;" in done.stdout.splitlines()
    found = json.loads(done.stdout[done.stdout.index("FLOWLITE_RESULT ") :].splitlines()[0].partition(" ")[2])
    assert [plan["revision"] for plan in found["plans"]] == ["003", "002", "001"]
    assert "192 rows of table Transaction" in found["problems"][0]
    assert seeded.script("check_database.py").returncode == 0
    assert seeded.script("plan_migration.py", "--revision=base", "--allow-data-loss").returncode == 0


def test_the_plan_of_an_empty_database_is_the_whole_schema(database: ThrowawayDatabase) -> None:
    done = database.script("plan_migration.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("CREATE TABLE") == 10
    assert "✓ 3 revisions to run" in done.stdout
    assert database.tables() == set()
