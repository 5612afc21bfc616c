#!/usr/bin/python
"""Module: which of the given addresses and ports cannot be listened on."""

from __future__ import annotations

import errno
import socket

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: flowlite_ports_in_use
short_description: Find TCP ports that are taken
description:
  - Tries to bind each port as the engine would, and reports in C(in_use) those that somebody has, in C(foreign) those
    whose address this host does not have. Changes nothing.
options:
  ports:
    description: List of dictionaries with C(address) and C(port).
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


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={"ports": {"type": "list", "elements": "dict", "required": True}}, supports_check_mode=True
    )
    answers = [(entry, refusal(entry["address"], int(entry["port"]))) for entry in module.params["ports"]]
    module.exit_json(
        changed=False,
        in_use=[entry for entry, number in answers if number == errno.EADDRINUSE],
        foreign=[entry for entry, number in answers if number == errno.EADDRNOTAVAIL],
    )


if __name__ == "__main__":
    main()
