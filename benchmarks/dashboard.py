"""The dashboard's queries, and how long they take for users of different sizes."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import Any

import commands  # noqa: F401  first: it makes the modules of migrations/ importable
import pymysql
import pymysql.cursors
from seed.volume.people import BLOCK_ROWS, CYCLE, PEOPLE_BLOCKS, PEOPLE_ROWS, person

REPEATS = 200
# Each repeat asks for another user, so that the server has not just read the rows.
MOST_USERS = 50
SIZES = (500, 2 * BLOCK_ROWS)
OF_USER = "FROM `Transaction` WHERE id_user = %(user)s"
ORDER = "ORDER BY transaction_date DESC, id_transaction DESC LIMIT 20"
AFTER = "AND transaction_date <= %(date)s AND (transaction_date < %(date)s OR id_transaction < %(id)s)"
QUERIES = {
    "newest 10": f"SELECT * {OF_USER} ORDER BY transaction_date DESC LIMIT 10",
    "first page of 20": f"SELECT * {OF_USER} {ORDER}",
    "middle page, OFFSET": f"SELECT * {OF_USER} {ORDER} OFFSET %(middle)s",
    "middle page, keyset": f"SELECT * {OF_USER} {AFTER} {ORDER}",
    "last page, OFFSET": f"SELECT * {OF_USER} {ORDER} OFFSET %(last)s",
    "last page, keyset": f"SELECT * {OF_USER} {AFTER} {ORDER}",
    "COUNT": f"SELECT COUNT(*) {OF_USER}",
    "SUM of value by type": f"SELECT transaction_type, SUM(value) {OF_USER} GROUP BY transaction_type",
    "the same in a quarter": f"SELECT transaction_type, SUM(value) {OF_USER} AND transaction_date >= '2025-04-01' "
    "AND transaction_date < '2025-07-01' GROUP BY transaction_type",
}


@dataclass(frozen=True)
class Latency:
    """Milliseconds of a query, for users of `rows` transactions."""

    query: str
    rows: int
    p50: float
    p99: float


def users(random_seed: int, transactions: int, rows: int) -> list[str]:
    """Users with so many transactions, from all over the table."""
    position, place = (0, PEOPLE_BLOCKS) if rows > BLOCK_ROWS else (PEOPLE_ROWS.index(rows), 0)
    blocks = range(place, transactions // BLOCK_ROWS, CYCLE)
    step = max(1, len(blocks) // MOST_USERS)
    return [person(random_seed, block, position).user["id_user"] for block in blocks[::step]]


def measure(connection: pymysql.connections.Connection[Any], random_seed: int, transactions: int) -> list[Latency]:
    """Ask every query REPEATS times for each size of user."""
    found = []
    for rows in SIZES:
        asked = users(random_seed, transactions, rows)
        for name, query in QUERIES.items():
            taken = []
            for number in range(REPEATS):
                parameters = _parameters(connection, asked[number % len(asked)], rows, name)
                start = time.perf_counter()
                _rows(connection, query, parameters)
                taken.append((time.perf_counter() - start) * 1000)
            cuts = statistics.quantiles(taken, n=100)
            found.append(Latency(name, rows, statistics.median(taken), cuts[98]))
    return found


def _parameters(connection: pymysql.connections.Connection[Any], user: str, rows: int, query: str) -> dict[str, Any]:
    parameters: dict[str, Any] = {"user": user, "middle": rows // 2, "last": rows - 20}
    if query.endswith("keyset"):
        # The last row of the page before, as a client has it on its screen.
        offset = (rows // 2 if query.startswith("middle") else rows - 20) - 1
        place = f"SELECT transaction_date, id_transaction {OF_USER} {ORDER.replace('20', '1')} OFFSET {offset}"
        ((parameters["date"], parameters["id"]),) = _rows(connection, place, parameters)
    return parameters


def _rows(connection: pymysql.connections.Connection[Any], query: str, parameters: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()
