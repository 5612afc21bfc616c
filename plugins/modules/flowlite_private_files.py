#!/usr/bin/python
"""Module: files of one directory that only their owner may read, written together."""

from __future__ import annotations

import base64
import os
import pwd
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: flowlite_private_files
short_description: A directory of private files
description:
  - Creates the directory with mode 0700 and writes the files that differ with mode 0600, each in one step.
options:
  directory: {description: Where the files are., type: path, required: true}
  files:
    description: Files with C(name) and C(content), which C(base64) says is encoded.
    type: list
    elements: dict
    required: true
  owner: {description: "Whose they are, where it is not the one who writes them.", type: str}
author: Flowlite
"""


def content_of(file: dict[str, Any]) -> bytes:
    """Return what is to be in a file."""
    text: str = file["content"]
    return base64.b64decode(text) if file["base64"] else text.encode()


def current(path: Path) -> tuple[bytes, int, int] | None:
    """Return content, mode and owner of a file, None where there is none."""
    try:
        found = path.stat()
        return path.read_bytes(), found.st_mode & 0o777, found.st_uid
    except OSError:
        return None


def write(path: Path, content: bytes, uid: int) -> None:
    """Replace the file in one step; it is never there with another mode or owner."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        os.fchown(file.fileno(), uid, -1)
        file.write(content)
    new.replace(path)


def main() -> None:
    """Run the module."""
    files: dict[str, Any] = {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "content": {"type": "str", "required": True, "no_log": True},
            "base64": {"type": "bool", "default": False},
        },
    }
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "files": files,
            "owner": {"type": "str"},
        },
        supports_check_mode=True,
    )
    directory = Path(module.params["directory"])
    owner = module.params["owner"]
    uid = pwd.getpwnam(owner).pw_uid if owner else os.geteuid()
    private = directory.is_dir() and (directory.stat().st_mode & 0o777, directory.stat().st_uid) == (0o700, uid)
    stale = [
        file for file in module.params["files"] if current(directory / file["name"]) != (content_of(file), 0o600, uid)
    ]
    try:
        if not module.check_mode:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)
            os.chown(directory, uid, -1)
            for file in stale:
                write(directory / file["name"], content_of(file), uid)
    except OSError as error:
        module.fail_json(msg=f"{error.filename}: {error.strerror}: name another directory in flowlite_artifacts_dir")
    module.exit_json(changed=not private or bool(stale), written=[file["name"] for file in stale])


if __name__ == "__main__":
    main()
