"""init_database.py and init_and_seed.py as the container runs them."""

from __future__ import annotations

import json
import subprocess
import time
from typing import Any

import pytest

from throwaway_database import ThrowawayDatabase


def result_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    prefix, _, values = done.stdout.splitlines()[-1].partition(" ")
    assert prefix == "FLOWLITE_RESULT"
    return dict(json.loads(values))


def test_the_one_shot_run_prints_what_the_documentation_promises(database: ThrowawayDatabase) -> None:
    done = database.script("init_and_seed.py", "--result")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"✓ Connected to {database.name} on 127.0.0.1:{database.server.port} as tester")
    log = "INFO  [alembic.runtime.migration] Running upgrade  -> 001, Initial schema for Flowlite database"
    assert log in lines
    assert "✓ Migrations run: 001, 002, 003" in lines
    (tables,) = (line for line in lines if line.startswith("✓ Tables (11): "))
    assert "TransactionBatch" in tables
    assert "✓ Revision: 003 (head)" in lines
    found = result_of(done)
    assert found["changed"]
    assert found["migrations"]["applied"] == ["001", "002", "003"]
    assert found["seed"]["inserted"]["Transaction"] == 192
    assert database.server.password not in done.stdout + done.stderr


def test_the_second_run_changes_nothing(seeded: ThrowawayDatabase) -> None:
    found = result_of(seeded.script("init_and_seed.py", "--result"))
    assert found.pop("check")["ok"]
    assert found == {
        "migrations": {"revision_before": "003", "revision": "003", "applied": [], "changed": False},
        "seed": {"inserted": {}, "updated": {}, "deleted": {}, "changed": False},
        "volume": {"changed": False},
        "changed": False,
    }


@pytest.mark.slow_on_mariadb
def test_every_kind_of_revision_is_reached(database: ThrowawayDatabase) -> None:
    steps = [
        ("002", None, "002", ["001", "002"]),
        ("+1", "002", "003", ["003"]),
        ("001", "003", "001", ["003", "002"]),
        ("001", "001", "001", []),
        ("head", "001", "003", ["002", "003"]),
        ("-1", "003", "002", ["003"]),
        ("base", "002", None, ["002", "001"]),
    ]
    for revision, before, after, applied in steps:
        found = result_of(database.script("init_database.py", "--revision", revision, "--result"))
        expected = {"revision_before": before, "revision": after, "applied": applied, "changed": bool(applied)}
        assert found == expected, revision


@pytest.mark.slow_on_mariadb
@pytest.mark.parametrize(
    ("revision", "expected"),
    [("999", "there is no revision 999; known are base, 001, 002, 003, head"), ("-9", "didn't produce 9")],
)
def test_an_unknown_revision_is_refused(migrated: ThrowawayDatabase, revision: str, expected: str) -> None:
    done = migrated.script("init_database.py", f"--revision={revision}")
    assert done.returncode == 1
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow_on_mariadb
def test_a_revision_of_a_newer_copy_is_refused(migrated: ThrowawayDatabase) -> None:
    migrated.sql("UPDATE alembic_version SET version_num = '099'")
    for script in ("init_database.py", "seed_database.py", "check_database.py"):
        done = migrated.script(script)
        assert done.returncode == 1
        assert "at revision 099, which this copy does not know" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.slow_on_mariadb
def test_waiting_for_the_database_is_bounded(database: ThrowawayDatabase) -> None:
    database.url = database.url.set(port=1)
    started = time.monotonic()
    done = database.script("init_database.py", "--wait", "1.2")
    assert 1.2 <= time.monotonic() - started < 4
    assert done.returncode == 1
    assert "on 127.0.0.1:1 as tester after 1.2 s" in done.stderr
    assert "is the server running" in done.stderr


def test_a_missing_privilege_is_named(database: ThrowawayDatabase) -> None:
    database.server.as_root(
        f"CREATE USER IF NOT EXISTS reader@'%' IDENTIFIED BY 'r'; GRANT SELECT ON `{database.name}`.* TO reader@'%';"
    )
    database.url = database.url_for(database.name, "reader", "r")
    done = database.script("init_database.py")
    assert done.returncode == 1
    assert "CREATE command denied to user" in done.stderr
    assert "Traceback" not in done.stderr
