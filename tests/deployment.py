"""A deployment of its own for one run: an inventory, a name prefix and ports that nobody else has."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from string import Template
from typing import Any

import certificate_files
import yaml
from ansible_run import ROOT, docker, free_ports

PORTS = (
    "mysql_port",
    "rabbitmq_port",
    "rabbitmq_tls_port",
    "rabbitmq_management_port",
    "redis_port",
    "redis_tls_port",
)
SECRETS = tuple(yaml.safe_load((ROOT / "inventories" / "vault.yml.example").read_text(encoding="utf-8")))


class Deployment:
    """An inventory below a directory; ``local`` has the project's own values, ``staging`` generated secrets.

    ``hosts`` are this machine under other names; a dictionary gives each its variables.
    """

    def __init__(
        self, directory: Path, environment: str, hosts: list[str] | dict[str, Any], shared: bool = True
    ) -> None:
        self.prefix = f"flowlite-pytest-{secrets.token_hex(5)}"
        self.directory = directory
        self.inventory = directory / "inventory"
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        certificates = directory / "certificates"
        certificate_files.write(certificates)
        # By which texts speak of this deployment.
        self.names: dict[str, Any] = {"prefix": self.prefix, **self.ports, "certificates": certificates}
        self._variables = self.inventory / "group_vars" / "all"
        self._variables.mkdir(parents=True)
        shutil.copy(ROOT / "inventories" / "local" / "hosts.yml", self.inventory)
        if hosts:
            self._replace_hosts(hosts)
        if shared:
            (self._variables / "00_shared").symlink_to(ROOT / "group_vars" / "all")
        if environment == "local":
            shutil.copy(ROOT / "inventories" / "local" / "group_vars" / "all" / "10_environment.yml", self._variables)
        else:
            # A machine that runs tests need not have systemd, and keeps its kernel's settings.
            values = {
                "flowlite_environment": environment,
                "flowlite_firewall": False,
                "flowlite_kernel_settings": {},
            }
            self._write("10_environment", values)
            self._write("vault", {name: secrets.token_urlsafe(24) for name in SECRETS})
        own = {"flowlite_name_prefix": self.prefix, **self.ports}
        own |= {f"flowlite_{name}_dir": str(directory / "made" / name) for name in ("data", "artifacts")}
        self._write("20_own", own if shared else {})

    def set(self, values: dict[str, Any], **names: Any) -> None:
        """Give variables a value in the inventory; ``$name`` in a value stands for one of ``names``."""
        text = Template(yaml.safe_dump(values)).safe_substitute({**self.names, **names})
        self._write("vault_zz", yaml.safe_load(text))

    def left_behind(self) -> list[str]:
        """What exists of this deployment on the engine and on the disk."""
        found = []
        for kind, field in (("container", "{{.Names}}"), ("network", "{{.Name}}"), ("volume", "{{.Name}}")):
            every = ["--all"] if kind == "container" else []
            found += docker(kind, "ls", *every, "--filter", f"name={self.prefix}", "--format", field).split()
        made = self.directory / "made"
        return sorted(found) + ([str(made)] if made.exists() else [])

    def _write(self, name: str, values: dict[str, Any]) -> None:
        (self._variables / f"{name}.yml").write_text(yaml.safe_dump(values), encoding="utf-8")

    def _replace_hosts(self, hosts: list[str] | dict[str, Any]) -> None:
        path = self.inventory / "hosts.yml"
        inventory = yaml.safe_load(path.read_text(encoding="utf-8"))
        for group in inventory["flowlite"]["children"].values():
            group["hosts"] = hosts if isinstance(hosts, dict) else dict.fromkeys(hosts)
        path.write_text(yaml.safe_dump(inventory), encoding="utf-8")
