#!/usr/bin/python
"""Module: which of the given addresses and ports cannot be listened on."""

from __future__ import annotations

import errno
import pwd
import socket
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: flowlite_ports_in_use
short_description: Find TCP ports that are taken
description:
  - Tries to bind each port as the engine would, and reports in C(in_use) those that somebody has, in C(foreign) those
    whose address this host does not have. Changes nothing.
options:
  ports:
    description:
      - List of dictionaries with C(address) and C(port), and C(user) where a program of that user is ours.
    type: list
    elements: dict
    required: true
author: Flowlite
"""


def refusal(address: str, port: int) -> int | None:
    """Return the error number with which binding ``address:port`` fails, None when it can be bound."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # A closed connection's TIME_WAIT is no listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.errno
    return None


def listening_users(port: int) -> set[int]:
    """Return as whom programs listen on a port of this host."""
    tables = [path for path in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")) if path.exists()]
    rows = [line.split() for path in tables for line in path.read_text(encoding="ascii").splitlines()[1:]]
    # 0A is the state of a listener.
    return {int(row[7]) for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port}


def is_ours(entry: dict[str, Any]) -> bool:
    """Return whether nobody but the service's own user listens there."""
    try:
        uid = pwd.getpwnam(entry.get("user") or "").pw_uid
    except KeyError:
        return False
    return listening_users(int(entry["port"])) == {uid}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={"ports": {"type": "list", "elements": "dict", "required": True}}, supports_check_mode=True
    )
    answers = [(entry, refusal(entry["address"], int(entry["port"]))) for entry in module.params["ports"]]
    module.exit_json(
        changed=False,
        in_use=[entry for entry, number in answers if number == errno.EADDRINUSE and not is_ours(entry)],
        foreign=[entry for entry, number in answers if number == errno.EADDRNOTAVAIL],
    )


if __name__ == "__main__":
    main()
