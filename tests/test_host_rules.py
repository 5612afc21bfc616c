"""Whose containers and ports the host has already, from what the engine and the kernel say."""

from __future__ import annotations

import errno
import socket
from typing import Any

import pytest
from ansible_run import free_ports
from plugin import load

rules = load("plugins/flowlite_rules/host_rules.py")
module = load("plugins/modules/flowlite_ports_in_use.py")

OURS = {"io.flowlite.deployment": "flowlite"}
COMPOSE = {"com.docker.compose.project": "backend"}


def container(name: str, labels: dict[str, str] | None = None, state: str = "running", *ports: Any) -> dict[str, Any]:
    """A container as the engine lists it."""
    listed = [{"IP": ip, "PublicPort": port, "PrivatePort": 1, "Type": kind} for ip, port, kind in ports]
    return {"Names": [f"/{name}"], "Labels": labels, "State": state, "Ports": [*listed, {"PrivatePort": 2}]}


CONTAINERS: list[tuple[list[dict[str, Any]], list[str]]] = [
    ([], []),
    ([container("flowlite-mysql", OURS)], []),
    ([container("flowlite-redis"), container("other-mysql")], []),
    ([container("flowlite-mysql")], ["that this project did not create"]),
    ([container("flowlite-mysql", {"io.flowlite.deployment": "other"})], ["that this project did not create"]),
    ([container("flowlite-mysql", COMPOSE, "exited")], ["of the compose project 'backend'"]),
]
LOCAL, ANY = "127.0.0.1", "0.0.0.0"
# containers, wanted address, what becomes of port 3306 of mysql
PUBLISHED: list[tuple[list[dict[str, Any]], str, str]] = [
    ([], LOCAL, "probed"),
    ([container("other", None, "running", (LOCAL, 3306, "tcp"))], LOCAL, "refused"),
    ([container("other", None, "running", (ANY, 3306, "tcp"))], LOCAL, "refused"),
    ([container("other", None, "running", (LOCAL, 3306, "tcp"))], ANY, "refused"),
    ([container("other", None, "running", ("127.0.0.2", 3306, "tcp"))], LOCAL, "probed"),
    ([container("other", None, "running", (LOCAL, 3306, "udp"))], LOCAL, "probed"),
    ([container("other", None, "exited", (LOCAL, 3306, "tcp"))], LOCAL, "probed"),
    ([container("other", None, "running", (LOCAL, 3307, "tcp"))], LOCAL, "probed"),
    ([container("flowlite-mysql", OURS, "running", (LOCAL, 3306, "tcp"))], LOCAL, "ours"),
    ([container("flowlite-mysql", OURS, "running", (LOCAL, 3306, "tcp"))], ANY, "ours"),
    ([container("flowlite-redis", OURS, "running", (LOCAL, 3306, "tcp"))], LOCAL, "refused"),
]


@pytest.mark.parametrize(("containers", "words"), CONTAINERS)
def test_containers_of_others(containers: list[dict[str, Any]], words: list[str]) -> None:
    problems = rules.container_problems("flowlite", {"mysql"}, {"containers": containers})
    assert len(problems) == len(words)
    assert all(word in problem for problem, word in zip(problems, words, strict=True))


@pytest.mark.parametrize("engine", [{}, {"containers": None}, {"can_talk_to_docker": False}])
def test_engine_that_does_not_answer_yet_is_no_problem(engine: dict[str, Any]) -> None:
    port = {"mysql_port": {"role": "mysql", "port": 3306, "address": LOCAL}}
    assert rules.container_problems("flowlite", {"mysql"}, engine) == []
    assert rules.ports_to_probe("flowlite", port, engine) == ({"mysql_port": {"address": LOCAL, "port": 3306}}, [])


@pytest.mark.parametrize(("containers", "address", "becomes"), PUBLISHED)
def test_published_port(containers: list[dict[str, Any]], address: str, becomes: str) -> None:
    port = {"mysql_port": {"role": "mysql", "port": "3306", "address": address}}
    probe, problems = rules.ports_to_probe("flowlite", port, {"containers": containers})
    assert bool(probe) == (becomes == "probed")
    assert bool(problems) == (becomes == "refused")


def test_port_that_a_program_has() -> None:
    with socket.create_server((LOCAL, 0)) as listener:
        port = listener.getsockname()[1]
        assert module.refusal(LOCAL, port) == errno.EADDRINUSE
        assert module.refusal(ANY, port) == errno.EADDRINUSE
        assert module.refusal("127.0.0.2", port) is None


def test_port_that_nobody_has() -> None:
    assert module.refusal(LOCAL, free_ports(1)[0]) is None


def test_address_of_another_host() -> None:
    assert module.refusal("192.0.2.7", 3306) == errno.EADDRNOTAVAIL


def test_port_that_a_closed_connection_had() -> None:
    with socket.create_server((LOCAL, 0)) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection((LOCAL, port)):
            listener.accept()[0].close()
    assert module.refusal(LOCAL, port) is None
