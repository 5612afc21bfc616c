"""Look at every statement before it is run, whichever way a revision sends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

# Answers whether the statement is to be left out; gets the driver's cursor and the text as the server would see it.
Decide = Callable[[Any, str], bool]


def intercept(engine: Engine, decide: Decide) -> None:
    """Ask `decide` before each statement of the engine's connections, for as long as the engine lives."""

    def one(cursor: Any, statement: str, parameters: Any, _context: Any = None) -> bool:
        return decide(cursor, cursor.mogrify(statement, parameters)) and _nothing(cursor)

    def many(cursor: Any, statement: str, rows: Any, _context: Any = None) -> bool:
        # All decide alike: what makes the difference stands in the statement, not in its rows.
        return all([decide(cursor, cursor.mogrify(statement, row)) for row in rows]) and _nothing(cursor)

    def plain(cursor: Any, statement: str, _context: Any = None) -> bool:
        return decide(cursor, statement) and _nothing(cursor)

    event.listen(engine, "do_execute", one)
    event.listen(engine, "do_executemany", many)
    event.listen(engine, "do_execute_no_params", plain)


def _nothing(cursor: Any) -> bool:
    """Leave the cursor as after a statement that found nothing to do."""
    cursor.execute("DO 0")
    return True
