"""Ways to load the same transactions, each timed; the tables keep their indexes and foreign keys."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from commands import MIGRATIONS, run  # first: it makes the modules of migrations/ importable
from models import Transaction
from seed.volume.blocks import Ids, blocks_of, make_block, rows_of
from seed.volume.inventory import reference_ids
from sqlalchemy import Connection, create_engine
from sqlalchemy.orm import Session

RANDOM_SEED = 42
BLOCK = 500
IMPORT = "/tmp/"
FLUSHES = 300
COLUMNS = [column.name for column in Transaction.__table__.columns]
GENERATED = f"LIKE '{RANDOM_SEED:08x}-____-8%'"
EMPTY = "SET foreign_key_checks = 0; TRUNCATE `Transaction`;"
# In the order of the foreign keys; the reference data stay.
PARENTS = "".join(
    f"DELETE FROM `{table}` WHERE {key} {GENERATED};"
    for table, key in (("UserInfo", "id_user"), ("User", "id_user"), ("TransactionBatch", "id_batch"))
)


class Server:
    """The deployment's MySQL: `url` as the services' account, SQL as root for what only root may do."""

    def __init__(self, container: str, url: str) -> None:
        """Nothing is asked yet."""
        self.container = container
        self.url = url
        self.engine = create_engine(url)

    def as_root(self, sql: str) -> str:
        """Run SQL in the database; returns what it prints."""
        client = ("mysql", "--defaults-group-suffix=_root", "--batch", "--skip-column-names", "flowlite_db")
        return run("docker", "exec", "-i", self.container, *client, text=sql)

    def allow_import(self) -> None:
        """Let the server read files in IMPORT, which the deployment's settings refuse; it restarts for that."""
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "import.cnf"
            file.write_text(f"[mysqld]\nsecure_file_priv = {IMPORT}\n", encoding="utf-8")
            run("docker", "cp", str(file), f"{self.container}:/etc/mysql/conf.d/zz-import.cnf")
        run("docker", "restart", self.container)
        wait = "until mysqladmin --defaults-group-suffix=_health status; do sleep 0.2; done >/dev/null 2>&1"
        run("docker", "exec", self.container, "timeout", "60", "sh", "-c", wait)

    def connect(self) -> Connection:
        """A connection as the services' account."""
        return self.engine.connect()


def by_loader(server: Server, transactions: int) -> tuple[float, int, str]:
    """Seconds, peak memory in KiB and output of generate_transactions.py, which loads users and batches too.

    The memory is true only while this process has never held more: a child begins as a copy of it.
    """
    server.as_root(EMPTY + PARENTS)
    environment = {**os.environ, "DATABASE_URL": server.url}
    command = [sys.executable, "generate_transactions.py", f"--transactions={transactions}"]
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        program = subprocess.Popen(command, cwd=MIGRATIONS, env=environment, stdout=output)
        _, status, used = os.wait4(program.pid, 0)
        seconds = time.perf_counter() - start
        output.seek(0)
        text = output.read()
    if status:
        raise SystemExit(f"generate_transactions.py ended with status {status}:\n{text}")
    return seconds, used.ru_maxrss, text


def export(server: Server, transactions: int) -> str:
    """Write the rows into IMPORT on the server, in the order of the key; returns the file's path there."""
    target = f"{IMPORT}transactions.tsv"
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "transactions.tsv"
        with file.open("w", encoding="utf-8") as lines:
            lines.writelines("\t".join(row) + "\n" for row in _rows(server, transactions))
        # mkdtemp's rights would come along and keep the server out.
        file.chmod(0o644)
        run("docker", "cp", str(file), f"{server.container}:{target}")
    return target


def flushes_a_second() -> float:
    """How often this machine's disk says that a page is safe: it decides what a commit costs."""
    with tempfile.NamedTemporaryFile(dir=MIGRATIONS) as file:
        start = time.perf_counter()
        for _ in range(FLUSHES):
            file.write(b"\0" * 4096)
            os.fsync(file.fileno())
        return FLUSHES / (time.perf_counter() - start)


def by_load_data(server: Server, file: str) -> float:
    """Seconds of a bare LOAD DATA on the server, of a ready file in the order of the key."""
    server.as_root(EMPTY)
    start = time.perf_counter()
    server.as_root(f"LOAD DATA INFILE '{file}' INTO TABLE `Transaction` CHARACTER SET utf8mb4")
    return time.perf_counter() - start


def by_orm(server: Server, transactions: int) -> float:
    """Seconds of the ORM's add_all, committed in blocks of BLOCK."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(server, transactions)]
    server.as_root(EMPTY)
    start = time.perf_counter()
    with Session(server.engine) as session:
        for first in range(0, len(rows), BLOCK):
            session.add_all([Transaction(**row) for row in rows[first : first + BLOCK]])
            session.commit()
    return time.perf_counter() - start


def by_orm_row(server: Server, transactions: int) -> float:
    """Seconds of the ORM's add and a commit for each row."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(server, transactions)]
    server.as_root(EMPTY)
    start = time.perf_counter()
    with Session(server.engine) as session:
        for row in rows:
            session.add(Transaction(**row))
            session.commit()
    return time.perf_counter() - start


def by_row(server: Server, transactions: int) -> float:
    """Seconds of one plain INSERT and one COMMIT for each row."""
    rows = list(_rows(server, transactions))
    server.as_root(EMPTY)
    statement = f"INSERT INTO `Transaction` VALUES ({', '.join(['%s'] * len(COLUMNS))})"
    with server.connect() as connection:
        start = time.perf_counter()
        for row in rows:
            connection.exec_driver_sql(statement, row)
            connection.commit()
        return time.perf_counter() - start


def _rows(server: Server, transactions: int) -> Iterator[tuple[str, ...]]:
    with server.connect() as connection:
        ids: Ids = reference_ids(connection)
    for block in blocks_of(transactions):
        yield from make_block(RANDOM_SEED, block, rows_of(block, transactions), ids).transactions
