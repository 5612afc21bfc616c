"""Kill rotations half way: interrupted.py VAULT PASSWORD_FILE COMMAND...

The command is started again and again; each time it is killed as soon as it begins the next of some tasks. Fails unless
all of them stored one and the same set of new secrets.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import yaml

# In the order in which the play comes to them, one after each that changes something.
TASKS = (
    "Let both the old and the new secrets in",
    "Name the new secrets in the environment files",
    "Put the new secrets in force",
    "Give accounts with one password the new one",
    "Name the first accounts in the environment files again",
    "Have the old secrets refused",
    "Prove it",
)


def killed(command: list[str], task: str) -> None:
    """Run the command until it begins the task, then kill it with all that it started."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as play:
        seen = []
        for line in play.stdout or ():
            seen.append(line)
            if line.startswith("TASK [") and task in line:
                os.killpg(play.pid, signal.SIGKILL)
                print(f"killed at: {task}")
                return
    raise SystemExit(f"never came to: {task}\n{''.join(seen[-40:])}")


def held(vault: str, password_file: str) -> dict[str, str]:
    """Return the new secrets, wherever they stand by now."""
    view = ["ansible-vault", "view", "--vault-password-file", password_file, vault]
    content = yaml.safe_load(subprocess.check_output(view, text=True))
    return content.get("vault_next") or {name: content[name] for name in content["vault_previous"]}


if __name__ == "__main__":
    file, password, *rest = sys.argv[1:]
    stored = []
    for each in TASKS:
        killed(rest, each)
        stored.append(held(file, password))
    assert all(secrets == stored[0] for secrets in stored), "a repeat drew other secrets"
    print(f"{len(stored)} times killed, {len(stored[0])} new secrets, always the same")
