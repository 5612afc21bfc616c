#!/usr/bin/python
"""Module: files of one directory that only their owner may read, written together."""

from __future__ import annotations

import os
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
  files: {description: Files with C(name) and C(content)., type: list, elements: dict, required: true}
author: Flowlite
"""


def current(path: Path) -> tuple[str, int] | None:
    """Return content and mode of a file, None where there is none."""
    try:
        return path.read_text(encoding="utf-8"), path.stat().st_mode & 0o777
    except (OSError, UnicodeDecodeError):
        return None


def write(path: Path, content: str) -> None:
    """Replace the file in one step; it is never there with another mode."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
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
        },
    }
    module = AnsibleModule(
        argument_spec={"directory": {"type": "path", "required": True}, "files": files}, supports_check_mode=True
    )
    directory = Path(module.params["directory"])
    private = directory.is_dir() and directory.stat().st_mode & 0o777 == 0o700
    stale = [file for file in module.params["files"] if current(directory / file["name"]) != (file["content"], 0o600)]
    try:
        if not module.check_mode:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)
            for file in stale:
                write(directory / file["name"], file["content"])
    except OSError as error:
        module.fail_json(msg=f"{error.filename}: {error.strerror}: name another directory in flowlite_artifacts_dir")
    module.exit_json(changed=not private or bool(stale), written=[file["name"] for file in stale])


if __name__ == "__main__":
    main()
