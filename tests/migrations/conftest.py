"""Fixtures: one throw-away server of each flavor for the session, one fresh database for each test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from throwaway_server import FLAVORS, ThrowawayServer

sys.path.insert(0, str(Path(__file__).parents[2] / "migrations"))

from init_database import init_database
from seed_database import seed_database
from throwaway_database import ThrowawayDatabase


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known that the most expensive tests have."""
    config.addinivalue_line("markers", "slow_on_mariadb: on MySQL always, on MariaDB under make test-slow")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them slow on MariaDB, before the tests are selected by `-m`."""
    for item in items:
        if item.get_closest_marker("slow_on_mariadb"):
            assert isinstance(item, pytest.Function)
            if item.callspec.params["server"] is FLAVORS["mariadb"]:
                item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", params=FLAVORS.values(), ids=list(FLAVORS))
def server(request: pytest.FixtureRequest) -> Iterator[ThrowawayServer]:
    """A running server, removed at the end, also after a failure."""
    started = ThrowawayServer(request.param)
    try:
        started.start()
        yield started
    finally:
        started.stop()


@pytest.fixture
def database(server: ThrowawayServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThrowawayDatabase]:
    """An empty database that DATABASE_URL names."""
    made = ThrowawayDatabase(server)
    made.create()
    monkeypatch.setenv("DATABASE_URL", made.url_text)
    monkeypatch.delenv("DATABASE_URL_FILE", raising=False)
    try:
        yield made
    finally:
        made.drop()


@pytest.fixture
def migrated(database: ThrowawayDatabase) -> ThrowawayDatabase:
    """A database at the newest revision, without rows."""
    init_database(database.engine)
    return database


@pytest.fixture
def seeded(migrated: ThrowawayDatabase) -> ThrowawayDatabase:
    """A database at the newest revision with reference rows and the demonstration."""
    seed_database(migrated.engine)
    return migrated
