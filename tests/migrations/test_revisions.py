"""The revisions: what each makes, and the way up and down. A later revision is tested without a change here."""

from __future__ import annotations

import re

import pytest
from alembic import command
from sqlalchemy import Column, Constraint, Index, Integer, MetaData, Table

from any_rows import OTHERS, changes, insert_rows, read_rows
from information_schema import Schema, read_schema
from init_database import init_database
from models import Base
from revisions import alembic_config, pending, scripts
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
REVISIONS = [script.revision for script in pending(None)]
# The servers' limit, and that of Alembic's column for the revision.
LONGEST_NAME = 64
LONGEST_REVISION = 32
# How our keys and checks are called; the servers name what has no name, each in its own way.
PREFIXES = ("PRIMARY", "uq_", "ix_", "fk_", "ck_")


def go_up(revision: str) -> None:
    command.upgrade(alembic_config(), revision)


def go_down(revision: str) -> None:
    config = alembic_config()
    # The rows of what a revision made go with it.
    config.attributes["allow_data_loss"] = True
    command.downgrade(config, revision)


def schema_of(database: ThrowawayDatabase) -> Schema:
    """All tables, also those that the models do not know."""
    tables = database.tables() - OTHERS
    with database.engine.connect() as connection:
        return read_schema(connection, tables)


def names_of_keys(schema: Schema) -> list[str]:
    parts = ("indexes", "foreign_keys", "checks")
    return [f"{table}.{name}" for table, found in schema.items() for part in parts for name in found[part]]


def too_long(metadata: MetaData) -> list[str]:
    """The names in models that a server would refuse."""
    names = list(metadata.tables)
    for table in metadata.tables.values():
        names += [column.name for column in table.columns]
        names += [str(index.name) for index in table.indexes]
        names += [str(key.name) for key in table.constraints if isinstance(key, Constraint)]
    return [name for name in names if len(name) > LONGEST_NAME]


def test_there_is_one_newest_revision_and_the_numbers_have_no_gap() -> None:
    assert scripts().get_heads() == [REVISIONS[-1]]
    assert [f"{number:03d}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    files = sorted(path.name[:3] for path in (MIGRATIONS / "versions").glob("*.py"))
    assert files == REVISIONS


def test_names_are_within_the_limits() -> None:
    assert too_long(Base.metadata) == []
    assert [revision for revision in REVISIONS if len(revision) > LONGEST_REVISION] == []


def test_a_name_that_is_too_long_is_found() -> None:
    long = "x" * (LONGEST_NAME + 1)
    table = Table("T", MetaData(), Column("a", Integer), Column(long, Integer))
    Index(f"ix_{long}", table.c.a)
    assert too_long(table.metadata) == [long, f"ix_{long}"]


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


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_step_up_down_up_comes_back_and_keeps_the_rows(database: ThrowawayDatabase, revision: str) -> None:
    before = scripts().get_revision(revision).down_revision
    if before:
        go_up(str(before))
    below = schema_of(database)
    insert_rows(database, full=1, sparse=2)
    rows = read_rows(database)
    go_up(revision)
    above = schema_of(database)
    assert above != below or read_rows(database) != rows, f"{revision} changes nothing"
    assert changes(rows, read_rows(database)) == [], f"{revision} changes rows on the way up"
    unnamed = [name for name in names_of_keys(above) if not name.partition(".")[2].startswith(PREFIXES)]
    assert unnamed == [], f"{revision} leaves names to the server, which differ by its kind"
    insert_rows(database, full=3, sparse=4)
    rows = read_rows(database)
    go_down("-1")
    assert schema_of(database) == below, f"{revision} does not come back"
    assert changes(rows, read_rows(database)) == [], f"{revision} changes rows on the way down"
    rows = read_rows(database)
    go_up(revision)
    assert schema_of(database) == above, f"{revision} differs the second time"
    assert changes(rows, read_rows(database)) == [], f"{revision} changes rows on the way up again"


def test_base_leaves_only_the_version_table(migrated: ThrowawayDatabase) -> None:
    done = init_database(migrated.engine, "base")
    assert done["applied"] == REVISIONS[::-1]
    assert migrated.tables() == {"alembic_version"}
    assert migrated.sql("SELECT COUNT(*) FROM alembic_version") == [(0,)]


def test_history_needs_no_database(database: ThrowawayDatabase) -> None:
    database.url = database.url.set(host="192.0.2.1")
    done = database.script("-m", "alembic", "history")
    assert done.returncode == 0, done.stderr
    assert re.findall(r"-> (\d+)", done.stdout) == REVISIONS[::-1]


def test_the_sql_can_be_written_without_being_run(database: ThrowawayDatabase) -> None:
    done = database.script("-m", "alembic", "upgrade", "head", "--sql")
    assert done.returncode == 0, done.stderr
    assert set(re.findall(r"CREATE TABLE `?(\w+)", done.stdout)) >= {*Base.metadata.tables, *OTHERS}
    collation = {"mysql": "utf8mb4_0900_as_ci", "mariadb": "utf8mb4_uca1400_as_ci"}[database.server.flavor.name]
    assert collation in done.stdout
    assert database.tables() == set()
