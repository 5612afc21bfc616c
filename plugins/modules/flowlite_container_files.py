#!/usr/bin/python
"""Module: put a set of files into a directory of a container, and start the container or restart it for them."""

from __future__ import annotations

import base64
import io
import tarfile
from typing import Any

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: flowlite_container_files
short_description: Files of a container, and its start
description:
  - Compares a set of files with what a directory of the container holds, and writes those that differ, in one archive
    each way. community.docker.docker_container_copy_into does the same one file a task, which costs more than
    everything else in a run.
  - With O(start=true) a stopped container is started, and a running one restarted if a file with C(restart) changed.
options:
  container: {description: Name of the container; it need not run., type: str, required: true}
  directory: {description: Directory in it; a volume's mount point., type: path, required: true}
  owner: {description: Numeric user and group of the files., type: int, required: true}
  files:
    description: Files with C(name), C(content), C(mode) in octal digits, C(base64) for binary content, and C(restart)
      where a running server must be restarted for it.
    type: list
    elements: dict
    required: true
  validate:
    description: Shell command that, in the running container, judges the changed C(restart) file on standard input;
      nothing is written when it fails.
    type: str
  start: {description: Start or restart the container., type: bool, default: false}
  stop_timeout: {description: Seconds that it gets to stop., type: int, default: 60}
author: Flowlite
"""


class Container:
    """A container, by way of the engine's own client: it knows contexts, DOCKER_HOST and TLS."""

    def __init__(self, module: AnsibleModule) -> None:
        """Take the module that fails for us."""
        self.module = module
        self.name = module.params["container"]

    def docker(self, *arguments: str, data: bytes | None = None, check: bool = True) -> tuple[int, bytes, str]:
        """Run the client; with ``check`` a failure is the module's."""
        code, out, err = self.module.run_command(["docker", *arguments], data=data, binary_data=True, encoding=None)
        said = err.decode(errors="replace").strip()
        if check and code:
            self.module.fail_json(msg=f"docker {' '.join(arguments[:2])} {self.name}: {said}")
        return code, out, said

    def running(self) -> bool:
        """Return whether its process runs."""
        _, out, _ = self.docker("inspect", "--format", "{{.State.Running}}", self.name)
        return out.strip() == b"true"

    def read(self, directory: str) -> dict[str, tuple[bytes, int, int]]:
        """Return content, mode and owner of each regular file in the directory; empty where there is none."""
        code, out, _ = self.docker("cp", f"{self.name}:{directory}/.", "-", check=False)
        if code:
            return {}
        found = {}
        with tarfile.open(fileobj=io.BytesIO(out)) as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is not None:
                    name = member.name.removeprefix("./")
                    found[name] = (content.read(), member.mode & 0o7777, member.uid)
        return found

    def write(self, directory: str, files: list[dict[str, Any]], owner: int) -> None:
        """Write the files in one archive."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            for file in files:
                member = tarfile.TarInfo(file["name"])
                member.size, member.mode = len(file["bytes"]), file["octal"]
                member.uid = member.gid = owner
                archive.addfile(member, io.BytesIO(file["bytes"]))
        self.docker("cp", "-", f"{self.name}:{directory}", data=buffer.getvalue())


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "container": {"type": "str", "required": True},
            "directory": {"type": "path", "required": True},
            "owner": {"type": "int", "required": True},
            "files": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "content": {"type": "str", "required": True, "no_log": True},
                    "mode": {"type": "str", "default": "0600"},
                    "base64": {"type": "bool", "default": False},
                    "restart": {"type": "bool", "default": False},
                },
            },
            "validate": {"type": "str"},
            "start": {"type": "bool", "default": False},
            "stop_timeout": {"type": "int", "default": 60},
        },
        supports_check_mode=True,
    )
    given = module.params
    container = Container(module)
    for file in given["files"]:
        text = file["content"]
        file["bytes"] = base64.b64decode(text) if file["base64"] else text.encode()
        file["octal"] = int(file["mode"], 8)
    there = container.read(given["directory"])
    stale = [
        file for file in given["files"] if there.get(file["name"]) != (file["bytes"], file["octal"], given["owner"])
    ]
    running = container.running()
    restart = [file for file in stale if file["restart"]] if running else []
    if restart and given["validate"]:
        judge = ("exec", "--interactive", container.name, "sh", "-c", given["validate"])
        code, out, said = container.docker(*judge, data=restart[0]["bytes"], check=False)
        if code:
            module.fail_json(
                msg=f"{container.name} would not start with the new {restart[0]['name']}, so nothing was written: "
                f"{out.decode(errors='replace').strip()} {said}"
            )
    if not module.check_mode:
        if stale:
            container.write(given["directory"], stale, given["owner"])
        if given["start"] and not running:
            container.docker("start", container.name)
        elif given["start"] and restart:
            container.docker("restart", "--time", str(given["stop_timeout"]), container.name)
    started = given["start"] and (not running or bool(restart))
    module.exit_json(changed=bool(stale) or started, written=[file["name"] for file in stale], started=started)


if __name__ == "__main__":
    main()
