#!/usr/bin/python
"""Module: make the directory of a new backup, and say where the last proven one ended."""

from __future__ import annotations

import shutil
from pathlib import Path

from ansible.module_utils.backup_pipes import CommandFailed
from ansible.module_utils.backup_receipts import INCOMPLETE, is_of, proven, unproven
from ansible.module_utils.backup_s3 import ARGUMENT, Store
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_begin
short_description: Begin a backup
description:
  - Creates the directory of a backup that has no receipt yet, and returns MySQL's position in the last that has one.
options:
  backup_dir: {description: Where all backups are., type: path, required: true}
  s3: {description: Store whose receipts are brought there first; none without a bucket., type: dict, required: true}
  name: {description: The new backup's name., type: str, required: true}
  deployment: {description: Whose last one., type: dict, required: true}
  encrypted: {description: Remove what a killed run has not encrypted yet., type: bool, default: false}
author: Flowlite
"""


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "backup_dir": {"type": "path", "required": True},
            "s3": ARGUMENT,
            "name": {"type": "str", "required": True},
            "deployment": {"type": "dict", "required": True},
            "encrypted": {"type": "bool", "default": False},
        }
    )
    given, backup_dir = module.params, Path(module.params["backup_dir"])
    directory = backup_dir / (given["name"] + INCOMPLETE)
    try:
        if given["s3"]["bucket"]:
            Store(given["s3"]).index(backup_dir)
        backup_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if given["encrypted"]:
            for left in unproven(backup_dir, given["deployment"]["deployment"]):
                shutil.rmtree(left)
        directory.mkdir(mode=0o700)
        positions = [
            each["mysql"]["position"]
            for each in proven(backup_dir)
            if "mysql" in each and is_of(each, given["deployment"])
        ]
    except CommandFailed as error:
        module.fail_json(msg=str(error))
    except OSError as error:
        module.fail_json(msg=f"{error.filename}: {error.strerror}: name another directory in backup_dir")
    module.exit_json(changed=True, directory=str(directory), since=positions[-1] if positions else {})


if __name__ == "__main__":
    main()
