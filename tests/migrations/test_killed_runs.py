"""Runs that are killed (kill -9) at every statement: the next run brings the schema to where it should be."""

from __future__ import annotations

import os
import signal
import time

import pytest
from sqlalchemy import Connection, Engine, event, text

from errors import FlowliteError
from golden import current_schema, golden_differences
from init_database import init_database
from migration_lock import lock_name
from throwaway_database import ThrowawayDatabase

CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")


def run_and_be_killed(engine: Engine, revision: str, after: int) -> bool:
    """Migrate in a process that kills itself after so many changes; whether it was killed before the end."""
    child = os.fork()
    if child == 0:
        count = 0

        @event.listens_for(Engine, "after_cursor_execute")
        def _kill(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
            nonlocal count
            count += statement.lstrip().upper().startswith(CHANGES)
            if count == after:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            init_database(engine, revision)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def repeat(engine: Engine, revision: str) -> None:
    """Migrate as soon as the server has noticed that the killed run is gone."""
    deadline = time.monotonic() + 10
    while True:
        try:
            init_database(engine, revision)
        except FlowliteError as error:
            if "another run is changing" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@pytest.mark.slow
def test_up_and_down_converge_after_a_kill_at_any_statement(database: ThrowawayDatabase) -> None:
    kills_up = kills_down = 0
    for after in range(1, 100):
        killed_up = run_and_be_killed(database.engine, "head", after)
        repeat(database.engine, "head")
        with database.engine.connect() as connection:
            assert golden_differences(connection) == [], f"killed after {after} changes upwards"
        killed_down = run_and_be_killed(database.engine, "base", after)
        repeat(database.engine, "base")
        with database.engine.connect() as connection:
            assert current_schema(connection) == {}, f"killed after {after} changes downwards"
        kills_up += killed_up
        kills_down += killed_down
        if not killed_up and not killed_down:
            break
    # Fifteen changes of the schema and three of the version, upwards and downwards.
    assert kills_up >= 18
    assert kills_down >= 18


def test_a_killed_run_keeps_the_lock_while_its_statement_is_under_way(database: ThrowawayDatabase) -> None:
    init_database(database.engine, "002")
    with database.engine.connect() as reader:
        # An open transaction on the table makes the ALTER TABLE of 003 wait.
        reader.execute(text("SELECT COUNT(*) FROM `Transaction`"))
        child = os.fork()
        if child == 0:
            try:
                init_database(database.engine, "head")
            finally:
                os._exit(0)
        _wait_for(reader, database.name)
        with pytest.raises(FlowliteError, match="another run is changing the database"):
            init_database(database.engine, "head")
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    repeat(database.engine, "head")
    with database.engine.connect() as connection:
        assert golden_differences(connection) == []


def _wait_for(connection: Connection, database: str) -> None:
    """Until some connection holds the lock and waits for the table."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        holder = connection.scalar(text("SELECT IS_USED_LOCK(:name)"), {"name": lock_name(database)})
        states = {row["Id"]: row["State"] or "" for row in connection.execute(text("SHOW PROCESSLIST")).mappings()}
        if holder and "metadata lock" in states.get(holder, ""):
            return
        time.sleep(0.05)
    pytest.fail("the migration never waited for the table")
