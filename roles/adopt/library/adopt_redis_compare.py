#!/usr/bin/python
"""Module: compare the keys of two Redis servers by value and by the time at which they expire."""

from __future__ import annotations

import hashlib
import time

from ansible.module_utils.backup_pipes import CommandFailed, output
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: adopt_redis_compare
short_description: Compare the keys of two Redis servers
description:
  - Changes nothing. A key whose time came meanwhile may be missing on the second server, and nothing else may.
options:
  first: {description: redis-cli of the one., type: list, elements: str, required: true}
  second: {description: redis-cli of the other., type: list, elements: str, required: true}
  script: {description: Lua that tells of each key., type: str, required: true}
author: Flowlite
"""

Keys = dict[str, tuple[int, str]]


def keys_of(client: list[str], script: str) -> Keys:
    """Return for each key of each database when it expires, and a hash over its value."""
    found: Keys = {}
    for line in output([*client, "INFO", "keyspace"]).split():
        if not line.startswith("db"):
            continue
        database = line.partition(":")[0]
        for row in output([*client, "-n", database.removeprefix("db"), "EVAL", script, "0"]).splitlines():
            if row:
                name, expires, value = row.split(" ")
                found[f"{database} {name}"] = (int(expires), value)
    return found


def main() -> None:
    """Run the module."""
    words = {"type": "list", "elements": "str", "required": True}
    module = AnsibleModule(
        argument_spec={"first": words, "second": words, "script": {"type": "str", "required": True}},
        supports_check_mode=True,
    )
    given = module.params
    try:
        first, second = (keys_of(given[name], given["script"]) for name in ("first", "second"))
    except (CommandFailed, ValueError) as error:
        module.fail_json(msg=f"Redis: {error}")
    now = time.time() * 1000
    lost = [name for name, about in first.items() if name not in second and not 0 <= about[0] <= now]
    other = [name for name, about in second.items() if first.get(name) != about]
    if lost or other:
        shown = ", ".join(
            f"{name.split()[0]} {bytes.fromhex(name.split()[1])!r}" for name in sorted({*lost, *other})[:5]
        )
        module.fail_json(msg=f"Redis: {len(lost)} key(s) are missing and {len(other)} differ: {shown}")
    listed = "\n".join(f"{name} {about}" for name, about in sorted(second.items()))
    module.exit_json(changed=False, keys=len(second), sha256=hashlib.sha256(listed.encode()).hexdigest())


if __name__ == "__main__":
    main()
