"""An empty database on a throw-away server, and the ways to look into it."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from throwaway_server import DATABASE_PREFIX, ThrowawayServer

MIGRATIONS = Path(__file__).parents[2] / "migrations"


class ThrowawayDatabase:
    """A database of its own for one test."""

    def __init__(self, server: ThrowawayServer) -> None:
        self.server = server
        self.name = DATABASE_PREFIX + secrets.token_hex(6)
        self.url = self.url_for(self.name)
        self.engine = self._engine(self.url)

    def url_for(self, database: str | None, user: str | None = None, password: str | None = None) -> URL:
        """A URL on this server, of the test account unless another is named."""
        account = (user, password) if user else (self.server.user, self.server.password)
        return URL.create("mysql+pymysql", *account, "127.0.0.1", self.server.port, database)

    @property
    def url_text(self) -> str:
        """The URL with its password, as DATABASE_URL holds it."""
        return self.url.render_as_string(hide_password=False)

    def create(self) -> None:
        """Create it with the server's default character set, which is latin1."""
        self._administer(f"CREATE DATABASE `{self.name}`")

    def move(self) -> None:
        """Follow the server to the port that it has after a restart."""
        self.url = self.url_for(self.name)
        self.engine = self._engine(self.url)

    def drop(self) -> None:
        """Drop it with all tables."""
        self._administer(f"DROP DATABASE IF EXISTS `{self.name}`")

    def sql(self, statement: str, **parameters: Any) -> list[Any]:
        """Run one statement and commit; the rows as tuples, none for a statement without rows."""
        with self.engine.begin() as connection:
            found = connection.execute(text(statement), parameters)
            return [tuple(row) for row in found] if found.returns_rows else []

    def tables(self) -> set[str]:
        """The names of the tables, as the server stores them."""
        return {row[0] for row in self.sql("SHOW TABLES")}

    def script(self, *arguments: str, directory: Path = MIGRATIONS) -> subprocess.CompletedProcess[str]:
        """Run a script of migrations/ (or `-m alembic`) as a user does, in a process of its own."""
        environment = {**os.environ, "DATABASE_URL": self.url_text}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)

    def _administer(self, statement: str) -> None:
        with self._engine(self.url_for(None)).begin() as connection:
            connection.execute(text(statement))

    @staticmethod
    def _engine(url: URL) -> Engine:
        # Loading the certificates takes 40 ms a connection; the scripts, which get DATABASE_URL, do use TLS.
        return create_engine(url, poolclass=NullPool, connect_args={"ssl_disabled": True})
