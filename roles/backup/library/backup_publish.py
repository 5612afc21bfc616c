#!/usr/bin/python
"""Module: give a proven backup its receipt and its name, and remove those that are surplus."""

from __future__ import annotations

import datetime
import json
import shutil
import time
from pathlib import Path

from ansible.module_utils.backup_pipes import CommandFailed, private
from ansible.module_utils.backup_receipts import INCOMPLETE, RECEIPT, is_of, proven, surplus, unproven
from ansible.module_utils.backup_s3 import ARGUMENT, Store
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_publish
short_description: Write a backup's receipt
description:
  - Writes the receipt, renames the incomplete directory, then removes what retention says. The newest backup with a
    receipt is never removed; what failed more than a day ago is.
options:
  backup_dir: {description: Where all backups are., type: path, required: true}
  s3: {description: Store that it is brought to; none without a bucket., type: dict, required: true}
  receipt: {description: What was proven; C(name) is the backup's., type: dict, required: true}
  keep_count: {description: How many stay; 0 is no limit., type: int, required: true}
  keep_days: {description: How old they may get; 0 is no limit., type: int, required: true}
author: Flowlite
"""

DAY = 86_400


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "backup_dir": {"type": "path", "required": True},
            "s3": ARGUMENT,
            "receipt": {"type": "dict", "required": True},
            "keep_count": {"type": "int", "required": True},
            "keep_days": {"type": "int", "required": True},
        }
    )
    given, receipt = module.params, module.params["receipt"]
    backup_dir = Path(given["backup_dir"])
    target = backup_dir / receipt["name"]
    incomplete = backup_dir / (receipt["name"] + INCOMPLETE)
    try:
        store = Store(given["s3"]) if given["s3"]["bucket"] else None
        with private(incomplete / RECEIPT) as file:
            file.write((json.dumps(receipt, indent=2, sort_keys=True) + "\n").encode())
        incomplete.rename(target)
        if store:
            store.push(target)
        deployment = {key: receipt[key] for key in ("deployment", "environment")}
        own = [each for each in proven(backup_dir) if is_of(each, deployment)]
        removed = surplus(own, given["keep_count"], given["keep_days"], datetime.datetime.now(tz=datetime.UTC))
        failed = unproven(backup_dir, receipt["deployment"])
        removed += [path.name for path in failed if time.time() - path.stat().st_mtime > DAY]
        if store:
            removed += store.unfinished(receipt["deployment"])
            for name in removed:
                store.remove(name)
            module.exit_json(changed=True, path=f"{receipt['name']} in {store.where}", removed=removed)
        for name in removed:
            # The receipt first: what is half removed must not look like a backup.
            (backup_dir / name / RECEIPT).unlink(missing_ok=True)
            (backup_dir / name).rename(backup_dir / f"{name.removesuffix(INCOMPLETE)}{INCOMPLETE}")
            shutil.rmtree(backup_dir / f"{name.removesuffix(INCOMPLETE)}{INCOMPLETE}")
    except CommandFailed as error:
        module.fail_json(msg=str(error))
    except OSError as error:
        module.fail_json(msg=f"{error.filename}: {error.strerror}")
    module.exit_json(changed=True, path=str(target), removed=removed)


if __name__ == "__main__":
    main()
