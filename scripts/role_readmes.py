#!/usr/bin/env python3
"""Write roles/<role>/README.md from the role's specification and defaults; --check only names what is stale."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
ROLES = ROOT / "roles"
SHARED = ROOT / "group_vars" / "all"
NOTE = "<!-- Written by scripts/role_readmes.py (make docs) from meta/argument_specs.yml and defaults/main.yml. -->"


def read(path: Path) -> dict[str, Any]:
    """Return the content of a YAML file, empty when it is not there."""
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}


def text(description: str | list[str]) -> str:
    """Return a specification's description as Markdown."""
    whole = description if isinstance(description, str) else " ".join(description)
    return re.sub(r"\b[BCIV]\(([^)]*)\)", r"`\1`", " ".join(whole.split()))


def shown(value: Any) -> str:
    """Return a default as it stands in YAML; a pipe would end the table's cell."""
    line = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000).splitlines()[0]
    text_value = value if isinstance(value, str) and value else line
    return "`" + text_value.replace("|", "\\|") + "`"


def default(name: str, spec: dict[str, Any], defaults: dict[str, Any]) -> str:
    """Return what stands in the column of the default: the role's, else where all environments share one."""
    if name in defaults:
        return shown(defaults[name]) + (" (required)" if spec.get("required") else "")
    for path in sorted(SHARED.glob("*.yml")):
        values = read(path)
        if name in values and isinstance(values[name], dict):
            return f"in `group_vars/all/{path.name}`"
        if name in values:
            return f"{shown(values[name])} in `group_vars/all/{path.name}`"
    return "required"


def table(options: dict[str, Any], defaults: dict[str, Any]) -> list[str]:
    """Return the lines of the table of variables."""
    lines = ["| variable | type | default | meaning |", "| --- | --- | --- | --- |"]
    for name, spec in options.items():
        kind = f"list of {spec['elements']}" if "elements" in spec else spec["type"]
        choices = f" One of {', '.join(f'`{choice}`' for choice in spec['choices'])}." if "choices" in spec else ""
        lines.append(f"| `{name}` | {kind} | {default(name, spec, defaults)} | {text(spec['description'])}{choices} |")
        for inner, each in (spec.get("options") or {}).items():
            needed = "required" if each.get("required") else ""
            lines.append(f"| `{name}[].{inner}` | {each['type']} | {needed} | {text(each['description'])} |")
    return lines


def readme(role: Path) -> str:
    """Return the README of a role."""
    main = read(role / "meta" / "argument_specs.yml")["argument_specs"]["main"]
    hidden = {name for name, spec in main["options"].items() if "Not to be set" in text(spec["description"])}
    options = {name: spec for name, spec in main["options"].items() if name not in hidden}
    lines = [f"# {role.name}", "", NOTE, "", f"{main['short_description']}.", ""]
    lines += [text(paragraph) for paragraph in main["description"]]
    if options:
        lines += ["", "## Variables", "", *table(options, read(role / "defaults" / "main.yml"))]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write what differs, or name it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit with 1 when a README is stale")
    parser.add_argument("roles", nargs="*", help="roles; all that have a specification when none is named")
    arguments = parser.parse_args()
    stale = []
    for specification in sorted(ROLES.glob("*/meta/argument_specs.yml")):
        role = specification.parents[1]
        path, wanted = role / "README.md", readme(role)
        if arguments.roles and role.name not in arguments.roles:
            continue
        if not path.exists() or path.read_text(encoding="utf-8") != wanted:
            stale.append(path.relative_to(ROOT).as_posix())
            if not arguments.check:
                path.write_text(wanted, encoding="utf-8")
    for name in stale:
        print(f"{name} is stale: run scripts/role_readmes.py" if arguments.check else f"{name} is written")
    return 1 if arguments.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
