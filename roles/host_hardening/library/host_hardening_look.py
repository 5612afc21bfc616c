#!/usr/bin/python
"""Module: compare the kernel's packet filter and settings with what is declared."""

from __future__ import annotations

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: host_hardening_look
short_description: Look at firewall and kernel settings
description:
  - Read-only. The rules are loaded in an empty network namespace, so that what the kernel lists there can be compared
    with what it lists here, letter by letter.
options:
  firewall: {description: Whether there is to be one., type: bool, required: true}
  rules: {description: What nft is to load., type: str, required: true}
  table: {description: Name of the table of family inet., type: str, required: true}
  unit: {description: The service that loads it at each start., type: str, required: true}
  kernel_settings: {description: Settings by their sysctl names., type: dict, required: true}
author: Flowlite
"""
REMEDY = "run playbooks/site.yml"


class Firewall:
    """The table in the kernel, and the service that loads it."""

    def __init__(self, module: AnsibleModule) -> None:
        """Look for nft."""
        self.module = module
        self.nft = module.get_bin_path("nft")

    def listed(self) -> str:
        """Return the table as the kernel has it, empty where there is none."""
        _, out, _ = self.module.run_command([self.nft, "--stateless", "list", "table", "inet", self.table()])
        return str(out)

    def declared(self) -> str:
        """Return the table as the kernel would list it; what nft refuses is no table at all."""
        load = 'nft --file - && exec nft --stateless list table inet "$0"'
        _, out, _ = self.module.run_command(
            ["unshare", "--net", "sh", "-c", load, self.table()], data=self.module.params["rules"]
        )
        return str(out)

    def table(self) -> str:
        """Return its name."""
        return str(self.module.params["table"])

    def has_unit(self) -> bool:
        """Return whether systemd knows the service that loads the table."""
        code, _, _ = self.module.run_command(["systemctl", "cat", f"{self.module.params['unit']}.service"])
        return bool(code == 0)

    def problems(self) -> list[str]:
        """Say what is wrong."""
        if not self.nft:
            return ["nftables is not installed, and the services' ports are open to everyone"]
        found = []
        listed, unit = self.listed(), self.module.params["unit"]
        if not listed:
            found.append(f"the table inet {self.table()} is gone: the services' ports are open to everyone")
        elif listed != self.declared():
            found.append(
                f"the table inet {self.table()} is not what is declared: nft list table inet {self.table()} shows it"
            )
        for question, wrong in (("is-enabled", "would not load the rules at the next start"), ("is-active", "is off")):
            code, _, _ = self.module.run_command(["systemctl", question, "--quiet", f"{unit}.service"])
            if code:
                found.append(f"{unit}.service {wrong}")
        return found


def setting(name: str) -> str | None:
    """Return what the kernel has for a sysctl name, None where it knows no such setting."""
    try:
        return Path("/proc/sys", *name.split(".")).read_text(encoding="ascii").strip()
    except OSError:
        return None


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "firewall": {"type": "bool", "required": True},
            "rules": {"type": "str", "required": True},
            "table": {"type": "str", "required": True},
            "unit": {"type": "str", "required": True},
            "kernel_settings": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    firewall = Firewall(module)
    wrong = firewall.problems() if module.params["firewall"] else []
    found = {name: setting(name) for name in module.params["kernel_settings"]}
    different = [
        f"the kernel's {name} is {found[name]}, {value} is declared"
        for name, value in module.params["kernel_settings"].items()
        if found[name] != str(value)
    ]
    module.exit_json(
        changed=False,
        installed=bool(firewall.nft),
        has_unit=firewall.has_unit(),
        firewall_differs=bool(wrong),
        kernel_differs=bool(different),
        unknown_settings=[name for name, value in found.items() if value is None],
        problems=[{"what": what, "remedy": REMEDY} for what in wrong + different],
    )


if __name__ == "__main__":
    main()
