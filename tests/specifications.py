"""What the roles say about their variables: specifications, defaults and rules, read as plain YAML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jinja2
import yaml
from ansible_run import ROLES, ROOT


def read(path: str) -> dict[str, Any]:
    """A YAML file of the project, empty when it is not there."""
    file = ROOT / path
    return (yaml.safe_load(file.read_text(encoding="utf-8")) or {}) if file.exists() else {}


OPTIONS: dict[str, dict[str, Any]] = {
    role: read(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"] for role in ROLES
}
DEFAULTS = {role: read(f"roles/{role}/defaults/main.yml") for role in ROLES}
RULES = {role: read(f"roles/{role}/meta/input_rules.yml") for role in ROLES}
SHARED = {
    name: value for file in sorted((ROOT / "group_vars/all").glob("*.yml")) for name, value in read(str(file)).items()
}

_CONDITIONS = {"when", "that", "until", "changed_when", "failed_when"}


def used_names(role: str) -> Iterator[tuple[str, str]]:
    """Every name that an expression in a role's tasks, templates, handlers or variables reads, with the file."""
    for part in ("defaults", "handlers", "tasks", "templates", "vars"):
        for path in sorted((ROOT / "roles" / role / part).glob("*")):
            text = path.read_text(encoding="utf-8")
            templates = [text] if path.suffix == ".j2" else _templates(yaml.safe_load(text))
            for template in templates:
                for name in jinja2.Environment().parse(template).find_all(jinja2.nodes.Name):
                    yield path.relative_to(ROOT).as_posix(), name.name


def _templates(node: Any, condition: bool = False) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _templates(value, key in _CONDITIONS)
    elif isinstance(node, list):
        for value in node:
            yield from _templates(value, condition)
    elif isinstance(node, str):
        yield "{{ (" + node + ") }}" if condition else node
