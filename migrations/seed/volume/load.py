"""Brings generated blocks into the database, each in one transaction of the server.

By multi-row INSERT: LOAD DATA would need either the global switch local_infile or the privilege FILE, which reads every
file of the server; docs/performance-volume.md compares them. Foreign keys and unique keys stay checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pymysql.cursors
import sqlalchemy as sa
from sqlalchemy import Connection

from models import Base
from seed.volume.blocks import Block, Ids, Transaction, make_block
from seed.volume.inventory import TRANSACTION, existing

# Of 100 to 10,000 rows a statement, 500 to 1,000 are loaded fastest.
STATEMENT_ROWS = 500
METHOD = f"multi-row INSERT, {STATEMENT_ROWS} rows a statement"
INSERT = f"INSERT INTO `Transaction` ({', '.join(f'`{column.name}`' for column in TRANSACTION.columns)}) VALUES "
ROW = f"({', '.join(['%s'] * len(TRANSACTION.columns))})"


class Loader:
    """Loads blocks of one random seed over one connection, which must hold the migration lock."""

    def __init__(self, connection: Connection, random_seed: int, ids: Ids) -> None:
        """`ids` are those of the categories and banks."""
        self._connection = connection
        self._random_seed = random_seed
        self._ids = ids
        # The driver's own quoting; it only reads the connection's settings, so that another thread may use it.
        self._quote = pymysql.cursors.Cursor(connection.connection.dbapi_connection).mogrify  # type: ignore[arg-type]

    def load(self, todo: Mapping[int, int], loaded: Callable[[int], None]) -> None:
        """Complete the blocks up to their number of rows; `loaded` is told the rows of each commit.

        While the server stores a block the next one is made: memory holds two of them, however many there are.
        """
        with ThreadPoolExecutor(1) as maker:
            ahead: Future[tuple[Block, list[str]]] | None = None
            for number, rows in [*todo.items(), (None, 0)]:
                made, ahead = ahead, None if number is None else maker.submit(self._make, number, rows)
                if made:
                    loaded(self._complete(*made.result()))

    def _make(self, number: int, rows: int) -> tuple[Block, list[str]]:
        block = make_block(self._random_seed, number, rows, self._ids)
        return block, self._statements(block.transactions)

    def _statements(self, rows: list[Transaction]) -> list[str]:
        parts = [rows[first : first + STATEMENT_ROWS] for first in range(0, len(rows), STATEMENT_ROWS)]
        return [self._quote(INSERT + ", ".join([ROW] * len(part)), [v for row in part for v in row]) for part in parts]

    def _complete(self, block: Block, statements: list[str]) -> int:
        """Insert what the database lacks of a block, and commit it."""
        self._insert("User", block.users)
        self._insert("UserInfo", block.infos)
        there = self._insert("TransactionBatch", block.batches)
        self._enlarge([batch for batch in block.batches if batch["id_batch"] in there])
        rows = len(block.transactions)
        if found := existing(self._connection, TRANSACTION, [row[0] for row in block.transactions]):
            missing = [row for row in block.transactions if row[0] not in found]
            statements, rows = self._statements(missing), len(missing)
        for statement in statements:
            self._connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        self._connection.commit()
        return rows

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
