"""What is wrong with a certificate, when one is issued, and what a server and Java are given."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from certificate_files import DAY, NAMES, NOW, certificate, key_text, new_key, text, write
from plugin import load

rules = load("plugins/flowlite_rules/certificate_rules.py")
filters = load("plugins/filter/flowlite_certificates.py")

AUTHORITY_KEY, SERVER_KEY = new_key(), new_key()
AUTHORITY = certificate("authority", AUTHORITY_KEY)
PASSWORD = "correct horse battery staple"


def issued(**different: Any) -> dict[str, Any]:
    """A certificate of the project's authority, as the roles describe theirs."""
    given: dict[str, Any] = {
        "names": NAMES,
        "until": NOW + 100 * DAY,
        "key": SERVER_KEY,
        "issuer": (AUTHORITY, AUTHORITY_KEY),
    }
    given |= different
    server = certificate("redis", SERVER_KEY, given["issuer"], given["names"], given["until"])
    return {
        "service": "redis",
        "issued": True,
        "certificate": text(server),
        "key": key_text(given["key"], PASSWORD),
        "ca": text(AUTHORITY),
        "password": PASSWORD,
        "names": list(NAMES),
    }


def test_good_certificate_is_kept() -> None:
    assert filters.reason_to_issue(issued(), 30) == ""


OTHER_KEY = new_key()
REASONS = [
    ({"until": NOW + 29 * DAY}, "expires in 2"),
    ({"until": NOW - DAY}, "expired on"),
    ({"names": NAMES[1:]}, "does not name only.test"),
    ({"key": OTHER_KEY}, "does not belong to the certificate"),
    ({"issuer": (certificate("another", OTHER_KEY), OTHER_KEY)}, "did not issue"),
]


@pytest.mark.parametrize(("different", "reason"), REASONS)
def test_certificate_is_issued_anew(different: dict[str, Any], reason: str) -> None:
    assert reason in filters.reason_to_issue(issued(**different), 30)


@pytest.mark.parametrize("part", ["certificate", "key", "ca"])
@pytest.mark.parametrize(("content", "reason"), [("", "is missing or empty"), ("no PEM", "is no ")])
def test_unreadable_part_is_named(part: str, content: str, reason: str) -> None:
    assert f"{part} {reason}" in filters.reason_to_issue(issued() | {part: content}, 30)


def test_key_that_the_password_does_not_open_is_named() -> None:
    assert "certificates_ca_password" in filters.reason_to_issue(issued() | {"password": "another"}, 30)


def test_given_certificate_is_never_issued() -> None:
    assert filters.reason_to_issue(issued(until=NOW - DAY) | {"issued": False}, 30) == ""


def test_chain_through_an_intermediate_authority() -> None:
    key = new_key()
    between = certificate("between", key, (AUTHORITY, AUTHORITY_KEY))
    server = certificate("redis", SERVER_KEY, (between, key), NAMES)
    files = rules.Files(text(server, between), key_text(SERVER_KEY), text(AUTHORITY))
    assert rules.problems(files, list(NAMES), NOW) == {}
    alone = files._replace(certificate=text(server))
    assert list(rules.problems(alone, list(NAMES), NOW)) == ["ca"]


def test_wildcard_covers_one_label() -> None:
    server = certificate("redis", SERVER_KEY, (AUTHORITY, AUTHORITY_KEY), ("*.example.test",))
    files = rules.Files(text(server), key_text(SERVER_KEY), text(AUTHORITY))
    assert rules.problems(files, ["a.example.test"], NOW) == {}
    assert "b.a.example.test" in rules.problems(files, ["b.a.example.test"], NOW)["certificate"]


def test_server_reads_key_and_certificate_from_one_file() -> None:
    tls = issued()
    pem = filters.server_pem(tls)
    assert "BEGIN PRIVATE KEY" in pem
    assert pem.endswith(tls["certificate"])
    assert rules.problems(rules.Files(pem, pem, tls["ca"]), list(NAMES), NOW) == {}
    assert filters.server_pem(tls | {"key": ""}) == ""


def test_expiry_of_certificate_and_authority_is_named_with_the_remedy() -> None:
    assert filters.expiry_problems(issued(), 30) == []
    soon = filters.expiry_problems(issued(until=NOW + 10.5 * DAY), 30)
    assert soon == [{"what": "the certificate of redis expires in 10 days", "remedy": "run playbooks/site.yml"}]
    (given,) = filters.expiry_problems(issued(until=NOW + 10 * DAY) | {"issued": False}, 30)
    assert "redis_tls_certificate_file" in given["remedy"]
    (authority,) = filters.expiry_problems(issued(until=NOW + 3000 * DAY), 110)
    assert authority["what"].startswith("the authority of redis's certificate expires in")


def test_java_store_is_written_once(tmp_path: Path) -> None:
    path, both = tmp_path / "ca.p12", text(AUTHORITY, certificate("another", OTHER_KEY))
    first = filters.java_truststore(both, str(path))
    path.write_bytes(base64.b64decode(first))
    assert filters.java_truststore(both, str(path)) == first
    assert filters.java_truststore(text(AUTHORITY), str(path)) != first
    assert rules.holds(path.read_bytes(), both)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("given") / "certificates"
    write(made)
    return made


GIVEN = [
    ("server.pem", "server.key", "ca.pem", ""),
    ("expired.pem", "server.key", "ca.pem", "redis_tls_certificate_file"),
    ("elsewhere.pem", "server.key", "ca.pem", "redis_tls_certificate_file"),
    ("server.pem", "other.key", "ca.pem", "redis_tls_key_file"),
    ("server.pem", "absent.key", "ca.pem", "redis_tls_key_file"),
    ("server.pem", "server.key", "foreign_ca.pem", "redis_tls_ca_file"),
]


@pytest.mark.parametrize(("certificate_file", "key_file", "ca_file", "named"), GIVEN)
def test_given_files(directory: Path, certificate_file: str, key_file: str, ca_file: str, named: str) -> None:
    files = {"certificate": certificate_file, "key": key_file, "ca": ca_file}
    values = {f"redis_tls_{part}_file": str(directory / name) for part, name in files.items()} | {"redis_tls": True}

    def read(path: str) -> str:
        return Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""

    problems = rules.given_problems("redis", values, read, ["only.test"])
    assert [problem.split()[0] for problem in problems] == ([named] if named else [])


def test_unread_where_tls_is_off() -> None:
    assert rules.given_problems("redis", {"redis_tls": False, "redis_tls_key_file": "/absent"}, lambda _: "", []) == []
