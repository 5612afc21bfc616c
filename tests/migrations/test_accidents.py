"""The connection is cut, the server dies or its disk is full in the middle of a revision: a clear error, and the next
run finishes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from later_revisions import Copy
from migration_lock import lock_name
from throwaway_database import ThrowawayDatabase
from throwaway_server import ThrowawayServer, docker

# The second change waits for the test's open transaction; the rows in between are lost with the connection.
UPGRADE = [
    "ALTER TABLE `Bank` ADD COLUMN swift VARCHAR(11)",
    "INSERT INTO `Role` VALUES ('a', 'AUDITOR')",
    "ALTER TABLE `Transaction` ADD COLUMN note VARCHAR(10)",
    "UPDATE `Bank` SET swift = 'x'",
]

# Copies some megabytes.
FILLED = "ALTER TABLE `InsightCategory` ADD COLUMN note VARCHAR(10) FIRST, ALGORITHM=COPY"


def start_and_wait(copy: Copy) -> tuple[int, int]:
    """Start the upgrade in a process; it and its connection, once it waits for the table."""
    child = os.fork()
    if child == 0:
        os._exit(copy.alembic("upgrade", "head").code)
    deadline = time.monotonic() + 30
    name = lock_name(copy.database.name)
    while time.monotonic() < deadline:
        for row in copy.database.sql("SHOW PROCESSLIST"):
            if "metadata lock" in str(row[6]) and copy.database.sql("SELECT IS_USED_LOCK(:n)", n=name) == [(row[0],)]:
                return child, row[0]
        time.sleep(0.05)
    pytest.fail("the migration never waited for the table")


def converges(copy: Copy) -> None:
    deadline = time.monotonic() + 20
    while (done := copy.alembic("upgrade", "head")).code:
        assert "another run is changing" in done.output, done.output
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert copy.database.sql("SELECT COUNT(*) FROM `Role`") == [(1,)]
    assert copy.database.sql("SELECT DISTINCT swift FROM `Bank`") == [("x",)]
    assert copy.database.sql("SHOW COLUMNS FROM `Transaction` LIKE 'note'") != []
    assert "flowlite_migration_journal" not in copy.database.tables()


def prepared(database: ThrowawayDatabase, directory: Path) -> Copy:
    database.sql("INSERT INTO `Bank` VALUES ('a', 'Nequi')")
    copy = Copy(directory, database)
    copy.add_sql(UPGRADE)
    return copy


def test_a_connection_that_is_cut(migrated: ThrowawayDatabase, tmp_path: Path) -> None:
    copy = prepared(migrated, tmp_path)
    with migrated.engine.connect() as reader:
        reader.execute(text("SELECT COUNT(*) FROM `Transaction`"))
        child, connection = start_and_wait(copy)
        migrated.sql(f"KILL {connection}")
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) != 0
    output = (copy.directory / "output.log").read_text()
    assert "start the same run again" in output
    assert "Traceback" not in output
    converges(copy)


@pytest.mark.slow
def test_a_server_that_dies_and_comes_back(
    server: ThrowawayServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = ThrowawayServer(server.flavor)
    try:
        own.start()
        database = ThrowawayDatabase(own)
        database.create()
        monkeypatch.setenv("DATABASE_URL", database.url_text)
        assert database.script("-m", "alembic", "upgrade", "head").returncode == 0
        copy = prepared(database, tmp_path)
        reader = database.engine.connect()
        reader.execute(text("SELECT COUNT(*) FROM `Transaction`"))
        child, _ = start_and_wait(copy)
        docker("kill", "--signal", "KILL", own.container)
        _, status = os.waitpid(child, 0)
        reader.invalidate()
        assert os.waitstatus_to_exitcode(status) != 0
        assert "start the same run again" in (copy.directory / "output.log").read_text()
        docker("start", own.container)
        own.wait()
        database.move()
        monkeypatch.setenv("DATABASE_URL", database.url_text)
        converges(copy)
    finally:
        own.stop()


@pytest.mark.slow
def test_a_disk_that_is_full(server: ThrowawayServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = ThrowawayServer(server.flavor, "--tmpfs", "/var/lib/mysql:size=400m,uid=999,gid=999,mode=0750")
    fill = "cat /dev/zero >/var/lib/mysql/filler 2>/dev/null; truncate -s -3M /var/lib/mysql/filler"
    try:
        own.start()
        database = ThrowawayDatabase(own)
        database.create()
        monkeypatch.setenv("DATABASE_URL", database.url_text)
        assert database.script("-m", "alembic", "upgrade", "head").returncode == 0
        database.sql("INSERT INTO `Bank` VALUES ('a', 'Nequi')")
        copy = Copy(tmp_path, database)
        copy.add_sql([*UPGRADE[:2], FILLED, *UPGRADE[2:]])
        pairs = "information_schema.collations a JOIN information_schema.collations b"
        database.sql(
            f"INSERT INTO `InsightCategory` SELECT UUID(), CONCAT(UUID(), REPEAT('x', 200)) FROM {pairs} LIMIT 20000"
        )
        docker("exec", own.container, "sh", "-c", fill)
        done = copy.alembic("upgrade", "head")
        assert done.code
        assert database.sql("SELECT COUNT(*) FROM flowlite_migration_journal") != [(0,)], "it failed before the middle"
        assert "The server's disk may be full: make room" in done.output, done.output
        docker("exec", own.container, "rm", "/var/lib/mysql/filler")
        converges(copy)
    finally:
        own.stop()
