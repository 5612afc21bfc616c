"""Connections to the database, with errors that name the server and the remedy."""

from __future__ import annotations

import os
import time

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from collations import is_mariadb
from database_url import database_url, where
from errors import FlowliteError, error_number, server_message

CONNECT_TIMEOUT_SECONDS = 5
RETRY_SECONDS = 0.5
# The server has answered and will answer the same again: wrong user or password (1045, MariaDB's socket login
# 1698), no right to the database (1044), no such database (1049).
FINAL_ERRORS = {1044, 1045, 1049, 1698}


def create_database_engine() -> Engine:
    """An engine for the environment's URL; raises FlowliteError if the URL is missing or wrong."""
    return create_engine(
        database_url(),
        # A closed connection must be gone on the server too, with the lock that it held.
        poolclass=NullPool,
        # Errors would show the rows with their password hashes.
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS, **_tls()},
    )


def _tls() -> dict[str, dict[str, str]]:
    """TLS as the services' environment files ask for it; a URL may name ssl_ca itself."""
    authority = os.environ.get("DATABASE_SSL_CA", "").strip()
    return {"ssl": {"ca": authority}} if authority else {}


def connect(engine: Engine, wait_seconds: float = 0) -> Connection:
    """An open connection; tries again for `wait_seconds` while the server does not answer.

    Raises FlowliteError with the server's answer, at once where waiting cannot help.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return engine.connect()
        except OperationalError as error:
            final = error_number(error) in FINAL_ERRORS
            if final or time.monotonic() >= deadline:
                raise FlowliteError(_explain(engine, error, 0 if final else wait_seconds)) from None
        time.sleep(RETRY_SECONDS)


def server_version(connection: Connection) -> str:
    """For example `9.7.4 (MySQL)` or `11.8.3 (MariaDB)`."""
    # Debian's revision follows as a fourth number.
    numbers = (connection.dialect.server_version_info or ())[:3]
    flavor = "MariaDB" if is_mariadb(connection.dialect) else "MySQL"
    return f"{'.'.join(str(number) for number in numbers)} ({flavor})"


def _explain(engine: Engine, error: OperationalError, waited: float) -> str:
    remedy = {
        1044: "grant the user ALL on this database",
        1045: "correct user or password in DATABASE_URL (or in the file that DATABASE_URL_FILE names)",
        1049: "create the database, or correct its name in DATABASE_URL",
        1698: "correct user or password in DATABASE_URL (or in the file that DATABASE_URL_FILE names)",
    }.get(error_number(error) or 0, "is the server running, and are host and port in DATABASE_URL right?")
    after = f" after {waited:g} s" if waited else ""
    return f"no connection to {where(engine.url)}{after}: {server_message(error)}. Remedy: {remedy}"
