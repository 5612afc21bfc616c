"""Which version of a server may start on data that another version wrote."""

from __future__ import annotations

import pytest
from plugin import load

hops = load("plugins/filter/flowlite_hops.py")

# service, data, server, supported
HOPS = [
    ("mysql", "8.0.36", "8.0.36", True),
    ("mysql", "8.0.36", "8.4.2", True),
    ("mysql", "8.4.2", "9.7.4", True),
    ("mysql", "9.1.0", "9.7.4", True),
    ("mysql", "8.0.36", "9.7.4", False),
    ("mysql", "5.7.44", "8.4.2", False),
    ("mysql", "5.6.51", "5.7.44", True),
    ("mysql", "5.6.51", "8.0.36", False),
    ("mysql", "9.7.4", "8.4.2", False),
    ("mysql", "8.4.2", "8.0.36", False),
    ("redis", "7.0.15", "7.4.1", True),
    ("redis", "7.4.1", "7.0.15", False),
]
RABBITMQ = [
    ("restart_streams", "3.12.14", True),
    ("restart_streams", "3.13.7", True),
    ("restart_streams message_containers", "4.0.5", True),
    ("restart_streams", "4.0.5", False),
    ("message_containers", "3.12.14", False),
    ("message_containers", "4.2.1", True),
    ("rabbitmq_4.0.0 message_containers", "4.2.1", True),
    ("rabbitmq_4.1.0 rabbitmq_4.0.0", "4.3.0", False),
    ("rabbitmq_4.2.0 rabbitmq_4.1.0", "4.3.0", True),
    ("rabbitmq_4.2.0", "4.1.0", False),
]


@pytest.mark.parametrize(("service", "data", "server", "supported"), HOPS + [("rabbitmq", *hop) for hop in RABBITMQ])
def test_hop(service: str, data: str, server: str, supported: bool) -> None:
    problem = hops.hop_problem(f"server {server}\ndata {data}\n", service, f"flowlite-{service}")
    assert bool(problem) != supported, problem


def test_refusal_names_container_versions_and_remedy() -> None:
    problem = hops.hop_problem("server Ver 9.7.4\ndata 8.0.36", "mysql", "flowlite-mysql")
    assert problem.startswith("flowlite-mysql: ")
    for words in ("mysql 8.0", "mysql 9.7", "at once", "flowlite_release", "backup"):
        assert words in problem
    assert "downgrades" in hops.hop_problem("server 8.0.36\ndata 8.4.2", "mysql", "flowlite-mysql")


@pytest.mark.parametrize(("running", "refused"), [("server v=8.0.2", True), ("server v=7.0.15", False), ("", False)])
def test_the_server_at_work_counts_where_its_mark_in_the_data_is_older(running: str, refused: bool) -> None:
    problem = hops.hop_problem("server v=7.0.15\ndata 7.0.15", "redis", "flowlite-redis", running=running)
    assert ("written by redis 8.0, the image is redis 7.0: downgrades" in problem) == refused


def test_refusal_of_a_package_names_the_repository() -> None:
    problem = hops.hop_problem("server 7.0.15\ndata 8.0.2", "redis", "redis", "package")
    for words in ("redis 8.0", "apt installs redis 7.0", "redis_apt_repository"):
        assert words in problem


def test_refusal_of_a_package_takes_rabbitmq_from_its_data() -> None:
    problem = hops.hop_problem(
        "server 4.0.5-6+deb13u2\ndata [quorum_queue,stream_queue].", "rabbitmq", "rabbitmq", "package"
    )
    for words in ("rabbitmq 3.10", "apt installs rabbitmq 4.0", "at once", "rabbitmq_apt_repository"):
        assert words in problem


@pytest.mark.parametrize(("old", "new"), [("mariadb", "mysql"), ("mysql", "mariadb")])
def test_data_of_the_other_server_are_refused_by_name(old: str, new: str) -> None:
    problem = hops.hop_problem(f"server 11.8.9\ndata 10.11.4\nflavors {old} {new}", "mysql", "mysql", "package")
    for words in (f"written by {old}", f"server is {new}", f"mysql_flavor: {old}"):
        assert words in problem
    assert hops.hop_problem(f"server 11.8.9\ndata 10.11.4\nflavors {old} {old}", "mysql", "mysql", "package") == ""


def test_data_of_a_newer_mariadb_are_refused() -> None:
    problem = hops.hop_problem("server 10.11.14\ndata 11.8.9\nflavors mariadb mariadb", "mysql", "mysql", "package")
    assert "downgrades" in problem


@pytest.mark.parametrize(
    "probe", ["", "server 8.4.2", "server 8.4.2\ndata ", "data 8.0.36", "sh: not found", "server\ndata"]
)
def test_where_nothing_is_known_nothing_is_refused(probe: str) -> None:
    assert hops.hop_problem(probe, "mysql", "flowlite-mysql") == ""


PLANS = [
    # service, what runs, what is declared, data, whether they differ, way, words of the problem
    ("redis", "v=7.0.15", "v=8.0.2", "7.0.15", True, "in place", ""),
    ("redis", "v=7.0.15", "v=7.0.15", "7.0.15", True, "in place", ""),
    ("redis", "v=7.0.15", "", "", False, "", ""),
    ("redis", "v=8.0.2", "v=7.0.15", "8.0.2", True, "refused", "downgrades"),
    ("redis", "v=8.0.2", "v=7.0.15", "7.0.15", True, "refused", "written by redis 8.0"),
    ("redis", "", "v=8.0.2", "7.0.15", True, "refused", "does not run"),
    ("redis", "v=7.0.15", "", "", True, "refused", "does not tell its version"),
    ("rabbitmq", "3.10.8", "4.0.5", "[quorum_queue,stream_queue].", True, "moved", ""),
    ("rabbitmq", "4.0.5", "4.2.1", "[rabbitmq_4.0.0].", True, "in place", ""),
    ("rabbitmq", "4.0.5", "3.10.8", "[rabbitmq_4.0.0].", True, "refused", "downgrades"),
    ("mysql", "Ver 8.0.36", "Ver 9.7.4", "8.0.36", True, "refused", "first to series 8.4"),
    ("mysql", "Ver 5.7.44", "Ver 8.4.2", "5.7.44", True, "refused", "first to series 8.0"),
    ("mysql", "Ver 5.6.51", "Ver 8.0.36", "5.6.51", True, "refused", "first to series 5.7"),
    ("mysql", "Ver 5.7.44", "Ver 9.7.4", "5.7.44", True, "refused", "first to series 8.0"),
    ("mysql", "Ver 8.0.36", "Ver 8.4.2", "8.0.36", True, "in place", ""),
    ("mysql", "10.11.14-0+deb12u2", "11.8.3-0+deb13u1", "10.11.14", True, "in place", ""),
]


@pytest.mark.parametrize(("service", "runs", "declared", "data", "differs", "way", "words"), PLANS)
def test_plan(service: str, runs: str, declared: str, data: str, differs: bool, way: str, words: str) -> None:
    running = f"server {runs}" if runs else ""
    plan = hops.hop_plan(f"server {declared}\ndata {data}", running, service, service, "container", differs)
    assert plan["way"] == way
    assert words in plan["problem"]
    assert bool(plan["problem"]) == (way == "refused")


def test_plan_of_a_dry_run_that_has_not_the_declared_server() -> None:
    plan = hops.hop_plan("", "server v=7.0.15", "redis", "redis", "container", True, predicts=True)
    assert plan["way"] == "later"


def test_a_gap_of_rabbitmq_names_the_playbook_that_closes_it() -> None:
    problem = hops.hop_problem("server 4.0.5\ndata [stream_queue].", "rabbitmq", "flowlite-rabbitmq")
    assert "playbooks/upgrade.yml" in problem
