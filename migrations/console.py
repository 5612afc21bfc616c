"""What the commands print: lines for a person, and one line for a machine."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError

from errors import FlowliteError, server_message

RESULT_PREFIX = "FLOWLITE_RESULT "


def say(text: str) -> None:
    """One line on standard output, at once: `docker logs -f` must show it in order with Alembic's log."""
    print(text, flush=True)


def parser(description: str | None) -> argparse.ArgumentParser:
    """A parser with the option that every command has."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--result", action="store_true", help="print a last line: FLOWLITE_RESULT and a JSON object")
    return made


def result(arguments: argparse.Namespace, values: dict[str, Any]) -> None:
    """Print the machine's line if it was asked for."""
    if arguments.result:
        say(RESULT_PREFIX + json.dumps(values, ensure_ascii=False))


def log_to_stdout() -> None:
    """Alembic's log as its own command shows it, in one stream with our lines."""
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format="%(levelname)-5.5s [%(name)s] %(message)s")
    logging.getLogger("alembic").setLevel(logging.INFO)


@contextmanager
def quiet_alembic() -> Iterator[None]:
    """Nothing from Alembic that looks as if it migrated, while it only reads."""
    log = logging.getLogger("alembic.runtime.migration")
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(level)


def run(command: Callable[[], int]) -> int:
    """The command's exit code; an error that a person can mend becomes one message on standard error and 1."""
    try:
        return command()
    except FlowliteError as error:
        message = str(error)
    except DBAPIError as error:
        # Without the parameters: they hold rows, and rows hold password hashes.
        statement = " ".join((error.statement or "").split())
        message = f"the server refused `{statement[:200]}`: {server_message(error)}"
    print(f"✗ {message}", file=sys.stderr, flush=True)
    return 1
