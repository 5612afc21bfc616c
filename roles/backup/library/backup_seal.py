#!/usr/bin/python
"""Module: see that the files of a backup arrived as they were taken, and encrypt them if that is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.module_utils.backup_encryption import ARGUMENT, Encryption
from ansible.module_utils.backup_pipes import CommandFailed, described, sha256
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_seal
short_description: Check and encrypt the files of a backup
description:
  - Compares each file with its hash on the host where it was taken. With recipients only the encrypted one stays;
    where a secret key is there, it is decrypted once, to prove that it can be.
options:
  directory: {description: Where the files are., type: path, required: true}
  files: {description: What was taken., type: list, elements: dict, required: true}
  encryption: {description: For whom it is encrypted, and by what it is decrypted., type: dict, required: true}
author: Flowlite
"""


def sealed(path: Path, taken: dict[str, Any], encryption: Encryption) -> dict[str, Any]:
    """Return the receipt's entry of one file."""
    path.chmod(0o600)
    if sha256(path) != taken["sha256"]:
        raise CommandFailed(f"{path.name} did not arrive as it was taken")
    if not encryption.wanted:
        return {**taken, "stored": taken, "encrypted": False}
    target, tested = encryption.encrypt(path), encryption.decrypts()
    if tested:
        encryption.decrypt(target, path)
        same = sha256(path) == taken["sha256"]
        path.unlink()
        if not same:
            raise CommandFailed(f"{target.name} is not what was encrypted")
    return {**taken, "stored": described(target), "encrypted": True, "decryption_tested": tested}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "files": {"type": "list", "elements": "dict", "required": True},
            "encryption": ARGUMENT,
        }
    )
    directory, encryption = Path(module.params["directory"]), Encryption(module.params["encryption"])
    try:
        files = [sealed(directory / taken["name"], taken, encryption) for taken in module.params["files"]]
    except (CommandFailed, OSError) as error:
        module.fail_json(msg=f"{directory}: {error}")
    module.exit_json(changed=True, files=files)


if __name__ == "__main__":
    main()
