"""Where the database is: DATABASE_URL, or the file named by DATABASE_URL_FILE."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from errors import FlowliteError

EXAMPLE = "mysql+pymysql://USER:PASSWORD@HOST:3306/flowlite_db"
# The services connect with asynchronous drivers; one DATABASE_URL serves them and these scripts.
CONVERTED = ("mysql", "mysql+pymysql", "mysql+aiomysql", "mysql+asyncmy")


def database_url() -> URL:
    """The URL of the environment with the driver PyMySQL.

    Returns a URL object, never text: a `%` in a password would be interpolated by Alembic's configuration.
    Raises FlowliteError, without the password, if the URL is missing, unreadable or not of a MySQL database.
    """
    text, source = _read()
    try:
        url = make_url(text)
        if "@" in f"{url.host}{url.database}":
            raise ValueError("what follows an `@` in the password was taken for the host, and would be shown as such")
    except (ArgumentError, ValueError):
        # `from None`: the parser's own error quotes the URL with its password.
        raise FlowliteError(
            f"{source} is not a URL of the form {EXAMPLE}. "
            "Percent-encode `@`, `/`, `:` and `%` in the password (%40, %2F, %3A, %25)."
        ) from None
    problems = []
    if url.drivername not in CONVERTED:
        problems.append(f"the scheme is {url.drivername}, wanted one of {', '.join(CONVERTED)}")
    if not url.database:
        problems.append("the database name after the last `/` is missing")
    if not url.host:
        problems.append("the host is missing")
    if problems:
        raise FlowliteError(f"{source}: {'; '.join(problems)}. It looks like {EXAMPLE}.")
    return url.set(drivername="mysql+pymysql")


def where(url: URL) -> str:
    """Database, host, port and user of a URL for messages; never the password."""
    return f"{url.database} on {url.host}:{url.port or 3306} as {url.username or '(no user)'}"


def _read() -> tuple[str, str]:
    """The URL's text and the name of where it was found."""
    if text := os.environ.get("DATABASE_URL", "").strip():
        return text, "DATABASE_URL"
    path = os.environ.get("DATABASE_URL_FILE", "")
    if not path:
        raise FlowliteError(f'no database is named: export DATABASE_URL="{EXAMPLE}", or DATABASE_URL_FILE=<a file>.')
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise FlowliteError(f"DATABASE_URL_FILE names {path}, which cannot be read: {reason}.") from None
    if not text:
        raise FlowliteError(f"DATABASE_URL_FILE names {path}, which is empty; it should hold {EXAMPLE}.")
    return text, f"DATABASE_URL_FILE ({path})"
