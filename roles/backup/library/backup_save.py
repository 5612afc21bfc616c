#!/usr/bin/python
"""Module: keep what a command prints in a compressed file that only its owner may read."""

from __future__ import annotations

import time
from pathlib import Path

from ansible.module_utils.backup_pipes import CommandFailed, described, save
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_save
short_description: Save the output of a command
description:
  - Streams it into a file, compressed by gzip; nothing of it is returned, only bytes, hash and duration.
options:
  argv: {description: The command., type: list, elements: str, required: true}
  given: {description: A secret for its standard input., type: str, default: ""}
  path: {description: The file., type: path, required: true}
author: Flowlite
"""


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "argv": {"type": "list", "elements": "str", "required": True},
            "given": {"type": "str", "default": "", "no_log": True},
            "path": {"type": "path", "required": True},
        }
    )
    path, started = Path(module.params["path"]), time.monotonic()
    try:
        save(module.params["argv"], path, module.params["given"].encode())
        module.exit_json(changed=True, file=described(path), seconds=round(time.monotonic() - started, 1))
    except (CommandFailed, OSError) as error:
        module.fail_json(msg=f"{path.name}: {error}")


if __name__ == "__main__":
    main()
