"""Action: check what was given to our roles and the host they go to, and name everything that is wrong at once.

Per role it reads ``meta/argument_specs.yml`` (types, choices, required; names that no spec knows) and
``meta/input_rules.yml`` (what a specification cannot say: ports, patterns, secrets, one host a group).
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import sys
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.common.yaml import yaml_load
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.template import trust_as_template

# Ansible loads a plugin by its file, not as part of a package.
sys.path.append(str(Path(__file__).parents[1]))

from flowlite_rules.certificate_rules import given_problems
from flowlite_rules.host_rules import container_problems, foreign_problems, ports_to_probe, taken_problems
from flowlite_rules.input_rules import (
    address_problems,
    expired_pins,
    first_sentence,
    pattern_problems,
    port_problems,
    specification_problems,
    unknown_names,
)
from flowlite_rules.network_rules import firewall_problems, hardening_problems
from flowlite_rules.platform_rules import old_package_problems, platform_problems, repository_problems
from flowlite_rules.secret_rules import is_secret, secret_problems, unreadable_problem


def _trusted(value: Any) -> Any:
    """Mark what was read from a role's own defaults as a template, as Ansible does when it loads them."""
    if isinstance(value, str):
        return trust_as_template(value)
    if isinstance(value, dict):
        return {key: _trusted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_trusted(inner) for inner in value]
    return value


@functools.cache
def _content(role: str, name: str) -> Any:
    """Return what a role's YAML file holds, nothing where it has none; each is asked for several times a run."""
    for base in map(Path, constants.DEFAULT_ROLES_PATH):
        if (base / role / name).exists():
            return yaml_load((base / role / name).read_text(encoding="utf-8"))
    return None


class ActionModule(ActionBase):
    """Refuse wrong input and an unfit host before anything is touched."""

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        """Fail with a message that lists every problem of the roles named in ``roles``.

        ``engine`` is the result of ``community.docker.docker_host_info`` with containers, where there is one.
        """
        result: dict[str, Any] = super().run(tmp, task_vars)
        engine = self._task.args.get("engine") or {}
        problems: list[str] = []
        warnings: list[str] = []
        ports: dict[str, dict[str, Any]] = {}
        firewall = False
        for role in self._task.args["roles"]:
            values, unreadable = self._values(role, task_vars)
            problems += list(unreadable.values()) + self._input_problems(role, values, set(unreadable), task_vars)
            problems += self._package_problems(role, values, task_vars)
            if role == "host_hardening":
                firewall = boolean(values.get("flowlite_firewall"), strict=False)
                problems += self._hardening_problems(values, firewall, task_vars)
            ports |= self._ports(role, values, self._uses_packages(task_vars))
            problems += self._certificate_problems(role, values, task_vars)
            if role == "container_host":
                accepted = boolean(values.get("flowlite_accept_eol"), strict=False)
                accepted = accepted or self._environment(task_vars) == "local"
                (warnings if accepted else problems).extend(self._expired(values))
        problems += port_problems({name: entry["port"] for name, entry in ports.items()})
        # Two roles may know the same prefix.
        problems = list(dict.fromkeys(problems))
        # The host is looked at only with input that makes sense.
        if not problems:
            problems += self._host_problems(ports, engine, task_vars)
            problems += firewall_problems(task_vars["ansible_facts"]) if firewall else []
        result |= {"changed": False, "warnings": warnings}
        if problems:
            host = task_vars["inventory_hostname"]
            listed = "\n".join(f"- {problem}" for problem in problems)
            result |= {"failed": True, "msg": f"{host}: {len(problems)} problem(s), nothing was changed:\n{listed}"}
        return result

    def _template(self, name: str, task_vars: dict[str, Any]) -> Any:
        return self._templar.template(task_vars[name])

    def _environment(self, task_vars: dict[str, Any]) -> str:
        try:
            return str(self._template("flowlite_environment", task_vars))
        except (KeyError, AnsibleError):
            return "<environment>"

    def _load(self, role: str, name: str) -> dict[str, Any]:
        return _content(role, name) or {}

    def _options(self, role: str) -> dict[str, Any]:
        return dict(self._load(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"])

    def _values(self, role: str, task_vars: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the role's variables templated, its defaults included, and a problem for each that cannot be."""
        known: dict[str, Any] = {}
        unreadable: dict[str, str] = {}
        defaults, private = (_trusted(self._load(role, f"{name}/main.yml")) for name in ("defaults", "vars"))
        variables = {**defaults, **task_vars, **private}
        templar = self._templar.copy_with_new_env(available_variables=variables)
        secrets = self._load(role, "meta/input_rules.yml").get("secrets", [])
        for name, spec in self._options(role).items():
            if name not in variables:
                continue
            try:
                known[name] = templar.template(variables[name])
            except AnsibleError as error:
                about, reason = first_sentence(spec["description"]), str(error).splitlines()[0]
                secret, environment = is_secret(name, secrets), self._environment(task_vars)
                unreadable[name] = unreadable_problem(name, secret, about, reason, environment)
        return known, unreadable

    def _input_problems(
        self, role: str, values: dict[str, Any], unreadable: set[str], task_vars: dict[str, Any]
    ) -> list[str]:
        options, rules = self._options(role), self._load(role, "meta/input_rules.yml")
        problems = unknown_names(rules.get("prefixes", [f"{role}_"]), self._specified(), set(task_vars))
        readable = {name: spec for name, spec in options.items() if name not in unreadable}
        wrong = specification_problems(readable, values)
        # Each variable is named once: what has the wrong type is not looked at further.
        fitting = {name: value for name, value in values.items() if name not in wrong}
        addresses = {name: fitting[name] for name in rules.get("ports", {}).values() if name in fitting}
        problems += wrong.values()
        problems += pattern_problems(rules.get("patterns", {}), fitting)
        problems += address_problems(addresses)
        problems += secret_problems(rules.get("secrets", []), fitting, self._environment(task_vars))
        hosts = task_vars["groups"].get(role, [])
        if rules.get("single_host") and len(hosts) > 1:
            problems.append(
                f"group {role} has {len(hosts)} hosts ({', '.join(hosts)}): "
                "there are no clusters yet, leave one host in it"
            )
        return problems

    def _specified(self) -> set[str]:
        """Return the names that the roles' specifications know, each with its own: some prefixes are shared."""
        return {name for role in self._task.args["roles"] for name in self._options(role)}

    def _hardening_problems(self, values: dict[str, Any], firewall: bool, task_vars: dict[str, Any]) -> list[str]:
        wrong = specification_problems(self._options("host_hardening"), values)
        fitting = {name: value for name, value in values.items() if name not in wrong}
        return hardening_problems(fitting, firewall, self._environment(task_vars))

    def _uses_packages(self, task_vars: dict[str, Any]) -> bool:
        try:
            return bool(self._template("flowlite_backend", task_vars) == "package")
        except (KeyError, AnsibleError):
            return False

    def _package_problems(self, role: str, values: dict[str, Any], task_vars: dict[str, Any]) -> list[str]:
        if not self._uses_packages(task_vars):
            return []
        if role == "package_host":
            return platform_problems(task_vars["ansible_facts"])
        if self._load(role, "vars/container.yml") and not self._load(role, "vars/package.yml"):
            return [f"{role} has no package back-end yet: use flowlite_backend: container"]
        too_old = self._load(role, "meta/input_rules.yml").get("packages_too_old", {})
        return repository_problems(role, values) + old_package_problems(
            role, too_old, values, task_vars["ansible_facts"]
        )

    def _ports(self, role: str, values: dict[str, Any], packages: bool) -> dict[str, dict[str, Any]]:
        rules = self._load(role, "meta/input_rules.yml")
        closed = rules.get("closed_ports", {})
        return {
            name: {
                "role": role,
                "port": values.get(name),
                "address": values.get(address),
                "bind": address,
                "user": rules.get("server_user") if packages else None,
            }
            for name, address in rules.get("ports", {}).items()
            if not any(values.get(switch) == value for switch, value in closed.get(name, {}).items())
        }

    def _certificate_problems(self, role: str, values: dict[str, Any], task_vars: dict[str, Any]) -> list[str]:
        """Look at the certificate that a role was given."""
        names = []
        known = [f"service_env_{role}_host", "ansible_host", "inventory_hostname"]
        with contextlib.suppress(AnsibleError):  # named with the role that it is a variable of
            names.append(str(self._template(next(name for name in known if name in task_vars), task_vars)))
        if role == "rabbitmq":  # two modules verify the address, too
            address = str(values.get("rabbitmq_management_bind_address"))
            names.append("127.0.0.1" if address in ("0.0.0.0", "::") else address)
        return given_problems(role, values, self._text, names)

    def _text(self, path: str) -> str:
        """Read a file of the controller, which may be encrypted with ansible-vault; empty where that is impossible."""
        try:
            return str(self._loader.get_text_file_contents(self._loader.path_dwim(path)))
        except AnsibleError:
            return ""

    def _expired(self, values: dict[str, Any]) -> list[str]:
        release, releases = values.get("flowlite_release"), values.get("flowlite_releases")
        today = datetime.datetime.now(tz=datetime.UTC).date()
        return expired_pins(release, releases, today) if isinstance(releases, dict) else []

    def _host_problems(
        self, ports: dict[str, dict[str, Any]], engine: dict[str, Any], task_vars: dict[str, Any]
    ) -> list[str]:
        prefix = self._template("flowlite_name_prefix", task_vars)
        problems = container_problems(prefix, {entry["role"] for entry in ports.values()}, engine)
        wanted, taken = ports_to_probe(prefix, ports, engine)
        problems += taken
        if not wanted:
            return problems
        answer = self._execute_module("flowlite_ports_in_use", {"ports": list(wanted.values())}, task_vars=task_vars)
        if answer.get("failed"):
            return [*problems, f"the host's ports cannot be looked at: {answer.get('msg')}"]
        in_use = {name: entry for name, entry in wanted.items() if entry in answer["in_use"]}
        foreign = {
            ports[name]["bind"]: entry["address"] for name, entry in wanted.items() if entry in answer["foreign"]
        }
        return problems + taken_problems(in_use) + foreign_problems(foreign)
