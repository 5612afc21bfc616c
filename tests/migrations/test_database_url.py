"""DATABASE_URL and DATABASE_URL_FILE: what is taken, what is refused, and that no password is ever shown."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import quote

import pytest

from database import connect, create_database_engine
from database_url import database_url, where
from errors import FlowliteError
from throwaway_database import ThrowawayDatabase

SECRET = "hunter2"
AT = f"flowlite_user:{SECRET}@localhost:3306/flowlite_db"


@pytest.fixture(autouse=True)
def _no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_URL_FILE", raising=False)


@pytest.mark.parametrize("scheme", ["mysql", "mysql+pymysql", "mysql+aiomysql", "mysql+asyncmy"])
def test_the_urls_of_the_services_are_converted(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://{AT}")
    assert database_url().render_as_string(hide_password=False) == f"mysql+pymysql://{AT}"


def test_a_file_may_hold_the_url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text(f"mysql+aiomysql://{AT}\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(file))
    assert database_url().password == SECRET


def test_text_for_a_person_has_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"mysql://{AT}")
    assert where(database_url()) == "flowlite_db on localhost:3306 as flowlite_user"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "no database is named"),
        (f"postgresql://{AT}", "the scheme is postgresql"),
        (f"mysql+pymysql://u:{SECRET}@localhost:3306/", "the database name after the last `/` is missing"),
        (f"mysql+pymysql://u:{SECRET}@/db", "the host is missing"),
        (f"mysql+pymysql://u:p@{SECRET}@localhost:3306/db", "Percent-encode"),
        (f"mysql+pymysql://u:p@x/{SECRET}@localhost:3306/db", "Percent-encode"),
        (f"mysql+pymysql://u:p@x:{SECRET}@localhost:3306/db", "Percent-encode"),
        (f"u:{SECRET}@localhost", "is not a URL of the form"),
        (f"sqlite://u:{SECRET}@/", "the scheme is sqlite"),
    ],
)
def test_a_wrong_url_is_explained(monkeypatch: pytest.MonkeyPatch, url: str, expected: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(FlowliteError) as refused:
        database_url()
    assert expected in str(refused.value)
    assert "DATABASE_URL" in str(refused.value)
    assert SECRET not in repr(refused.getrepr(style="long"))


def test_a_wrong_url_shows_everything_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///")
    with pytest.raises(FlowliteError, match=r"scheme.*database name.*host"):
        database_url()


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"], ids=["missing", "empty", "binary"])
def test_an_unusable_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "url"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("DATABASE_URL_FILE", str(file))
    with pytest.raises(FlowliteError, match=r"DATABASE_URL_FILE names .*/url, which"):
        database_url()


@pytest.mark.slow_on_mariadb
@pytest.mark.parametrize("password", ["50%off%40", "a@b/c:d", 'it\'s "quoted" #?&=+'])
def test_special_characters_in_a_password(database: ThrowawayDatabase, password: str) -> None:
    quoted = password.replace("'", "''")
    database.server.as_root(
        "CREATE USER IF NOT EXISTS special@'%'; "
        f"ALTER USER special@'%' IDENTIFIED BY '{quoted}'; GRANT ALL ON `{database.name}`.* TO special@'%';"
    )
    encoded = quote(password, safe="")
    url = f"mysql+aiomysql://special:{encoded}@127.0.0.1:{database.server.port}/{database.name}"
    database.url = database.url_for(database.name, "special", password)
    assert database.script("-m", "alembic", "upgrade", "head").returncode == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        connect(create_database_engine()).close()


@pytest.mark.slow_on_mariadb
@pytest.mark.parametrize("script", ["init_database.py", "seed_database.py", "check_database.py", "init_and_seed.py"])
def test_a_wrong_password_is_refused_at_once_and_not_shown(database: ThrowawayDatabase, script: str) -> None:
    database.url = database.url.set(password=SECRET)
    started = time.monotonic()
    done = database.script(script)
    # Not after the minute for which init_database.py waits for a server that is starting.
    assert time.monotonic() - started < 10
    assert done.returncode == 1
    assert "correct user or password in DATABASE_URL" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
