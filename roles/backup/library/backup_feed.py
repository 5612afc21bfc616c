#!/usr/bin/python
"""Module: give the content of a compressed file to a command."""

from __future__ import annotations

import time
import zlib
from pathlib import Path

from ansible.module_utils.backup_pipes import CommandFailed, feed
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_feed
short_description: Give a saved file to a command
description:
  - Unpacks what C(backup_save) wrote into the standard input of a command; returns the duration only.
options:
  path: {description: The file., type: path, required: true}
  argv: {description: The command., type: list, elements: str, required: true}
author: Flowlite
"""


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "argv": {"type": "list", "elements": "str", "required": True},
        }
    )
    path, started = Path(module.params["path"]), time.monotonic()
    try:
        feed(path, module.params["argv"])
        module.exit_json(changed=True, seconds=round(time.monotonic() - started, 1))
    except (CommandFailed, OSError, EOFError, zlib.error) as error:
        module.fail_json(msg=f"{path.name}: {error}")


if __name__ == "__main__":
    main()
