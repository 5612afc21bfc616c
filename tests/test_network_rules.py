"""What the preflight checks say about lists of hosts, kernel settings and a host for the firewall."""

from __future__ import annotations

from typing import Any

import pytest
from plugin import load

rules = load("plugins/flowlite_rules/network_rules.py")

ENTRIES = [
    ("10.0.0.5", ""),
    ("10.0.0.5/32", ""),
    ("10.0.0.0/8", ""),
    ("2001:db8::5", ""),
    ("2001:db8::/32", ""),
    ("10.0.0.300", "write IPv4 or IPv6"),
    ("10.0.0.0/33", "write IPv4 or IPv6"),
    ("upload.internal", "write IPv4 or IPv6"),
    ("", "write IPv4 or IPv6"),
    ("10.0.0.5/24", "write 10.0.0.0/24 for the network, 10.0.0.5 for it alone"),
    ("2001:db8::5/64", "write 2001:db8::/64 for the network, 2001:db8::5 for it alone"),
    ("fe80::1%eth0", "of one interface only"),
    ("0.0.0.0/0", "everyone"),
    ("10.0.0.5/0", "everyone"),
    ("::/0", "everyone"),
]


@pytest.mark.parametrize("name", rules.LISTS)
@pytest.mark.parametrize(("entry", "wrong"), ENTRIES)
def test_entry_of_a_list(name: str, entry: str, wrong: str) -> None:
    found = rules.hardening_problems({name: ["192.0.2.1", entry]}, False, "staging")
    assert [name in problem and f"'{entry}'" in problem and wrong in problem for problem in found] == [True] * bool(
        wrong
    )


@pytest.mark.parametrize(("firewall", "hosts", "count"), [(True, [], 1), (True, ["10.0.0.5"], 0), (False, [], 0)])
def test_empty_list_is_refused_where_it_closes_everything(firewall: bool, hosts: list[str], count: int) -> None:
    found = rules.hardening_problems({"flowlite_allowed_hosts": hosts}, firewall, "production")
    assert len(found) == count
    assert all("inventories/production/group_vars/all/10_environment.yml" in problem for problem in found)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"vm.swappiness": 10, "net.ipv4.conf.eth-0.rp_filter": "-1"}, []),
        ({"swappiness": 10}, ["no setting's name"]),
        ({"vm.swappiness; reboot": 1}, ["no setting's name"]),
        ({"vm.swappiness": "low", "vm.overcommit_memory": True}, ["whole number", "whole number"]),
    ],
)
def test_kernel_settings(settings: dict[str, Any], says: list[str]) -> None:
    found = rules.hardening_problems({"flowlite_kernel_settings": settings}, False, "staging")
    assert [word in problem for word, problem in zip(says, found, strict=True)] == [True] * len(says)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"service_mgr": "systemd", "user_uid": 0}, []),
        ({"service_mgr": "sysvinit", "user_uid": 0}, ["needs systemd"]),
        ({"service_mgr": "systemd", "user_uid": 1000}, ["ansible_become: true"]),
        ({}, ["needs systemd", "needs root"]),
    ],
)
def test_host_for_a_firewall(facts: dict[str, Any], says: list[str]) -> None:
    found = rules.firewall_problems(facts)
    assert [word in problem for word, problem in zip(says, found, strict=True)] == [True] * len(says)
