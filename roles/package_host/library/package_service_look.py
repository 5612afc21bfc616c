#!/usr/bin/python
"""Module: look whether a service runs, comes back by itself, and is not root. Changes nothing."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.service_process import main_pid, systemd_runs, user_of

DOCUMENTATION = """
module: package_service_look
short_description: Look at a service of the host
description:
  - Returns each difference with its remedy.
options:
  unit: {description: The service., type: str, required: true}
  pidfile: {description: Where its process id is without systemd., type: path, required: true}
  user: {description: As whom it must run., type: str, required: true}
author: Flowlite
"""


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "unit": {"type": "str", "required": True},
            "pidfile": {"type": "path", "required": True},
            "user": {"type": "str", "required": True},
        },
        supports_check_mode=True,
    )
    unit, wanted = module.params["unit"], module.params["user"]
    problems = []
    pid = main_pid(module, unit, module.params["pidfile"])
    if not pid:
        why = f"; journalctl --unit {unit} says why" if systemd_runs() else ""
        problems.append({"what": f"service {unit} does not run", "remedy": f"run playbooks/site.yml{why}"})
    elif (user := user_of(pid)) != wanted:
        problems.append(
            {
                "what": f"service {unit} runs as {user}, not as {wanted}",
                "remedy": f"systemctl cat {unit} says why",
            }
        )
    if systemd_runs():
        code, out, _ = module.run_command(["systemctl", "is-enabled", f"{unit}.service"])
        if code:
            problems.append(
                {
                    "what": f"service {unit} would not start with the host ({out.strip() or 'not installed'})",
                    "remedy": "run playbooks/site.yml",
                }
            )
    module.exit_json(changed=False, problems=problems, pid=pid)


if __name__ == "__main__":
    main()
