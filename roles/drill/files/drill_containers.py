"""What an accident does to a container: its process dies, or the disk under its data is full."""

from __future__ import annotations

import subprocess


def docker(*arguments: str) -> str:
    """Return what a Docker command prints; raises RuntimeError with what it said where it fails."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"docker {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def process(container: str) -> int:
    """Return the server's process as the host numbers it; 0 where none runs."""
    return int(docker("inspect", "--format", "{{.State.Pid}}", container))


def kill(container: str) -> int:
    """Kill the server with SIGKILL, as a crash would, and return the process that died.

    `docker kill` would also keep the restart policy from bringing it back. From a container that sees the host's
    processes, so that neither root nor a Linux host is needed.
    """
    image = docker("inspect", "--format", "{{.Config.Image}}", container)
    victim = process(container)
    if victim == 0:
        raise RuntimeError(f"{container} does not run")
    here = ("--rm", "--pid", "host", "--network", "none", "--user", "0:0", "--entrypoint", "sh")
    docker("run", *here, image, "-c", f"kill -9 {victim}")
    return victim


# Kilobytes: a larger disk is never the drill's.
LARGEST_DISK = 1_000_000
FILL = """
set -- $(df -kP "$0" | tail -n 1) "$@"
[ "$2" -le "$8" ] || { echo "$0 is on a disk of $2 kB, which is none of the drill's: nothing was written" >&2; exit 1; }
head -c $((($4 - $7) * 1024)) /dev/zero >"$0/filler" || true
"""


def fill(holder: str, directory: str, leave: int) -> None:
    """Fill the disk of a directory in a container but for ``leave`` kilobytes, or all of it where others write too.

    Raises RuntimeError where the disk is too large to be the drill's.
    """
    docker("exec", holder, "sh", "-c", FILL, directory, str(leave), str(LARGEST_DISK))


def free(holder: str, directory: str) -> None:
    """Take the filler away."""
    docker("exec", holder, "rm", "-f", f"{directory}/filler")
