"""Run and time commands, and find docker compose."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MIGRATIONS = ROOT / "migrations"
# The modules of migrations/ import each other by their plain names.
sys.path.insert(0, str(MIGRATIONS))


def run(*command: str, text: str = "", **environment: str) -> str:
    """Run ``command`` at the repository's root and return its standard output; a failure shows all of it."""
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, input=text, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def seconds(*command: str, text: str = "", **environment: str) -> float:
    """Return the wall-clock seconds that ``command`` takes."""
    start = time.perf_counter()
    run(*command, text=text, **environment)
    return time.perf_counter() - start


def compose(directory: Path) -> list[str]:
    """Return the command `docker compose`; where the plugin is missing, Debian's binary is taken into ``directory``."""
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0:
        return ["docker", "compose"]
    name = "flowlite-bench-compose-binary"
    run("docker", "rm", "--force", name)
    install = "apt-get -qq update && apt-get -qq install --yes --no-install-recommends docker-compose >/dev/null"
    run("docker", "run", "--name", name, "flowlite/base:trixie", "sh", "-c", install)
    binary = "/usr/libexec/docker/cli-plugins/docker-compose"
    run("docker", "cp", "--follow-link", f"{name}:{binary}", str(directory / "docker-compose"))
    run("docker", "rm", "--force", name)
    return [str(directory / "docker-compose")]
