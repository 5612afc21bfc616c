"""Loading generated transactions: the same rows everywhere, nothing twice, and no half block after a kill."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import Connection, Engine, event

from check_database import check_database
from errors import FlowliteError
from generate_transactions import generate_transactions
from init_database import init_database
from seed.volume.keys import block_prefix
from seed.volume.people import BLOCK_ROWS, CYCLE
from seed_database import seed_database
from throwaway_database import MIGRATIONS, ThrowawayDatabase

TABLES = ("User", "UserInfo", "TransactionBatch", "Transaction")
ROWS = 12_345
# Of all columns of all generated rows, read back: the same on both servers.
DIGEST = "b1b479de4fa9e1b080e5dd323eebd87eb735500d709614136a64db842d8c8f7a"
ORPHANS = """SELECT COUNT(*) FROM `Transaction` LEFT JOIN `TransactionBatch` USING (id_batch)
    WHERE batch_size IS NULL OR process_status <> 'completed'"""


@pytest.fixture
def ready(migrated: ThrowawayDatabase) -> ThrowawayDatabase:
    """A database with the reference rows only."""
    seed_database(migrated.engine, demo_data=False)
    return migrated


def digest(database: ThrowawayDatabase) -> str:
    rows = [database.sql(f"SELECT * FROM `{table}` ORDER BY 1") for table in TABLES]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def count(database: ThrowawayDatabase, table: str = "Transaction") -> int:
    return int(database.sql(f"SELECT COUNT(*) FROM `{table}`")[0][0])


def test_the_rows_are_the_same_on_every_server_and_a_repeat_changes_nothing(
    ready: ThrowawayDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    done = generate_transactions(ready.engine, ROWS)
    assert done == {"wanted": ROWS, "there": 0, "inserted": ROWS, "changed": True}
    assert "by multi-row INSERT" in capsys.readouterr().out
    assert digest(ready) == DIGEST
    done = generate_transactions(ready.engine, ROWS)
    assert done == {"wanted": ROWS, "there": ROWS, "inserted": 0, "changed": False}
    assert "12,345 generated transactions of random seed 42 are there, nothing to change" in capsys.readouterr().out
    assert digest(ready) == DIGEST


def test_a_greater_number_adds_and_a_smaller_one_deletes_nothing(
    ready: ThrowawayDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    for rows in (3, 777, ROWS):
        assert generate_transactions(ready.engine, rows)["changed"]
        assert count(ready) == rows
        sizes = ready.sql("SELECT SUM(batch_size) FROM `TransactionBatch`")
        assert sizes == [(rows,)]
    assert digest(ready) == DIGEST
    assert not generate_transactions(ready.engine, 100)["changed"]
    assert "more than 100: none is deleted" in capsys.readouterr().out
    assert digest(ready) == DIGEST


def test_rows_that_were_deleted_are_missing_and_come_back(ready: ThrowawayDatabase) -> None:
    generate_transactions(ready.engine, ROWS)
    ready.sql("DELETE FROM `Transaction` ORDER BY value LIMIT 100")
    report = check_database(demo_data=False, verbose=False, transactions=ROWS, random_seed=42)
    assert report.ok
    assert report.generated
    assert (report.generated["there"], report.generated["missing"]) == (ROWS - 100, 100)
    assert generate_transactions(ready.engine, ROWS)["inserted"] == 100
    assert digest(ready) == DIGEST


def test_random_seeds_and_the_demonstration_live_side_by_side(seeded: ThrowawayDatabase) -> None:
    generate_transactions(seeded.engine, 600, random_seed=1)
    assert generate_transactions(seeded.engine, 600, random_seed=2)["there"] == 0
    assert count(seeded) == 192 + 2 * 600
    assert count(seeded, "User") == count(seeded, "UserInfo") == 4 + 2 * 20
    assert not seed_database(seeded.engine)["changed"]


def run_and_be_killed(engine: Engine, after: int, rows: int = ROWS) -> bool:
    """Load in a process that kills itself after so many INSERTs or COMMITs; whether it was killed before the end."""
    child = os.fork()
    if child == 0:
        done = 0

        def _count() -> None:
            nonlocal done
            done += 1
            if done == after:
                os.kill(os.getpid(), signal.SIGKILL)

        @event.listens_for(Engine, "after_cursor_execute")
        def _statement(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith("INSERT"):
                _count()

        event.listen(Engine, "commit", lambda _: _count())
        try:
            generate_transactions(engine, rows)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.slow_on_mariadb
@pytest.mark.parametrize("after", [1, 2, 3, 4, 5, 15, 25, 26, 27, 28, 30, 32, 34])
def test_a_killed_run_leaves_whole_blocks_and_the_next_completes_it(ready: ThrowawayDatabase, after: int) -> None:
    assert run_and_be_killed(ready.engine, after)
    wait_until_unlocked(ready)
    rows = count(ready)
    assert rows in (0, BLOCK_ROWS)
    assert count(ready, "User") == count(ready, "UserInfo") == (20 if rows else 0)
    assert (ready.sql("SELECT SUM(batch_size) FROM `TransactionBatch`")[0][0] or 0) == rows
    assert ready.sql(ORPHANS) == [(0,)]
    assert generate_transactions(ready.engine, ROWS)["inserted"] == ROWS - rows
    assert digest(ready) == DIGEST


@pytest.mark.slow
@pytest.mark.parametrize("after", [60, 150])
def test_both_connections_of_a_killed_run_leave_whole_blocks(ready: ThrowawayDatabase, after: int) -> None:
    wanted = (CYCLE + 1) * BLOCK_ROWS
    assert run_and_be_killed(ready.engine, after, wanted)
    wait_until_unlocked(ready)
    blocks = ready.sql("SELECT LEFT(id_transaction, :length), COUNT(*) FROM `Transaction` GROUP BY 1", length=18)
    assert {rows for _, rows in blocks} == {BLOCK_ROWS}
    # The eleventh block is of the second cycle, which the other connection loads.
    assert {block_prefix(42, 0), block_prefix(42, CYCLE)} <= {prefix for prefix, _ in blocks}
    there = len(blocks) * BLOCK_ROWS
    assert there < wanted
    assert generate_transactions(ready.engine, wanted)["inserted"] == wanted - there
    assert count(ready) == wanted
    assert ready.sql(ORPHANS) == [(0,)]


def wait_until_unlocked(database: ThrowawayDatabase) -> None:
    """Until the server has noticed that the killed run is gone."""
    for _ in range(600):
        if database.sql("SELECT IS_FREE_LOCK(:name)", name=f"flowlite:{database.name}") == [(1,)]:
            return
        time.sleep(0.1)
    pytest.fail("the killed run's lock was never released")


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number(ready: ThrowawayDatabase) -> None:
    small, great = (peak_memory(ready, rows) for rows in (10_000, 80_000))
    assert count(ready) == 80_000
    assert great < small * 1.3, f"{small} KiB at 10,000 rows, {great} KiB at 80,000"
    assert great < 200 * 1024


def peak_memory(database: ThrowawayDatabase, rows: int) -> int:
    """The most memory that the command held, in KiB."""
    code = "import resource, runpy, sys; sys.argv.pop(0)\ntry: runpy.run_path(sys.argv[0], run_name='__main__')\n"
    code += "finally: print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    program = [sys.executable, "-c", code, "generate_transactions.py", f"--transactions={rows}"]
    environment = {**os.environ, "DATABASE_URL": database.url_text, "PYTHONPATH": str(MIGRATIONS)}
    done = subprocess.run(program, cwd=MIGRATIONS, env=environment, capture_output=True, text=True, check=True)
    found = re.search(r"^peak (\d+)$", done.stdout, flags=re.MULTILINE)
    assert found
    return int(found[1])


def test_without_reference_data_or_at_another_revision_nothing_is_written(database: ThrowawayDatabase) -> None:
    init_database(database.engine, "002")
    with pytest.raises(FlowliteError, match="at revision 002"):
        generate_transactions(database.engine, 10)
    init_database(database.engine)
    with pytest.raises(FlowliteError, match=r"TransactionCategory lacks Alimentacion_Restaurantes.*seed\.yml"):
        generate_transactions(database.engine, 10)
    assert [count(database, table) for table in TABLES] == [0] * 4


def test_the_command_refuses_what_is_no_number_and_tells_of_a_dry_run(ready: ThrowawayDatabase) -> None:
    for wrong in ("-1", "many", "1e6"):
        assert ready.script("generate_transactions.py", f"--transactions={wrong}").returncode == 2
    done = ready.script("generate_transactions.py", "--transactions=700", "--dry-run")
    assert "700 of 700 are missing" in done.stdout
    assert count(ready) == 0
