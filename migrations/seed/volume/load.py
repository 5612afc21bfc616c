"""Brings generated blocks into the database over two connections, each block in one transaction of the server.

A server gives each connection one of its cores; two keep it busy also while the next rows are made.
By multi-row INSERT: LOAD DATA would need either the global switch local_infile or the privilege FILE, which reads every
file of the server; docs/performance-volume.md compares them. Foreign keys and unique keys stay checked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any

import pymysql.cursors
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from database import connect
from errors import FlowliteError
from migration_lock import NAME_LENGTH, lock_name
from models import Base
from seed.volume.blocks import Block, Ids, Transaction, make_block
from seed.volume.inventory import TRANSACTION, existing
from seed.volume.people import CYCLE

# Of 100 to 10,000 rows a statement, 500 to 1,000 are loaded fastest.
STATEMENT_ROWS = 500
CONNECTIONS = 2
METHOD = f"multi-row INSERT, {STATEMENT_ROWS} rows a statement, over {CONNECTIONS} connections"
# Longer than a server takes to roll a block back.
PREDECESSOR_SECONDS = 30
INSERT = f"INSERT INTO `Transaction` ({', '.join(f'`{column.name}`' for column in TRANSACTION.columns)}) VALUES "
ROW = f"({', '.join(['%s'] * len(TRANSACTION.columns))})"


class Loader:
    """Loads blocks of one random seed; the caller holds the migration lock on a connection of its own."""

    def __init__(self, engine: Engine, random_seed: int, ids: Ids) -> None:
        """`ids` are those of the categories and banks."""
        self._engine = engine
        self._random_seed = random_seed
        self._ids = ids

    def load(self, todo: Mapping[int, int], loaded: Callable[[int], None]) -> None:
        """Complete the blocks up to their number of rows; `loaded` is told the rows of each commit.

        Memory holds a block for each connection, however many there are. After an error neither begins another block.
        """
        # Blocks of a cycle share users, so they stay on one connection. A list's iterator may serve several threads.
        cycles = iter([list(blocks) for _, blocks in groupby(todo.items(), lambda item: item[0] // CYCLE)])
        failed, telling = threading.Event(), threading.Lock()

        def tell(rows: int) -> None:
            with telling:
                loaded(rows)

        def work(number: int) -> None:
            try:
                with connect(self._engine) as connection:
                    _await_predecessor(connection, number)
                    worker = _Worker(connection, self._random_seed, self._ids)
                    for cycle in cycles:
                        for block, rows in cycle:
                            if failed.is_set():
                                return
                            tell(worker.complete(block, rows))
            except BaseException:
                failed.set()
                raise

        with ThreadPoolExecutor(CONNECTIONS) as pool:
            try:
                for done in [pool.submit(work, number) for number in range(CONNECTIONS)]:
                    done.result()
            finally:
                # Also when a person ends the program.
                failed.set()


def _await_predecessor(connection: Connection, number: int) -> None:
    """Wait until the connection that had this number in a killed run is gone: it may be about to commit.

    Raises FlowliteError if it does not end.
    """
    suffix = f":load{number}"
    name = lock_name(connection.engine.url.database or "")[: NAME_LENGTH - len(suffix)] + suffix
    values = {"name": name, "seconds": PREDECESSOR_SECONDS}
    taken = connection.scalar(sa.text("SELECT GET_LOCK(:name, :seconds)"), values)
    connection.rollback()
    if not taken:
        raise FlowliteError(
            f"a connection of an earlier load still holds the lock `{name}` after {PREDECESSOR_SECONDS} s: "
            "have it killed (SHOW PROCESSLIST, KILL) and start again"
        )


class _Worker:
    """Loads blocks over one connection."""

    def __init__(self, connection: Connection, random_seed: int, ids: Ids) -> None:
        self._connection = connection
        self._random_seed = random_seed
        self._ids = ids
        # The driver's own quoting.
        self._quote = pymysql.cursors.Cursor(connection.connection.dbapi_connection).mogrify  # type: ignore[arg-type]

    def complete(self, number: int, rows: int) -> int:
        """Make a block, insert what the database lacks of it, and commit; the number of its new transactions."""
        return self._insert_block(make_block(self._random_seed, number, rows, self._ids))

    def _statements(self, rows: list[Transaction]) -> Iterator[str]:
        for first in range(0, len(rows), STATEMENT_ROWS):
            part = rows[first : first + STATEMENT_ROWS]
            yield self._quote(INSERT + ", ".join([ROW] * len(part)), [value for row in part for value in row])

    def _insert_block(self, block: Block) -> int:
        self._insert("User", block.users)
        self._insert("UserInfo", block.infos)
        there = self._insert("TransactionBatch", block.batches)
        self._enlarge([batch for batch in block.batches if batch["id_batch"] in there])
        found = existing(self._connection, TRANSACTION, [row[0] for row in block.transactions])
        missing = [row for row in block.transactions if row[0] not in found]
        for statement in self._statements(missing):
            self._connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        self._connection.commit()
        return len(missing)

    def _insert(self, table_name: str, rows: list[dict[str, Any]]) -> set[str]:
        """Insert those rows that are not there; the ids of those that are."""
        table = Base.metadata.tables[table_name]
        (key,) = table.primary_key.columns.keys()
        there = existing(self._connection, table, [row[key] for row in rows])
        if new := [row for row in rows if row[key] not in there]:
            self._connection.execute(sa.insert(table), new)
        return there

    def _enlarge(self, batches: list[dict[str, Any]]) -> None:
        """A smaller number of transactions had cut the last batch."""
        table = Base.metadata.tables["TransactionBatch"]
        for batch in batches:
            size = batch["batch_size"]
            smaller = (table.c.id_batch == batch["id_batch"]) & (table.c.batch_size < size)
            self._connection.execute(sa.update(table).where(smaller).values(batch_size=size))
