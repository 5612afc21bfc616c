"""Which parts of site.yml are run for one host, or for one tag."""

from __future__ import annotations

import re

import pytest
from ansible_run import ROOT, run

PRODUCTION = ROOT / "inventories" / "production"
PREFLIGHT = {"Check the inventory", "Check input and hosts"}
SITE = ROOT / "playbooks" / "site.yml"


def plays(*arguments: str) -> dict[str, str]:
    """The plays of site.yml by name, each with what is listed of it."""
    listed = run("ansible-playbook", "-i", PRODUCTION, SITE, *arguments)
    assert listed.returncode == 0, listed.stderr
    parts = re.split(r"^  play #\d+ \([^)]*\): ([^\t]*)\t", listed.stdout, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_limit_keeps_to_one_host() -> None:
    listed = plays("--limit", "broker", "--list-hosts")
    hosts = {name: re.findall(r"^      (\S+)$", text, flags=re.MULTILINE) for name, text in listed.items()}
    assert {host for named in hosts.values() for host in named} == {"broker"}
    # One service's, the preflight checks, and the environment files.
    assert {name for name, named in hosts.items() if named} == {
        "Check input and hosts",
        "Prepare the hosts",
        "Harden the hosts",
        "Compare the data of RabbitMQ with its server",
        "Launch RabbitMQ",
        "Settle RabbitMQ",
        "Write what the Flowlite services read, and say where everything is",
    }


@pytest.mark.parametrize(
    ("tag", "parts"),
    [
        ("preflight", set()),
        ("redis", {"Prepare", "Harden", "Compare the data of Redis", "Launch Redis", "Settle Redis"}),
        ("schema", {"Prepare", "Bring schema"}),
        ("env", {"Write what"}),
    ],
)
def test_tag_runs_its_part_after_the_preflight_checks(tag: str, parts: set[str]) -> None:
    listed = plays("--tags", tag, "--list-tasks")
    # The check of a role's arguments is always run.
    own = [task for task in listed if re.findall(r"TAGS: \[(?!always, env\])\S", listed[task].split("\n", 2)[2])]
    assert set(own) >= PREFLIGHT
    rest = set(own) - PREFLIGHT
    assert {part for part in parts if any(name.startswith(part) for name in rest)} == parts
    assert len(rest) == len(parts)
