"""Which series of RabbitMQ count deliveries, and what is imported into one that does not."""

from __future__ import annotations

import re

import pytest
from ansible_run import ROOT
from plugin import load

series = load("roles/rabbitmq/filter_plugins/rabbitmq_series.py")
definitions = load("roles/rabbitmq/filter_plugins/rabbitmq_definitions.py")

SERVERS = [
    ("3.10.8-1.1+deb12u1", "no delivery limit"),
    ("3.12.1-1ubuntu1", ""),
    ("4.0.5-6+deb13u2", ""),
    ("4.3.6-1", "nack"),
    ("(none)", ""),
]


@pytest.mark.parametrize(("version", "words"), SERVERS)
def test_packages_without_a_limit(version: str, words: str) -> None:
    problem = series.no_limit(f"server {version}\ndata \n")
    assert words in problem
    assert bool(problem) == bool(words)


def test_filter_and_look_agree() -> None:
    look = (ROOT / "roles/rabbitmq/library/rabbitmq_check.py").read_text(encoding="utf-8")
    for name in ("FIRST_WITH_DEFAULT_TYPE", "FIRST_NOT_COUNTING_NACK"):
        (found,) = re.findall(rf"^{name} = \((\d+), (\d+)\)$", look, re.MULTILINE)
        assert tuple(map(int, found)) == getattr(series, name)


@pytest.mark.parametrize("default_type", [True, False])
def test_new_vhost_names_its_type_where_the_server_has_one(default_type: bool) -> None:
    kinds = ("vhosts", "permissions", "policies", "queues", "account_permissions")
    differs: dict[str, list[int]] = dict.fromkeys(kinds, []) | {"vhosts": [0]}
    (vhost,) = definitions.definitions(differs, ["flowlite"], [], [], "admin", [], default_type)["vhosts"]
    assert ("default_queue_type" in vhost) == ("metadata" in vhost) == default_type
