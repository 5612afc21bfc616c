#!/usr/bin/python
"""Module: choose the backup to restore, prove that it is the one its receipt speaks of, and decrypt it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ansible.module_utils.backup_age import decrypt
from ansible.module_utils.backup_pipes import CommandFailed, private, sha256
from ansible.module_utils.backup_receipts import LOGS, Refused, choose, damages, following
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_open
short_description: Choose and check a backup
description:
  - Refuses a backup without a receipt, or with bytes that are not those of the receipt. What is to be restored is then
    copied into C(directory), decrypted.
options:
  backup_dir: {description: Where all backups are., type: path, required: true}
  name: {description: The backup's name or C(newest)., type: str, required: true}
  deployment: {description: Whose newest one., type: dict, required: true}
  until_time: {description: Time in UTC before which changes are wanted., type: str, default: ""}
  until_gtid: {description: Last transaction that is wanted., type: str, default: ""}
  identity: {description: File with a secret key of age., type: path}
  directory: {description: Where the decrypted files go., type: path, required: true}
author: Flowlite
"""


def opened(directory: Path, entry: dict[str, Any], target: Path, identity: str) -> str:
    """Copy a file, decrypted, and return its name there."""
    stored = directory / entry["stored"]["name"]
    if entry["encrypted"]:
        decrypt(stored, target, identity)
    else:
        with stored.open("rb") as source, private(target) as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    if sha256(target) != entry["sha256"]:
        raise CommandFailed(f"{stored} is not what was proven")
    return target.name


def main() -> None:
    """Run the module."""
    text = {"type": "str", "default": ""}
    module = AnsibleModule(
        argument_spec={
            "backup_dir": {"type": "path", "required": True},
            "name": {"type": "str", "required": True},
            "deployment": {"type": "dict", "required": True},
            "until_time": text,
            "until_gtid": text,
            "identity": {"type": "path"},
            "directory": {"type": "path", "required": True},
        }
    )
    given, backup_dir = module.params, Path(module.params["backup_dir"])
    directory, identity = Path(given["directory"]), given["identity"] or ""
    point = bool(given["until_time"] or given["until_gtid"])
    try:
        receipt = choose(backup_dir, given["name"], given["deployment"], given["until_time"], given["until_gtid"])
        chain = following(backup_dir, receipt) if point and "mysql" in receipt else [receipt]
        if found := damages(backup_dir / receipt["name"], receipt):
            raise Refused("\n".join(["Nothing was touched: the bytes of the backup changed.", *found]))
        # Of a later one only the logs are wanted, and those that are missing in the end are named by the replay.
        chain = chain[:1] + [each for each in chain[1:] if not damages(backup_dir / each["name"], each)]
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(mode=0o700, parents=True)
        files = [opened(backup_dir / receipt["name"], e, directory / e["name"], identity) for e in receipt["files"]]
        logs = [
            opened(backup_dir / each["name"], entry, directory / f"{index}.{LOGS}", identity)
            for index, each in enumerate(chain if point else [])
            for entry in each["files"]
            if entry["name"] == LOGS
        ]
    except (Refused, CommandFailed, OSError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=True, receipt=receipt, files=files, logs=logs)


if __name__ == "__main__":
    main()
