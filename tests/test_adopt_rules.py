"""What adopt.yml takes for an old deployment, and how definitions and messages are turned into ours."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import Any

import pika
import pytest
from ansible_run import ROOT
from plugin import load

containers = load("roles/adopt/filter_plugins/adopt_containers.py")
ledger = load("plugins/module_utils/flowlite_ledger.py")


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The roles' module_utils under the names by which Ansible gives them to a module."""
    for role, name in (("backup", "backup_pipes"), ("backup", "backup_mysql"), ("adopt", "adopt_mysql")):
        loaded: ModuleType = load(f"roles/{role}/module_utils/{name}.py")
        monkeypatch.setitem(sys.modules, f"ansible.module_utils.{name}", loaded)


def container(name: str, **labels: str) -> dict[str, Any]:
    return {"Names": [f"/{name}"], "Labels": labels}


def test_old_containers_are_those_of_other_projects() -> None:
    ours = {containers.LABEL: "flowlite"}
    engine = {
        "containers": [
            container("flowlite-mysql", **{"com.docker.compose.project": "infrastructureservice"}),
            container("flowlite-redis", **ours),
            container("flowlite-rabbitmq-adopting"),
            container("other"),
        ]
    }
    assert containers.old_services(engine, "flowlite", "flowlite") == ["mysql"]
    assert containers.old_services(engine, "flowlite", "flowlite", "-adopting") == ["rabbitmq"]
    assert containers.old_services({}, "flowlite", "flowlite") == []
    seen = containers.as_ours(engine, "flowlite", "new")["containers"]
    assert seen[0] == {**engine["containers"][0], "Names": ["/new-mysql"], "Labels": {containers.LABEL: "new"}}
    assert seen[2:] == engine["containers"][2:]


@pytest.mark.parametrize(
    ("command", "environment", "secret"),
    [
        (["redis-server", "--requirepass", "a.b"], [], "a.b"),
        (["redis-server", "--requirepass=a.b"], [], "a.b"),
        (["sh", "-c", 'exec redis-server --requirepass "$REDIS_PASSWORD"'], ["REDIS_PASSWORD=x=y"], "x=y"),
        (["sh", "-c", "redis-server --requirepass ${PASS} --appendonly yes"], ["PASS=x"], "x"),
        (["redis-server"], ["REDIS_PASSWORD=x"], "x"),
        (["redis-server"], [], ""),
    ],
)
def test_password_of_redis_is_found(command: list[str], environment: list[str], secret: str) -> None:
    inspected = {"Config": {"Entrypoint": None, "Cmd": command, "Env": environment}}
    assert containers.redis_secret(inspected) == secret


def test_node_is_named_by_the_host_unless_it_has_a_name() -> None:
    assert containers.node_of({"Config": {"Hostname": "fd73b2fc0ddb", "Env": []}}) == "rabbit@fd73b2fc0ddb"
    named = {"Config": {"Hostname": "x", "Env": ["RABBITMQ_NODENAME=rabbit@mq"]}}
    assert containers.node_of(named) == "rabbit@mq"


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {},
        {"text": "ñ", "number": -1, "half": 0.5, "yes": True, "nothing": None},
        {"long": pika.compat.long(2**40), "bytes": b"\x00\xff", "deep": {"list": [1, {"a": "b"}, [b"x"]]}},
    ],
)
def test_message_comes_out_of_its_line_as_it_went_in(headers: dict[str, Any] | None) -> None:
    properties = pika.BasicProperties(content_type="a", delivery_mode=2, priority=0, timestamp=1, headers=headers)
    line = ledger.line_of(properties, b"\x00body")
    again, body = ledger.message_of(line)
    assert body == b"\x00body"
    assert again.headers == (headers or None)
    assert {name: type(value) for name, value in (again.headers or {}).items()} == {
        name: type(value) for name, value in (headers or {}).items()
    }
    assert ledger.line_of(again, body) == line
    assert (again.content_type, again.delivery_mode, again.priority, again.timestamp) == ("a", 2, 0, 1)


def test_fractions_keep_what_follows_the_point(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("encode_value", "decode_value"):
        monkeypatch.setattr(ledger.wire, name, getattr(ledger.wire, name))
    ledger.keep_fractions()
    headers = {"half": 0.5, "deep": {"list": [1, -0.25]}, "text": "a"}
    encoded = b"".join(pika.BasicProperties(headers=headers).encode())
    assert pika.BasicProperties().decode(encoded).headers == headers


def test_a_changed_message_has_another_line() -> None:
    lines = {
        ledger.line_of(pika.BasicProperties(headers=headers, priority=priority), body)
        for headers in (None, {"a": 1}, {"a": "1"})
        for priority in (None, 0, 1)
        for body in (b"", b"1")
    }
    assert len(lines) == 18


def test_definitions_lose_their_classic_type_and_our_own_users(modules: None) -> None:
    turned = load("plugins/modules/flowlite_definitions.py").turned
    queue = {"vhost": "/", "durable": True, "auto_delete": False}
    old = {
        "vhosts": [{"name": "/"}, {"name": "extra", "metadata": {}}],
        "users": [{"name": "admin"}, {"name": "guest"}, {"name": "ana", "tags": []}],
        "permissions": [{"user": "admin", "vhost": "/"}, {"user": "ana", "vhost": "extra"}],
        "queues": [
            {**queue, "name": "a", "arguments": {"x-queue-type": "classic"}},
            {**queue, "name": "b", "arguments": {"x-max-priority": 5}},
        ],
        "exchanges": [{"name": "reports", "vhost": "/"}],
    }
    new = turned(old, ["/", "flowlite"], ["admin", "guest"])
    assert [(vhost["name"], vhost["default_queue_type"]) for vhost in new["vhosts"]] == [
        ("/", "quorum"),
        ("flowlite", "quorum"),
        ("extra", "quorum"),
    ]
    assert [user["name"] for user in new["users"]] == ["ana"]
    assert new["permissions"] == [{"user": "ana", "vhost": "extra"}]
    assert [entry["arguments"] for entry in new["queues"]] == [
        {},
        {"x-max-priority": 5, "x-queue-type": "classic"},
    ]
    assert new["exchanges"] == old["exchanges"]


def test_tables_of_no_revision_are_named(modules: None) -> None:
    look = load("roles/adopt/library/adopt_mysql_look.py")
    golden = json.loads((ROOT / "migrations/golden/mysql.json").read_text(encoding="utf-8"))
    golden.pop("alembic_version", None)
    later = ["FileUploadHistory"]
    first = {table: list(about["columns"]) for table, about in golden.items() if table not in later}
    assert list(look.differences(first, golden, later)) == []
    assert (
        list(look.differences({table: list(about["columns"]) for table, about in golden.items()}, golden, later)) == []
    )
    del first["Role"]
    first["Bank"] = ["id_bank", "nombre"]
    first["reports"] = ["id"]
    said = "\n".join(look.differences(first, golden, later))
    for words in (
        "reports is none of Flowlite's",
        "Role is missing",
        "Bank has columns that ours has not",
        "lacks columns: bank_name",
    ):
        assert words in said
