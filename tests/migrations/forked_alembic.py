"""`alembic` in a process of its own that is forked, which saves loading everything, and that may kill itself."""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql.connections
from alembic.config import main

CHANGES = (b"CREATE", b"ALTER", b"DROP", b"INSERT", b"UPDATE", b"DELETE", b"COMMIT")


@dataclass(frozen=True)
class Done:
    """How it ended."""

    killed: bool
    code: int
    output: str


def alembic(ini: Path, *arguments: str, kill_at: int = 0) -> Done:
    """Run a command; with `kill_at` the process is killed (kill -9) after so many statements that change something.

    All that is sent to the server counts, also the journal's statements and the commits.
    """
    output = ini.parent / "output.log"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with output.open("w") as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
            if kill_at:
                _arm(kill_at)
            # pytest's own; env.py sets Alembic's logging up where there are none.
            logging.getLogger().handlers.clear()
            main(argv=["-c", str(ini), *arguments])
            code = 0
        except SystemExit as end:
            code = int(bool(end.code))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return Done(os.WIFSIGNALED(status), os.waitstatus_to_exitcode(status), output.read_text())


def _arm(at: int) -> None:
    """Count what goes over the wire, where nothing can be missed."""
    query = pymysql.connections.Connection.query
    commit = pymysql.connections.Connection.commit
    passed = 0

    def step() -> None:
        nonlocal passed
        passed += 1
        if passed == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted_query(self: Any, sql: Any, unbuffered: bool = False) -> Any:
        done = query(self, sql, unbuffered)
        if (sql.encode() if isinstance(sql, str) else bytes(sql)).lstrip().upper().startswith(CHANGES):
            step()
        return done

    def counted_commit(self: Any) -> Any:
        done = commit(self)
        step()
        return done

    pymysql.connections.Connection.query = counted_query  # type: ignore[method-assign]
    pymysql.connections.Connection.commit = counted_commit  # type: ignore[method-assign]
