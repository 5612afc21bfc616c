"""Compare what a dry run said would change with what the real run changed: PREDICTED REAL, both as JSON of Ansible.

Packages, files and services are compared by name; everything else (accounts, rights, the schema) by the role that
changes it, because a dry run cannot see single accounts of a server that is not there yet.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

INSTALLED, STARTED = "would be installed: ", " would be started"


def changes(path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and result of each task that changed something, of a loop each round."""
    # Behind the JSON stand the closing lines of the play.
    run, _ = json.JSONDecoder().raw_decode(Path(path).read_text(encoding="utf-8"))
    for play in run["plays"]:
        for task in play["tasks"]:
            for result in task["hosts"].values():
                for one in result.get("results", [result]):
                    if one.get("changed"):
                        yield task["task"]["name"], one


def sorted_out(path: str) -> dict[str, set[str]]:
    """Return what a run changed, or would change."""
    found: dict[str, set[str]] = {"packages": set(), "files": set(), "services": set(), "roles": set()}
    for task, result in changes(path):
        message, arguments = str(result.get("msg", "")), result.get("invocation", {}).get("module_args", {})
        if message.startswith(INSTALLED):
            found["packages"] |= set(message.removeprefix(INSTALLED).split(", "))
        elif "lock_timeout" in arguments:
            found["packages"] |= set(arguments["package"])
        elif message.endswith(STARTED):
            found["services"].add(message.removesuffix(STARTED))
        # Of systemd or of init scripts.
        elif "daemon_reload" in arguments or "runlevels" in arguments:
            found["services"].add(arguments["name"])
        elif "written" in result:
            found["files"] |= set(result["written"])
        else:
            found["roles"].add(task.partition(" : ")[0])
    return found


predicted, real = (sorted_out(path) for path in sys.argv[1:])
wrong = [
    f"{kind}: predicted only {sorted(predicted[kind] - real[kind])}, done only {sorted(real[kind] - predicted[kind])}"
    for kind in predicted
    if predicted[kind] != real[kind]
]
print("\n".join(wrong) or {kind: sorted(names) for kind, names in real.items()})
sys.exit(bool(wrong))
