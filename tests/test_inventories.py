"""Every command gives a variable the same value, and an environment's value wins over the shared one."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_run import INVENTORIES, ROOT, run
from specifications import SHARED

environments = pytest.mark.parametrize("inventory", INVENTORIES, ids=lambda path: path.name)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values that are no templates: `ansible-inventory` shows those as they are written."""
    return {name: value for name, value in values.items() if "{{" not in str(value)}


def own_values(inventory: Path) -> dict[str, Any]:
    """What an environment's own files say, read as plain YAML; what is encrypted is left out."""
    values: dict[str, Any] = {}
    for file in sorted((inventory / "group_vars" / "all").glob("*.yml")):
        text = file.read_text(encoding="utf-8")
        if "$ANSIBLE_VAULT" not in text:
            values |= yaml.safe_load(text) or {}
    return values


def shown(text: str) -> dict[str, Any]:
    """The values that a `debug` printed."""
    found = re.search(r"@@(\S+)@@", text)
    assert found, text
    return dict(json.loads(base64.b64decode(found[1])))


@environments
def test_shared_variables_are_linked(inventory: Path) -> None:
    link = inventory / "group_vars" / "all" / "00_shared"
    assert link.is_symlink()
    assert not link.readlink().is_absolute()
    assert link.resolve() == ROOT / "group_vars" / "all"


@environments
def test_commands_agree(inventory: Path, tmp_path: Path) -> None:
    own = own_values(inventory)
    hidden = {name for name, value in own.items() if "{{" in str(value)}
    expected = {name: value for name, value in (plain(SHARED) | plain(own)).items() if name not in hidden}
    message = "@@{{ {" + ", ".join(f"'{name}': {name}" for name in expected) + "} | to_json | b64encode }}@@"
    playbook = tmp_path / "show.yml"
    tasks = [{"ansible.builtin.debug": {"msg": message}}]
    playbook.write_text(yaml.safe_dump([{"hosts": "flowlite[0]", "tasks": tasks}]), encoding="utf-8")

    listed = json.loads(run("ansible-inventory", "-i", inventory, "--list").stdout)["_meta"]["hostvars"]
    assert listed
    for values in listed.values():
        assert {name: values.get(name) for name in expected} == expected
    assert (
        shown(run("ansible", "-i", inventory, "flowlite[0]", "-m", "debug", "-a", f"msg={message}").stdout) == expected
    )
    assert shown(run("ansible-playbook", "-i", inventory, playbook).stdout) == expected


@environments
def test_environment_overrides_something_shared(inventory: Path) -> None:
    assert own_values(inventory).get("flowlite_environment") == inventory.name
    assert inventory.name != "local" or own_values(inventory)["flowlite_release"] != SHARED["flowlite_release"]


def test_playbooks_have_no_variables_beside_them() -> None:
    # They would win over every environment.
    assert not (ROOT / "playbooks" / "group_vars").exists()
    assert not (ROOT / "playbooks" / "host_vars").exists()
