#!/usr/bin/python
"""Module: see that the files of a backup arrived as they were taken, and encrypt them if that is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.module_utils.backup_age import SUFFIX, decrypt, encrypt
from ansible.module_utils.backup_pipes import CommandFailed, described, sha256
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_seal
short_description: Check and encrypt the files of a backup
description:
  - Compares each file with its hash on the host where it was taken. With recipients only the encrypted one stays; with
    an identity it is decrypted once, to prove that it can be.
options:
  directory: {description: Where the files are., type: path, required: true}
  files: {description: What was taken., type: list, elements: dict, required: true}
  recipients: {description: Public keys of age., type: list, elements: str, default: []}
  identity: {description: File with a secret key of age., type: path}
author: Flowlite
"""


def sealed(path: Path, taken: dict[str, Any], recipients: list[str], identity: str) -> dict[str, Any]:
    """Return the receipt's entry of one file."""
    path.chmod(0o600)
    if sha256(path) != taken["sha256"]:
        raise CommandFailed(f"{path.name} did not arrive as it was taken")
    if not recipients:
        return {**taken, "stored": taken, "encrypted": False}
    target = path.with_name(path.name + SUFFIX)
    encrypt(path, target, recipients)
    path.unlink()
    if identity:
        decrypt(target, path, identity)
        same = sha256(path) == taken["sha256"]
        path.unlink()
        if not same:
            raise CommandFailed(f"{target.name} is not what was encrypted")
    return {**taken, "stored": described(target), "encrypted": True, "decryption_tested": bool(identity)}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "files": {"type": "list", "elements": "dict", "required": True},
            "recipients": {"type": "list", "elements": "str", "default": []},
            "identity": {"type": "path"},
        }
    )
    directory, recipients = Path(module.params["directory"]), module.params["recipients"]
    try:
        files = [
            sealed(directory / taken["name"], taken, recipients, module.params["identity"] or "")
            for taken in module.params["files"]
        ]
    except (CommandFailed, OSError) as error:
        module.fail_json(msg=f"{directory}: {error}")
    module.exit_json(changed=True, files=files)


if __name__ == "__main__":
    main()
