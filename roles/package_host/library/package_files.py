#!/usr/bin/python
"""Module: put a service's directories and files into place, and say whether its process must be restarted for them."""

from __future__ import annotations

import grp
import os
import pwd
import tempfile
import time
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.service_process import main_pid, started_at

DOCUMENTATION = """
module: package_files
short_description: Directories and files of a service
description:
  - Compares a set of files with what the host has, judges those that differ, and writes them, each in one step. One
    task for each file costs more than everything else in a run, and shows what is in it with C(-vvv).
  - C(restart) is true when the service runs and began before one of the C(restart) files was written, by this run or by
    one that was interrupted before it came to the restart.
options:
  directories: {description: "With C(path), C(owner), C(group), C(mode).", type: list, elements: dict, default: []}
  files:
    description: With C(path), C(content), C(owner), C(group), C(mode) in octal digits; C(restart) where the server
      reads the file at its start only; C(validate), a shell command that judges the content on standard input.
    type: list
    elements: dict
    required: true
  unit: {description: The service., type: str, required: true}
  pidfile: {description: Where its process id is without systemd., type: path, required: true}
author: Flowlite
"""
PLACE = {
    "path": {"type": "path", "required": True},
    "owner": {"type": "str", "default": "root"},
    "group": {"type": "str", "default": "root"},
    "mode": {"type": "str", "default": "0644"},
}


def ids(place: dict[str, Any]) -> tuple[int, int] | None:
    """Return user and group by number; None when the packages that make them are still to come."""
    try:
        return pwd.getpwnam(place["owner"]).pw_uid, grp.getgrnam(place["group"]).gr_gid
    except KeyError:
        return None


def is_there(place: dict[str, Any]) -> bool:
    """Return whether a directory or file is as declared."""
    path = Path(place["path"])
    try:
        found = path.stat()
        same = (found.st_uid, found.st_gid) == ids(place) and found.st_mode & 0o7777 == int(place["mode"], 8)
        return same and ("content" not in place or path.read_bytes() == place["content"].encode())
    except OSError:
        return False


def give(path: str | Path, place: dict[str, Any]) -> None:
    """Set owner and mode."""
    os.chown(path, *(ids(place) or (0, 0)))
    os.chmod(path, int(place["mode"], 8))


def write(file: dict[str, Any]) -> None:
    """Replace a file in one step; its content is never there with another mode."""
    Path(file["path"]).parent.mkdir(parents=True, exist_ok=True)
    handle, new = tempfile.mkstemp(dir=Path(file["path"]).parent)
    with os.fdopen(handle, "wb") as opened:
        opened.write(file["content"].encode())
    give(new, file)
    os.replace(new, file["path"])


def judge(module: AnsibleModule, files: list[dict[str, Any]]) -> None:
    """Fail, before anything is written, when the server would not start with one of the files."""
    for file in files:
        if file["validate"] and ids(file):
            code, out, err = module.run_command(["sh", "-c", file["validate"]], data=file["content"], binary_data=True)
            if code:
                module.fail_json(
                    msg=f"{module.params['unit']} would not start with the new {file['path']}, so nothing was written: "
                    f"{out.strip()} {err.strip()}"
                )


def is_older(pid: int, files: list[dict[str, Any]]) -> bool:
    """Return whether a process began before one of the files was written."""
    stamps = [Path(file["path"]).stat().st_mtime for file in files if Path(file["path"]).exists()]
    began = started_at(pid)
    # A stamp from the future is a clock that was set back: it would ask for a restart every run.
    return any(began < stamp <= time.time() for stamp in stamps)


def main() -> None:
    """Run the module."""
    content = {
        "content": {"type": "str", "required": True, "no_log": True},
        "restart": {"type": "bool", "default": False},
        "validate": {"type": "str"},
    }
    module = AnsibleModule(
        argument_spec={
            "directories": {"type": "list", "elements": "dict", "default": [], "options": PLACE},
            "files": {"type": "list", "elements": "dict", "required": True, "options": {**PLACE, **content}},
            "unit": {"type": "str", "required": True},
            "pidfile": {"type": "path", "required": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    directories = [place for place in given["directories"] if not is_there(place)]
    stale = [file for file in given["files"] if not is_there(file)]
    unknown = sorted({place["owner"] for place in [*directories, *stale] if not ids(place)})
    if unknown and not module.check_mode:
        module.fail_json(msg=f"there is no user {', '.join(unknown)}: the packages of {given['unit']} make it")
    # What a file names must be there when it is judged.
    if not module.check_mode:
        for place in directories:
            Path(place["path"]).mkdir(parents=True, exist_ok=True)
            give(place["path"], place)
    judge(module, stale)
    if not module.check_mode:
        for file in stale:
            write(file)
    pid = main_pid(module, given["unit"], given["pidfile"])
    needed = [file for file in given["files"] if file["restart"]]
    restart = bool(pid) and (any(file in stale for file in needed) or is_older(pid, needed))
    module.exit_json(
        changed=bool(directories or stale),
        written=[file["path"] for file in stale],
        made=[place["path"] for place in directories],
        running=bool(pid),
        restart=restart,
    )


if __name__ == "__main__":
    main()
