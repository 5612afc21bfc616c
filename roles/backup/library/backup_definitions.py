#!/usr/bin/python
"""Module: compare RabbitMQ's definitions before and after an import, and name what is missing without its secrets."""

from __future__ import annotations

import gzip
import json
from typing import Any

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_definitions
short_description: Compare two exports of RabbitMQ's definitions
description:
  - Everything in the first must be in the second, which may have more (a new server has the user guest).
options:
  wanted: {description: Export that was saved., type: path, required: true}
  found: {description: Export after the import., type: path, required: true}
author: Flowlite
"""


KEYS = ("vhost", "name", "user", "component", "exchange")


def identity(kind: str, entry: dict[str, Any]) -> str:
    """Return what tells an object from others of its kind."""
    if kind == "bindings":  # nothing but all of it
        return json.dumps(entry, sort_keys=True)
    return " ".join(str(entry[key]) for key in KEYS if entry.get(key))


def objects(path: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """Return the server's version and each object of an export by its kind and identity."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        definitions = json.load(file)
    found: dict[str, dict[str, Any]] = {}
    for kind, entries in definitions.items():
        if isinstance(entries, list):
            found[kind] = {identity(kind, entry): entry for entry in entries}
    return str(definitions.get("rabbitmq_version", "")), found


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={"wanted": {"type": "path", "required": True}, "found": {"type": "path", "required": True}},
        supports_check_mode=True,
    )
    try:
        version, wanted = objects(module.params["wanted"])
        _, found = objects(module.params["found"])
    except (OSError, EOFError, ValueError, KeyError) as error:
        module.fail_json(msg=f"the definitions cannot be read: {error!r}")
    differing = [
        f"{kind}: {name}"
        for kind, entries in wanted.items()
        for name, entry in entries.items()
        if found.get(kind, {}).get(name) != entry
    ]
    if differing:
        module.fail_json(msg=f"RabbitMQ's definitions differ after their import: {'; '.join(differing)}")
    module.exit_json(changed=False, version=version, counts={kind: len(entries) for kind, entries in wanted.items()})


if __name__ == "__main__":
    main()
