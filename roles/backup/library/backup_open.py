#!/usr/bin/python
"""Module: choose the backup to restore, prove that it is the one its receipt speaks of, and decrypt it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ansible.module_utils.backup_encryption import ARGUMENT, Encryption
from ansible.module_utils.backup_pipes import CommandFailed, private, sha256
from ansible.module_utils.backup_receipts import LOGS, Refused, choose, damages, following
from ansible.module_utils.backup_s3 import ARGUMENT as S3
from ansible.module_utils.backup_s3 import Store
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_open
short_description: Choose and check a backup
description:
  - Refuses a backup without a receipt, or with bytes that are not those of the receipt. What is to be restored is then
    copied into C(directory), decrypted.
options:
  backup_dir: {description: Where all backups are., type: path, required: true}
  s3: {description: Store that they are brought from; none without a bucket., type: dict, required: true}
  name: {description: The backup's name or C(newest)., type: str, required: true}
  deployment: {description: Whose newest one., type: dict, required: true}
  until_time: {description: Time in UTC before which changes are wanted., type: str, default: ""}
  until_gtid: {description: Last transaction that is wanted., type: str, default: ""}
  encryption: {description: By what it is decrypted., type: dict, required: true}
  directory: {description: Where the decrypted files go., type: path, required: true}
author: Flowlite
"""


def opened(directory: Path, entry: dict[str, Any], target: Path, encryption: Encryption) -> str:
    """Copy a file, decrypted, and return its name there."""
    stored = directory / entry["stored"]["name"]
    if entry["encrypted"]:
        encryption.decrypt(stored, target)
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
            "s3": S3,
            "name": {"type": "str", "required": True},
            "deployment": {"type": "dict", "required": True},
            "until_time": text,
            "until_gtid": text,
            "encryption": ARGUMENT,
            "directory": {"type": "path", "required": True},
        }
    )
    given, backup_dir = module.params, Path(module.params["backup_dir"])
    directory, encryption = Path(given["directory"]), Encryption(given["encryption"])
    point = bool(given["until_time"] or given["until_gtid"])
    store = None
    try:
        if given["s3"]["bucket"]:
            store = Store(given["s3"])
            store.index(backup_dir)
        receipt = choose(backup_dir, given["name"], given["deployment"], given["until_time"], given["until_gtid"])
        chain = following(backup_dir, receipt) if point and "mysql" in receipt else [receipt]
        # Of a later one only the logs are wanted.
        chain = chain[:1] + [
            {**each, "files": [entry for entry in each["files"] if entry["name"] == LOGS]} for each in chain[1:]
        ]
        if store:
            for each in chain:
                store.fetch(backup_dir, each["name"], [entry["stored"]["name"] for entry in each["files"]])
        if found := damages(backup_dir / receipt["name"], receipt):
            raise Refused("\n".join(["Nothing was touched: the bytes of the backup changed.", *found]))
        # Logs that are missing in the end are named by the replay.
        chain = chain[:1] + [each for each in chain[1:] if not damages(backup_dir / each["name"], each)]
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(mode=0o700, parents=True)
        files = [opened(backup_dir / receipt["name"], e, directory / e["name"], encryption) for e in receipt["files"]]
        logs = [
            opened(backup_dir / each["name"], entry, directory / f"{index}.{LOGS}", encryption)
            for index, each in enumerate(chain if point else [])
            for entry in each["files"]
            if entry["name"] == LOGS
        ]
    except (Refused, CommandFailed, OSError) as error:
        module.fail_json(msg=str(error).replace(str(backup_dir), store.where) if store else str(error))
    module.exit_json(changed=True, receipt=receipt, files=files, logs=logs)


if __name__ == "__main__":
    main()
