"""The process of a service, with systemd or without."""

from __future__ import annotations

import os
import pwd
import time
from pathlib import Path
from typing import Any


def systemd_runs() -> bool:
    """Return whether systemd is PID 1 (sd_booted)."""
    return Path("/run/systemd/system").is_dir()


def main_pid(module: Any, unit: str, pidfile: str) -> int:
    """Return the process id of the service, 0 when it does not run."""
    if systemd_runs():
        _, out, _ = module.run_command(["systemctl", "show", "--property=MainPID", "--value", f"{unit}.service"])
    else:
        try:
            out = Path(pidfile).read_text(encoding="ascii")
        except OSError:
            return 0
    pid = int(out.strip() or 0)
    return pid if Path(f"/proc/{pid}").is_dir() else 0


def started_at(pid: int) -> float:
    """Return when a process was started, in the seconds that files are stamped with."""
    # The name of the program, in parentheses, may hold spaces.
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - int(after_name[19]) / os.sysconf("SC_CLK_TCK")
    return time.time() - age


def user_of(pid: int) -> str:
    """Return the name of the user as whom a process runs."""
    uid = Path(f"/proc/{pid}").stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
