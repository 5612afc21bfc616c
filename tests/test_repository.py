"""House rules that no linter knows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_run import INVENTORIES, ROOT, run
from specifications import read

TRACKED = [
    ROOT / name
    for name in subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
    if (ROOT / name).is_file()
]
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in TRACKED}
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Not written in one piece, so that this file does not name what it looks for.
UNFINISHED = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X:"))


def files_with(pattern: str, *folders: str) -> list[str]:
    """The tracked files, all or those below folders, in which a pattern is found."""
    return [name for name, text in TEXTS.items() if name.startswith(folders or "") and re.search(pattern, text)]


def test_scenarios_can_run_beside_each_other() -> None:
    used: dict[object, list[str]] = {}
    for path in (ROOT / "molecule").glob("*/vars/main.yml"):
        for name, value in read(str(path)).items():
            if name.endswith("_port") or name == "flowlite_name_prefix":
                used.setdefault(value, []).append(path.parent.parent.name)
    assert {value: names for value, names in used.items() if len(names) > 1} == {}


def test_no_file_names_a_directory_of_somebody() -> None:
    assert files_with(r"(?<![\w$}{.*-])/(home|Users)/\w") == []


@pytest.mark.parametrize("path", [ROOT, Path(sys.prefix), ROOT.parent])
def test_no_file_names_a_path_of_this_machine(path: Path) -> None:
    standard = [
        Path(name) for name in ("/", "/root", "/home", "/opt", "/srv", "/tmp", "/usr", "/usr/local", "/var/lib")
    ]
    assert path in standard or files_with(rf"(?<![\w.}}]){re.escape(str(path))}\b") == []


def test_nothing_is_left_for_later() -> None:
    assert files_with(rf"\b({UNFINISHED})\b") == []


def test_no_error_is_ignored() -> None:
    assert files_with(r"ignore_errors\s*:", "roles/", "playbooks/", "molecule/") == []


@pytest.mark.parametrize(
    "name", [name for name in TEXTS if name.startswith("roles/") and name.endswith("tasks/main.yml")]
)
def test_main_is_a_table_of_contents(name: str) -> None:
    assert len(TEXTS[name].splitlines()) < 40


@pytest.mark.parametrize("inventory", INVENTORIES, ids=lambda path: path.name)
def test_playbooks_have_correct_syntax(inventory: Path) -> None:
    done = run("ansible-playbook", "-i", inventory, "--syntax-check", *PLAYBOOKS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_target_is_explained() -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):(?!=)", MAKEFILE, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    # Called from within make it would print the directories it enters.
    text = subprocess.check_output(["make", "--no-print-directory", "help"], cwd=ROOT, text=True)
    explained = {line.split()[0] for line in text.splitlines() if len(line.split()) > 1}
    assert targets
    assert explained == targets
    assert phony
    assert set(phony[1].split()) == targets


@pytest.mark.parametrize("name", files_with(r"\A#!", "scripts/", ".ci/", "benchmarks/"))
def test_script_is_executable(name: str) -> None:
    assert ROOT.joinpath(name).stat().st_mode & 0o100
