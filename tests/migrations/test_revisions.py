"""The revisions: what each makes, and the way up and down."""

from __future__ import annotations

import re

from sqlalchemy import Engine

from golden import current_schema
from information_schema import Schema
from init_database import init_database
from revisions import scripts
from rows import insert_one_row_each
from throwaway_database import MIGRATIONS, ThrowawayDatabase

NINE = {
    "Bank",
    "InsightCategory",
    "Insights",
    "Role",
    "Transaction",
    "TransactionBatch",
    "TransactionCategory",
    "User",
    "UserInfo",
}
REVISIONS = ["001", "002", "003"]


def schema_of(engine: Engine) -> Schema:
    with engine.connect() as connection:
        return current_schema(connection)


def test_there_is_one_newest_revision_and_the_numbers_have_no_gap() -> None:
    names = [script.revision for script in scripts().walk_revisions()]
    assert scripts().get_heads() == [REVISIONS[-1]]
    assert sorted(names) == REVISIONS
    files = sorted(path.name[:3] for path in (MIGRATIONS / "versions").glob("*.py"))
    assert files == REVISIONS


def test_the_first_upgrade_logs_what_the_documentation_shows(database: ThrowawayDatabase) -> None:
    done = database.script("-m", "alembic", "upgrade", "head")
    assert done.returncode == 0, done.stderr
    expected = "INFO  [alembic.runtime.migration] Running upgrade  -> 001, Initial schema for Flowlite database"
    assert expected in (done.stdout + done.stderr).splitlines()


def test_the_first_revision_makes_exactly_the_nine_tables(database: ThrowawayDatabase) -> None:
    init_database(database.engine, "001")
    assert database.tables() == NINE | {"alembic_version"}


def test_names_are_case_sensitive(migrated: ThrowawayDatabase) -> None:
    migrated.sql("CREATE TABLE `user` (id INT)")
    assert {"User", "user"} <= migrated.tables()


def test_each_step_up_down_up_comes_back_to_the_same_schema(database: ThrowawayDatabase) -> None:
    before = schema_of(database.engine)
    for revision in REVISIONS:
        init_database(database.engine, revision)
        after = schema_of(database.engine)
        assert after != before, f"{revision} changes nothing"
        assert init_database(database.engine, "-1")["applied"] == [revision]
        assert schema_of(database.engine) == before, f"{revision} does not come back"
        init_database(database.engine, revision)
        assert schema_of(database.engine) == after, f"{revision} differs the second time"
        before = after


def test_base_leaves_only_the_version_table(migrated: ThrowawayDatabase) -> None:
    done = init_database(migrated.engine, "base")
    assert done["applied"] == REVISIONS[::-1]
    assert migrated.tables() == {"alembic_version"}
    assert migrated.sql("SELECT COUNT(*) FROM alembic_version") == [(0,)]


def test_rows_survive_every_step_up_and_down(database: ThrowawayDatabase) -> None:
    init_database(database.engine, "001")
    expected = insert_one_row_each(database)
    for revision in [*REVISIONS[1:], *REVISIONS[-2::-1]]:
        init_database(database.engine, revision)
        found = {table: database.sql(f"SELECT * FROM `{table}`") for table in NINE}
        assert found == expected, f"rows changed on the way to {revision}"


def test_history_needs_no_database(database: ThrowawayDatabase) -> None:
    database.url = database.url.set(host="192.0.2.1")
    done = database.script("-m", "alembic", "history")
    assert done.returncode == 0, done.stderr
    assert re.findall(r"-> (\d+)", done.stdout) == REVISIONS[::-1]


def test_the_sql_can_be_written_without_being_run(database: ThrowawayDatabase) -> None:
    done = database.script("-m", "alembic", "upgrade", "head", "--sql")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("CREATE TABLE") == len(NINE) + 2
    collation = {"mysql": "utf8mb4_0900_as_ci", "mariadb": "utf8mb4_uca1400_as_ci"}[database.server.flavor.name]
    assert collation in done.stdout
    assert database.tables() == set()
