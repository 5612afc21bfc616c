#!/usr/bin/python
"""Module: make of an old RabbitMQ's definitions those that a new one of ours imports."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from ansible.module_utils.backup_pipes import private
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: flowlite_definitions
short_description: Turn old definitions of RabbitMQ into ours
description:
  - Virtual hosts make quorum queues by default, so that a plain declare of the services finds the queue that is there.
    Users whom a deployment of ours makes itself are left out.
options:
  path: {description: Export of the old server, compressed., type: path, required: true}
  target: {description: Where the new ones go, compressed., type: path, required: true}
  vhosts: {description: Virtual hosts of a deployment of ours., type: list, elements: str, required: true}
  own_users: {description: Users whom it makes., type: list, elements: str, required: true}
author: Flowlite
"""

QUORUM = {"default_queue_type": "quorum"}
TYPE = "x-queue-type"
# Arguments that a quorum queue knows; a queue with any other can only be classic.
QUORUM_TAKES = {
    "x-dead-letter-exchange",
    "x-dead-letter-routing-key",
    "x-delivery-limit",
    "x-expires",
    "x-max-length",
    "x-max-length-bytes",
    "x-message-ttl",
    "x-single-active-consumer",
}


def queue(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a queue as it is to be declared: quorum by default, unless it asks for what only classic ones can."""
    arguments = dict(entry["arguments"])
    if arguments.get(TYPE, "classic") == "classic":
        arguments.pop(TYPE, None)
        arguments |= {} if arguments.keys() <= QUORUM_TAKES else {TYPE: "classic"}
    kept = {key: entry[key] for key in ("name", "vhost", "durable", "auto_delete")}
    return {**kept, "arguments": arguments}


def turned(old: dict[str, Any], vhosts: list[str], own_users: list[str]) -> dict[str, Any]:
    """Return the definitions to import."""
    names = list(dict.fromkeys([*vhosts, *(entry["name"] for entry in old.get("vhosts", []))]))
    kept = {
        kind: [entry for entry in old.get(kind, []) if entry.get("user", entry.get("name")) not in own_users]
        for kind in ("users", "permissions", "topic_permissions")
    }
    return {
        "vhosts": [{"name": name, **QUORUM, "metadata": QUORUM} for name in names],
        **kept,
        "parameters": old.get("parameters", []),
        "policies": old.get("policies", []),
        "queues": [queue(entry) for entry in old.get("queues", [])],
        "exchanges": old.get("exchanges", []),
        "bindings": old.get("bindings", []),
    }


def main() -> None:
    """Run the module."""
    words = {"type": "list", "elements": "str", "required": True}
    path = {"type": "path", "required": True}
    module = AnsibleModule(argument_spec={"path": path, "target": path, "vhosts": words, "own_users": words})
    given = module.params
    try:
        with gzip.open(given["path"], "rt", encoding="utf-8") as file:
            old = json.load(file)
        new = turned(old, given["vhosts"], given["own_users"])
        with private(Path(given["target"])) as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
            packed.write(json.dumps(new).encode())
    except (OSError, EOFError, ValueError, KeyError) as error:
        module.fail_json(msg=f"RabbitMQ's definitions cannot be read: {error!r}")
    module.exit_json(
        changed=True,
        version=str(old.get("rabbitmq_version", "")),
        counts={kind: len(entries) for kind, entries in new.items()},
    )


if __name__ == "__main__":
    main()
