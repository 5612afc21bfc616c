"""Running the project's commands as an operator does, from the root of the repository."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INVENTORIES = sorted(path.parent for path in (ROOT / "inventories").glob("*/hosts.yml"))
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())


def run(command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """What an Ansible command of this virtual environment answers, with the project's configuration and no colours."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}
    called = [str(Path(sys.executable).with_name(command)), *map(str, arguments)]
    return subprocess.run(called, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on, all different."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def docker(*arguments: str) -> str:
    """The output of a Docker command; raises with what it said on failure."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"docker {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()
