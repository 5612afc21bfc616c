"""What a backup's drill does to the data, and what is found of them after the restore.

drill_restore.py fill ENVIRONMENT_FILE              keys for the backup
drill_restore.py lose ENVIRONMENT_FILE              rows, a table, a queue and the keys are gone
drill_restore.py compare ENVIRONMENT_FILE RECEIPT   prints as JSON what there should be, and what of it there is
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pika
from drill_servers import RabbitMQ, Redis, database, settings

KEYS = 1_000


def ask(env: dict[str, str], statement: str) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, none where it has no result."""
    with database(env) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def fill(env: dict[str, str]) -> None:
    """Write keys."""
    client = Redis(env).connect()
    for number in range(1, KEYS + 1):
        client.write(number)
    client.close()


def queue(env: dict[str, str]) -> str:
    """Return the name of the services' queue."""
    return env.get("RABBITMQ_QUEUE") or env["RABBITMQ_QUEUE_NAME"]


def lose(env: dict[str, str]) -> None:
    """Destroy something of each server."""
    ask(env, "DELETE FROM `Transaction`")
    ask(env, "DROP TABLE `Insights`")
    Redis(env).remove()
    with pika.BlockingConnection(RabbitMQ(env).parameters) as connection:
        connection.channel().queue_delete(queue(env))


def compare(env: dict[str, str], receipt: dict[str, Any]) -> dict[str, Any]:
    """Compare with the receipt: counts and checksums of tables, the queue, the keys.

    Returns ``expected`` and ``found`` (rows and keys, counted together) and ``problems``.
    """
    tables = receipt["mysql"]["tables"]
    there = {row[0] for row in ask(env, "SHOW TABLES")}
    problems, found = [], 0
    for name, wanted in tables.items():
        if name not in there:
            problems.append(f"table {name} is missing")
            continue
        rows = ask(env, f"SELECT COUNT(*) FROM `{name}`")[0][0]
        found += min(rows, wanted["rows"])
        if rows != wanted["rows"]:
            problems.append(f"table {name} has {rows} rows, {wanted['rows']} were saved")
        elif ask(env, f"CHECKSUM TABLE `{name}`")[0][1] != wanted["checksum"]:
            problems.append(f"table {name} has other rows than were saved")
    keys = len(set(Redis(env).found(KEYS)) & set(range(1, KEYS + 1)))
    if keys != KEYS:
        problems.append(f"{keys} of {KEYS} keys are there")
    with pika.BlockingConnection(RabbitMQ(env).parameters) as connection:
        try:
            connection.channel().queue_declare(queue(env), passive=True)
        except pika.exceptions.ChannelClosedByBroker as error:
            problems.append(f"queue {queue(env)}: {error}")
    rows_saved = sum(table["rows"] for table in tables.values())
    return {"expected": rows_saved + KEYS, "found": found + keys, "problems": problems}


if __name__ == "__main__":
    env = settings(Path(sys.argv[2]))
    if sys.argv[1] == "fill":
        fill(env)
    elif sys.argv[1] == "lose":
        lose(env)
    else:
        print(json.dumps(compare(env, json.loads(Path(sys.argv[3]).read_text(encoding="utf-8")))))
