"""On which hosts packages are installed, and from which repositories."""

from __future__ import annotations

import os
import pwd
import socket
from typing import Any

import pytest
from plugin import load

rules = load("plugins/flowlite_rules/platform_rules.py")
ports = load("plugins/modules/flowlite_ports_in_use.py")

PLATFORMS = [
    ("Debian", "12.15", True),
    ("Debian", "13.8", True),
    ("Debian", "forky/sid", True),
    ("Debian", "11.9", False),
    ("Ubuntu", "22.04", True),
    ("Ubuntu", "24.04", True),
    ("Ubuntu", "23.10", False),
    ("Rocky", "9.4", False),
]
WHOLE = {
    "uris": "https://apt.example",
    "suites": "trixie",
    "components": "main",
    "signed_by": "https://apt.example/key",
}


def facts(name: str, version: str, uid: int = 0) -> dict[str, Any]:
    return {"distribution": name, "distribution_version": version, "user_uid": uid}


@pytest.mark.parametrize(("name", "version", "accepted"), PLATFORMS)
def test_platform(name: str, version: str, accepted: bool) -> None:
    problems = rules.platform_problems(facts(name, version))
    assert len(problems) == (not accepted)
    assert accepted or "flowlite_backend: container" in problems[0]


def test_user_who_is_not_root_is_told_of_become() -> None:
    (problem,) = rules.platform_problems(facts("Debian", "13.8", 1000))
    assert "ansible_become: true" in problem


def test_old_packages_need_a_repository() -> None:
    old = {"Ubuntu 22.04": "has Redis 6.0"}
    (problem,) = rules.old_package_problems("redis", old, {"redis_apt_repository": {}}, facts("Ubuntu", "22.04"))
    assert "redis_apt_repository" in problem
    assert rules.old_package_problems("redis", old, {"redis_apt_repository": WHOLE}, facts("Ubuntu", "22.04")) == []
    assert rules.old_package_problems("redis", old, {}, facts("Ubuntu", "24.04")) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, []),
        (WHOLE, []),
        ({**WHOLE, "components": ""}, []),
        ({**WHOLE, "signed_by": ""}, ["has no signed_by"]),
        ({"uris": "https://apt.example"}, ["has no suites", "has no signed_by"]),
        ({**WHOLE, "uri": "https://apt.example"}, ["has uri"]),
    ],
)
def test_repository(given: dict[str, str], words: list[str]) -> None:
    problems = rules.repository_problems("redis", {"redis_apt_repository": given})
    assert len(problems) == len(words)
    assert all(word in problem for word, problem in zip(words, problems, strict=True))


def test_port_of_the_services_own_user_is_ours() -> None:
    me = pwd.getpwuid(os.getuid()).pw_name
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert ports.is_ours({"port": port, "user": me})
        assert not ports.is_ours({"port": port})
        assert not ports.is_ours({"port": port, "user": "nobody"})
        assert not ports.is_ours({"port": port, "user": "no-such-user"})
