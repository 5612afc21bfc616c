"""Filter that finds what an operator has not filled in yet in an inventory's hosts."""

from __future__ import annotations

import os
import re
from typing import Any

# Names below .example are reserved: no host has one.
PLACEHOLDER = re.compile(r"\.example\b(?![.-])", re.IGNORECASE)
WANTED = {
    "ansible_host": "the IPv4 address at which its services are to be reached and you log in",
    "ansible_ssh_common_args": "the jump host that leads to it, or take the line out",
}


def placeholders(hosts: dict[str, Any]) -> list[str]:
    """Return a sentence for each placeholder among the names and connection variables of ``hosts``."""
    problems = []
    for host, variables in hosts.items():
        file = os.path.relpath(variables["inventory_file"]) if variables.get("inventory_file") else "the inventory"
        if PLACEHOLDER.search(host):
            problems.append(f"{file}: the host {host} is a placeholder, put the name of yours there")
        problems += [
            f"{file}: {name} of {host} is '{variables[name]}', a placeholder: give {wanted}"
            for name, wanted in WANTED.items()
            if PLACEHOLDER.search(str(variables.get(name, "")))
        ]
    return problems


class FilterModule:
    """Register the filters with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"flowlite_placeholders": placeholders}
