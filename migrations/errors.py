"""The one error that the commands show to a person instead of a traceback."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DBAPIError

LOST = "The connection was lost: see that the server is up, then start the same run again; it goes on where it was"
FULL = "The server's disk may be full: make room, then start the same run again; it goes on where it was"
REMEDIES = {
    1021: FULL,
    1026: FULL,
    1030: FULL,
    1053: LOST,
    1114: FULL,
    1927: LOST,
    2006: LOST,
    2013: LOST,
    3675: FULL,
    1205: "A client keeps a transaction open on this table: find it with SHOW PROCESSLIST, let it end, start again",
}


class FlowliteError(Exception):
    """What is wrong, where, and what mends it; its text never holds a secret."""


def server_message(error: DBAPIError) -> str:
    """The server's own words and error number, a remedy if we know one; no parameters, which may be secrets."""
    arguments = _arguments(error)
    if len(arguments) < 2:
        return str(error.orig)
    remedy = REMEDIES.get(arguments[0], "")
    return f"{arguments[1]} (error {arguments[0]}){remedy and f'. {remedy}'}"


def error_number(error: DBAPIError) -> int | None:
    """The server's or the client library's error number, None where there is none."""
    arguments = _arguments(error)
    return arguments[0] if arguments and isinstance(arguments[0], int) else None


def _arguments(error: DBAPIError) -> tuple[Any, ...]:
    return error.orig.args if error.orig else ()
