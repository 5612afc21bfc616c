"""Rules for who may reach a server's ports, and for its kernel."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

LISTS = ("flowlite_allowed_hosts", "flowlite_admin_hosts")
SETTING = re.compile(r"[a-z0-9_]+(\.[a-z0-9_-]+)+")


def hardening_problems(values: dict[str, Any], firewall: bool, environment: str) -> list[str]:
    """Name each wrong entry of the lists of hosts and of the kernel's settings, and a list that lets nobody in."""
    problems = []
    for name in LISTS:
        problems += [
            f"{name} has '{entry}', {wrong}" for entry in values.get(name, []) if (wrong := _wrong(str(entry)))
        ]
    if firewall and values.get(LISTS[0]) == []:
        problems.append(
            f"{LISTS[0]} is empty, and flowlite_firewall would close MySQL, RabbitMQ and Redis to every other host: "
            f"list the addresses of the services' hosts in inventories/{environment}/group_vars/all/10_environment.yml"
        )
    return problems + _setting_problems(values.get("flowlite_kernel_settings", {}))


def firewall_problems(facts: dict[str, Any]) -> list[str]:
    """Name what a host lacks for a firewall."""
    problems = []
    if facts.get("service_mgr") != "systemd":
        problems.append(
            "flowlite_firewall needs systemd, which loads the rules at each start, and this host runs without: take "
            "one that has it, or filter the ports before the host and set flowlite_firewall: false"
        )
    if facts.get("user_uid") != 0:
        problems.append(
            "flowlite_firewall needs root on this host: set ansible_become: true for a user with sudo, or "
            "ansible_user: root"
        )
    return problems


def _wrong(entry: str) -> str:
    try:
        network = ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return "which is no address: write IPv4 or IPv6 addresses or networks, such as 10.0.0.5 or 10.0.0.0/24"
    if "%" in entry:
        return "which is an address of one interface only: write one that is routed"
    if network.prefixlen == 0:
        return "which is everyone: list the hosts, or say flowlite_firewall: false"
    if "/" in entry and str(network.network_address) != str(ipaddress.ip_interface(entry).ip):
        return (
            f"which is an address in a network: write {network} for the network, {entry.partition('/')[0]} for it alone"
        )
    return ""


def _setting_problems(settings: dict[str, Any]) -> list[str]:
    name = "flowlite_kernel_settings"
    problems = [
        f"{name} has '{key}', which is no setting's name: write it as sysctl does, such as vm.swappiness"
        for key in settings
        if not SETTING.fullmatch(str(key))
    ]
    return problems + [
        f"{name}: {key} is '{value}', write a whole number"
        for key, value in settings.items()
        if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]+", str(value))
    ]
