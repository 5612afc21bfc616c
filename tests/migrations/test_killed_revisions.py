"""`alembic` by hand, killed (kill -9) at every statement, also of revisions that are written later."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from golden import current_schema
from information_schema import read_schema
from later_revisions import Copy
from throwaway_database import ThrowawayDatabase

# Plain operations, as autogenerate writes them, and rows that are changed between two changes of the schema.
UPGRADE = [
    "op.add_column('Bank', sa.Column('swift', sa.String(11)))",
    "op.get_bind().execute(sa.text(\"UPDATE `Bank` SET swift = CONCAT(bank_name, '-') WHERE id_bank <> :no\"),"
    " {'no': ''})",
    "op.execute(\"UPDATE `Bank` SET bank_name = CONCAT(bank_name, '!')\")",
    "op.alter_column('Bank', 'swift', existing_type=sa.String(11), nullable=False)",
    "op.create_table('Currency', sa.Column('code', sa.String(3), primary_key=True))",
    "op.bulk_insert(sa.table('Currency', sa.column('code')), [{'code': 'COP'}, {'code': 'USD'}])",
    "op.create_index('ix_bank_swift', 'Bank', ['swift'])",
    "op.execute(\"INSERT INTO `Currency` VALUES ('EUR')\")",
]
DOWNGRADE = [
    "op.drop_index('ix_bank_swift', 'Bank')",
    "op.drop_table('Currency')",
    'op.execute("UPDATE `Bank` SET bank_name = LEFT(bank_name, CHAR_LENGTH(bank_name) - 1)")',
    "op.drop_column('Bank', 'swift')",
]


@pytest.fixture
def copy(migrated: ThrowawayDatabase, tmp_path: Path) -> Copy:
    """A copy with one later revision, and two banks."""
    migrated.sql("INSERT INTO `Bank` VALUES ('a', 'Nequi'), ('b', 'Lulo')")
    made = Copy(tmp_path, migrated)
    made.add(UPGRADE, DOWNGRADE)
    return made


def state(database: ThrowawayDatabase) -> Any:
    """Schema, revision and rows."""
    tables = database.tables()
    with database.engine.connect() as connection:
        schema = read_schema(connection, tables - {"alembic_version"})
    rows = {table: sorted(database.sql(f"SELECT * FROM `{table}`")) for table in sorted(tables & {"Bank", "Currency"})}
    return schema, database.sql("SELECT version_num FROM alembic_version"), rows


def alembic(copy: Copy, *arguments: str) -> str:
    """Run it as soon as the server has noticed that the killed run is gone."""
    deadline = time.monotonic() + 10
    while (done := copy.alembic(*arguments)).code:
        assert "another run is changing" in done.output, done.output
        assert time.monotonic() < deadline, done.output
        time.sleep(0.02)
    return done.output


def kill_points(copy: Copy, *arguments: str) -> Iterator[int]:
    """Kill a run after its first statement, its second, …; ends with the one that runs through."""
    for at in range(1, 200):
        done = copy.alembic(*arguments, kill_at=at)
        if not done.killed:
            assert done.code == 0, done.output
            return
        yield at


@pytest.mark.slow
def test_a_later_revision_converges_from_every_point(copy: Copy) -> None:
    before = state(copy.database)
    alembic(copy, "upgrade", "head")
    after = state(copy.database)
    assert after[2]["Bank"] == [("a", "Nequi!", "Nequi-"), ("b", "Lulo!", "Lulo-")]
    up = down = 0
    down_command = ("-x", "allow_data_loss=true", "downgrade", "-1")
    alembic(copy, *down_command)
    assert state(copy.database) == before
    for at in kill_points(copy, "upgrade", "head"):
        alembic(copy, "upgrade", "head")
        assert state(copy.database) == after, f"killed at point {at} of the upgrade"
        alembic(copy, *down_command)
        up += 1
    for at in kill_points(copy, *down_command):
        alembic(copy, "-x", "allow_data_loss=true", "downgrade", "003")
        assert state(copy.database) == before, f"killed at point {at} of the downgrade"
        alembic(copy, "upgrade", "head")
        down += 1
    print(f"\n{copy.database.server.flavor.name}: {up} kill points upwards, {down} downwards, all converged")
    # After each statement, the journal's notes of the changes of the schema, and their commits.
    assert up >= 20
    assert down >= 15


def test_a_killed_downgrade_is_finished_before_an_upgrade(copy: Copy) -> None:
    alembic(copy, "upgrade", "head")
    after = state(copy.database)
    # After the first change of the schema: journal's table, commit, note, commit, DROP INDEX.
    seen = 0
    for _ in kill_points(copy, "-x", "allow_data_loss=true", "downgrade", "-1"):
        seen += "ix_bank_swift" not in str(state(copy.database)[0])
        text = alembic(copy, "upgrade", "head")
        assert state(copy.database) == after, text
        if seen == 2:
            break
    assert seen == 2
    assert "Running downgrade 004 -> 003" in text


def test_a_revision_that_was_changed_half_way_is_refused(copy: Copy) -> None:
    for _ in kill_points(copy, "upgrade", "head"):
        if "swift" in str(state(copy.database)[0]):
            break
    (file,) = (copy.directory / "versions").glob("004*")
    text = file.read_text()
    file.write_text(text.replace("sa.String(11)))", "sa.String(12)))"))
    done = copy.alembic("upgrade", "head")
    assert done.code
    assert "revision 004 was changed after a run of it had been stopped half way" in done.output
    file.write_text(text)
    alembic(copy, "upgrade", "head")


def test_a_statement_that_the_server_refuses_can_be_mended_and_repeated(copy: Copy) -> None:
    copy.database.sql("UPDATE `Bank` SET bank_name = 'longer than eleven' WHERE id_bank = 'a'")
    done = copy.alembic("upgrade", "head")
    assert done.code
    assert "Data too long for column 'swift'" in done.output
    copy.database.sql("UPDATE `Bank` SET bank_name = 'short' WHERE id_bank = 'a'")
    alembic(copy, "upgrade", "head")
    assert copy.database.sql("SELECT swift FROM `Bank` ORDER BY 1") == [("Lulo-",), ("short-",)]


def test_stamping_is_the_way_out(copy: Copy) -> None:
    for _ in kill_points(copy, "upgrade", "head"):
        if "swift" in str(state(copy.database)[0]):
            break
    copy.database.sql("ALTER TABLE `Bank` DROP COLUMN swift")
    alembic(copy, "stamp", "003")
    assert "flowlite_migration_journal" not in copy.database.tables()
    with copy.database.engine.connect() as connection:
        assert "swift" not in current_schema(connection)["Bank"]["columns"]
