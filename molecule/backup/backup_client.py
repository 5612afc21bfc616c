"""A client of the database: `write STOP`, `digest DATABASE`, `run SQL`. Logs in by the JSON on standard input."""

from __future__ import annotations

import hashlib
import json
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import pymysql


def write(connection: Any, stop: str) -> int:
    """Insert a batch and its transaction together, over and over, until a file is there; return how many."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_user, (SELECT MIN(id_category) FROM TransactionCategory) FROM User LIMIT 1")
        user, category = cursor.fetchone()
        while not Path(stop).exists():
            batch = str(uuid.uuid4())
            cursor.execute(
                "INSERT INTO TransactionBatch (id_batch, process_status, start_date) VALUES (%s, 'pending', NOW())",
                [batch],
            )
            cursor.execute(
                "INSERT INTO Transaction (id_transaction, id_user, id_category, id_batch, transaction_name, value, "
                "transaction_date, transaction_type) VALUES (UUID(), %s, %s, %s, 'written', 1, NOW(), 'expense')",
                [user, category, batch],
            )
            connection.commit()
            count += 1
            time.sleep(0.005)
    return count


def digest(connection: Any, database: str) -> str:
    """Return a hash over every row of every table."""
    whole = hashlib.sha256()
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [database])
        for (table,) in sorted(cursor.fetchall()):
            cursor.execute(f"SELECT * FROM `{database}`.`{table}` ORDER BY 1")
            whole.update(f"{table}\n".encode())
            for row in cursor.fetchall():
                whole.update(f"{row!r}\n".encode())
    return whole.hexdigest()


def run(connection: Any, sql: str) -> list[Any]:
    """Run one statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        connection.commit()
        return [list(row) for row in cursor.fetchall()]


if __name__ == "__main__":
    known = {"write": write, "digest": digest, "run": run}
    with pymysql.connect(**json.load(sys.stdin)) as opened:
        print(json.dumps(known[sys.argv[1]](opened, sys.argv[2]), default=str))
