"""The roles' READMEs are what scripts/role_readmes.py writes today."""

from __future__ import annotations

import subprocess
import sys

import pytest
from ansible_run import ROLES, ROOT
from plugin import load

SCRIPT = ROOT / "scripts" / "role_readmes.py"
readmes = load("scripts/role_readmes.py")


def check(*roles: str) -> subprocess.CompletedProcess[str]:
    """What the script says about the READMEs of roles."""
    command = [sys.executable, str(SCRIPT), "--check", *roles]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("role", ROLES)
def test_readme_is_current(role: str) -> None:
    done = check(role)
    assert done.returncode == 0, done.stdout


def test_stale_readme_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(readmes, "readme", lambda role: f"another text for {role.name}\n")
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), "--check", "mysql"])
    before = (ROOT / "roles/mysql/README.md").read_text(encoding="utf-8")
    assert readmes.main() == 1
    assert capsys.readouterr().out == "roles/mysql/README.md is stale: run scripts/role_readmes.py\n"
    assert (ROOT / "roles/mysql/README.md").read_text(encoding="utf-8") == before


def test_table_shows_types_defaults_and_what_is_required() -> None:
    options = {
        "x_list": {"type": "list", "elements": "str", "description": "Words."},
        "x_key": {"type": "str", "required": True, "description": "C(key) or not."},
        "x_kind": {"type": "str", "choices": ["a", "b"], "description": ["Kind.", "More."]},
    }
    defaults = {"x_list": ["{{ a | b }}"], "x_key": "{{ vault_key }}", "x_kind": ""}
    assert readmes.table(options, defaults)[2:] == [
        "| `x_list` | list of str | `['{{ a \\| b }}']` | Words. |",
        "| `x_key` | str | `{{ vault_key }}` (required) | `key` or not. |",
        "| `x_kind` | str | `''` | Kind. More. One of `a`, `b`. |",
    ]
    assert readmes.default("x_other", {"type": "str", "required": True}, {}) == "required"
