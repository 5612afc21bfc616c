#!/usr/bin/python
"""Module: which of the given addresses and ports something listens on already."""

from __future__ import annotations

import errno
import socket

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: flowlite_ports_in_use
short_description: Find TCP ports that are taken
description:
  - Tries to bind each port as the engine would, and reports those that cannot be bound. Changes nothing.
options:
  ports:
    description: List of dictionaries with C(address) and C(port).
    type: list
    elements: dict
    required: true
author: Flowlite
"""


def taken(address: str, port: int) -> bool:
    """Return whether ``address:port`` cannot be bound because somebody has it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # A closed connection's TIME_WAIT is no listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={"ports": {"type": "list", "elements": "dict", "required": True}}, supports_check_mode=True
    )
    in_use = [entry for entry in module.params["ports"] if taken(entry["address"], int(entry["port"]))]
    module.exit_json(changed=False, in_use=in_use)


if __name__ == "__main__":
    main()
