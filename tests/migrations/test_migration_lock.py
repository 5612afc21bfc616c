"""One run at a time: the others are refused and told who is at work."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from errors import FlowliteError
from init_database import init_database
from migration_lock import migration_lock
from seed_database import seed_database
from throwaway_database import ThrowawayDatabase


@pytest.mark.parametrize("run", [init_database, seed_database])
def test_a_second_run_is_refused_and_told_who_holds_the_lock(
    database: ThrowawayDatabase, run: Callable[[Engine], object]
) -> None:
    with database.engine.connect() as holder, migration_lock(holder):
        number = holder.scalar(text("SELECT CONNECTION_ID()"))
        with pytest.raises(FlowliteError) as refused:
            run(database.engine)
    assert f"connection {number} of user {database.server.user} from " in str(refused.value)
    assert f"flowlite:{database.name}" in str(refused.value)
    assert database.tables() == set()


def test_alembic_by_hand_is_refused_in_one_line(database: ThrowawayDatabase) -> None:
    with database.engine.connect() as holder, migration_lock(holder):
        done = database.script("-m", "alembic", "upgrade", "head")
        current = database.script("-m", "alembic", "current")
    assert done.returncode != 0
    assert "another run is changing the database" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert current.returncode == 0, "reading the revision must not need the lock"


def test_a_holder_of_another_account_is_still_named_by_its_number(database: ThrowawayDatabase) -> None:
    database.server.as_root(
        f"CREATE USER IF NOT EXISTS other@'%' IDENTIFIED BY 'other'; GRANT ALL ON `{database.name}`.* TO other@'%';"
    )
    other = create_engine(database.url_for(database.name, "other", "other"), poolclass=NullPool)
    with other.connect() as holder, migration_lock(holder):
        number = holder.scalar(text("SELECT CONNECTION_ID()"))
        with pytest.raises(FlowliteError, match=f"connection {number} of an account that this one may not see"):
            init_database(database.engine)


def test_another_database_on_the_server_is_free(database: ThrowawayDatabase) -> None:
    other = ThrowawayDatabase(database.server)
    other.create()
    try:
        with other.engine.connect() as holder, migration_lock(holder):
            assert init_database(database.engine, "001")["changed"]
    finally:
        other.drop()


def test_a_failed_run_leaves_no_lock(database: ThrowawayDatabase) -> None:
    init_database(database.engine, "001")
    database.sql("INSERT INTO `Bank` VALUES ('a', 'Nequi'), ('b', 'NEQUI')")
    with pytest.raises(FlowliteError, match="occur more than once"):
        init_database(database.engine)
    database.sql("DELETE FROM `Bank` WHERE id_bank = 'b'")
    assert init_database(database.engine)["applied"] == ["002", "003"]


@pytest.mark.slow_on_mariadb
def test_of_many_runs_at_once_one_migrates_and_none_does_harm(database: ThrowawayDatabase) -> None:
    # Each in a process of its own: Alembic's context is one for a process.
    done = []
    run = ["init_and_seed.py"]
    threads = [threading.Thread(target=lambda: done.append(database.script(*run))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [process for process in done if process.returncode]
    assert len(refused) < len(done), [process.stderr for process in done]
    assert all("another run is changing the database" in process.stderr for process in refused)
    assert database.script("check_database.py").returncode == 0


def test_a_change_does_not_wait_for_ever_for_a_clients_transaction(
    database: ThrowawayDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    init_database(database.engine, "002")
    monkeypatch.setattr("migration_lock.TABLE_WAIT_SECONDS", 1)
    with database.engine.connect() as reader:
        reader.execute(text("SELECT COUNT(*) FROM `Transaction`"))
        with pytest.raises(FlowliteError, match=r"ALTER TABLE `Transaction`.*keeps a transaction open on this table"):
            init_database(database.engine)
    assert init_database(database.engine)["applied"] == ["003"]
