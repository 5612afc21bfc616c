#!/usr/bin/python
"""Module: look whether a service runs, comes back by itself, is not root, and listens where it is declared to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.service_process import main_pid, systemd_runs, user_of
from ansible.module_utils.service_sockets import listening

DOCUMENTATION = """
module: package_service_look
short_description: Look at a service of the host
description:
  - Returns each difference with its remedy; changes nothing.
options:
  unit: {description: The service., type: str, required: true}
  pidfile: {description: Where its process id is without systemd., type: path, required: true}
  user: {description: As whom it must run., type: str, required: true}
  listens: {description: Addresses with their ports., type: list, elements: str, required: true}
  drop_in: {description: The drop-in of its unit that is ours., type: path, required: true}
author: Flowlite
"""


def unit_problems(module: AnsibleModule, unit: str) -> list[dict[str, Any]]:
    """Return what differs in the unit, as far as it is not one of our files."""
    problems = []
    code, out, _ = module.run_command(["systemctl", "is-enabled", f"{unit}.service"])
    if code:
        what = f"service {unit} would not start with the host ({out.strip() or 'not installed'})"
        problems.append({"what": what, "remedy": "run playbooks/site.yml"})
    _, out, _ = module.run_command(["systemctl", "show", "--property=DropInPaths", "--value", f"{unit}.service"])
    # What systemd or the distribution put there is theirs.
    strange = sorted({path for path in out.split() if path.startswith("/etc/")} - {module.params["drop_in"]})
    problems += [
        {
            "what": f"{path} changes service {unit}, and nobody declared it",
            "remedy": f"rm {path} && systemctl daemon-reload && systemctl restart {unit}; or declare it",
        }
        for path in strange
    ]
    return problems


def script_problems(unit: str) -> list[dict[str, Any]]:
    """Return whether init would leave the service out."""
    if any(Path("/etc/rc2.d").glob(f"S[0-9][0-9]{unit}")):
        return []
    return [{"what": f"service {unit} would not start with the host", "remedy": "run playbooks/site.yml"}]


def socket_problems(unit: str, pid: int, declared: list[str]) -> list[dict[str, Any]]:
    """Return where the service can be reached from elsewhere, and nobody declared it."""
    return [
        {
            "what": f"service {unit} listens on {place}, which nobody declared",
            "remedy": f"systemctl restart {unit}; if it stays, systemctl cat {unit} and its configuration say why",
        }
        for place in sorted(listening(pid) - set(declared))
    ]


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "unit": {"type": "str", "required": True},
            "pidfile": {"type": "path", "required": True},
            "user": {"type": "str", "required": True},
            "listens": {"type": "list", "elements": "str", "required": True},
            "drop_in": {"type": "path", "required": True},
        },
        supports_check_mode=True,
    )
    unit, wanted = module.params["unit"], module.params["user"]
    problems: list[dict[str, Any]] = []
    pid = main_pid(module, unit, module.params["pidfile"])
    if not pid:
        why = f"; journalctl --unit {unit} says why" if systemd_runs() else ""
        what = f"service {unit} does not run"
        problems.append({"what": what, "remedy": f"run playbooks/site.yml{why}", "broken": True})
    else:
        if (user := user_of(pid)) != wanted:
            what = f"service {unit} runs as {user}, not as {wanted}"
            problems.append({"what": what, "remedy": f"systemctl cat {unit} says why"})
        problems += socket_problems(unit, pid, module.params["listens"])
    problems += unit_problems(module, unit) if systemd_runs() else script_problems(unit)
    module.exit_json(changed=False, problems=problems, pid=pid)


if __name__ == "__main__":
    main()
