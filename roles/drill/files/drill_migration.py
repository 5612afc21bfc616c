"""Kill a migration (kill -9) in the middle of a statement; prints what came of it as JSON.

drill_migration.py kill ENVIRONMENT_FILE CONTAINER COMMAND...
drill_migration.py count ENVIRONMENT_FILE      prints how many rows the table has

COMMAND migrates in CONTAINER. An open transaction makes its statement on the table wait, so that the kill is in the
middle on any machine. Returns when the server has noticed that the run is gone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pymysql
from drill_accidents import wait
from drill_containers import kill
from drill_servers import database, settings

TABLE = "Transaction"


def count(connection: pymysql.Connection[Any]) -> int:
    """Return how many rows the table has, and keep the table where the connection is in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM `{TABLE}`")
        return int(cursor.fetchall()[0][0])


def kill_migration(env: dict[str, str], container: str, command: list[str]) -> None:
    """Hold the table, start the run, kill it and let go of the table."""
    with database(env) as reader, database(env) as observer:
        reader.begin()
        rows = count(reader)

        def waiting() -> list[str]:
            with observer.cursor() as cursor:
                cursor.execute("SHOW PROCESSLIST")
                return [str(row[7]) for row in cursor.fetchall() if "metadata lock" in str(row[6])]

        def at_work() -> bool:
            with observer.cursor() as cursor:
                cursor.execute("SELECT IS_USED_LOCK(CONCAT('flowlite:', DATABASE()))")
                return cursor.fetchall()[0][0] is not None

        started = time.monotonic()
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        wait("a statement that waits for the table", waiting)
        statement = waiting()[0]
        kill(container)
        reader.rollback()
        output, _ = run.communicate()
        wait("the end of the statement that was under way", lambda: not at_work())
        seconds = round(time.monotonic() - started, 1)
    sys.stderr.write(output)
    print(json.dumps({"rows": rows, "statement": statement, "code": run.returncode, "seconds": seconds}))


if __name__ == "__main__":
    given = settings(Path(sys.argv[2]))
    if sys.argv[1] == "kill":
        kill_migration(given, sys.argv[3], sys.argv[4:])
    else:
        with database(given) as one:
            print(count(one))
