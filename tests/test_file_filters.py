"""Filters over files and directories."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError
from plugin import load

files = load("plugins/filter/flowlite_files.py")
tree = load("plugins/filter/flowlite_tree.py")

WANTED = [
    {"name": "a.cnf", "content": "one\n", "mode": "0644"},
    {"name": "password", "content": "pä55", "mode": "0600"},
]


def listing(**changes: str) -> str:
    """What stat and sha256sum print where everything is as wanted, but for ``changes``."""
    lines = {
        "mode_a": "644 999 a.cnf",
        "mode_p": "600 999 password",
        "sum_a": f"{hashlib.sha256(b'one' + bytes([10])).hexdigest()}  a.cnf",
        "sum_p": f"{hashlib.sha256('pä55'.encode()).hexdigest()}  password",
    }
    return "\n".join(line for line in (lines | changes).values() if line)


@pytest.mark.parametrize(
    ("text", "unchanged"),
    [
        (listing(), ["a.cnf", "password"]),
        (listing(extra="644 0 other"), ["a.cnf", "password"]),
        ("", []),
        (listing(mode_p="644 999 password"), ["a.cnf"]),
        (listing(mode_p="600 0 password"), ["a.cnf"]),
        (listing(sum_a=f"{'0' * 64}  a.cnf"), ["password"]),
        (listing(sum_a=""), ["password"]),
        (listing(mode_a="", sum_a=""), ["password"]),
    ],
)
def test_unchanged_files(text: str, unchanged: list[str]) -> None:
    assert files.unchanged_files(text, WANTED, 999) == unchanged
    assert files.unchanged_files(text, WANTED, 998) == []


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    made = tmp_path / "context"
    (made / "sub").mkdir(parents=True)
    (made / "Dockerfile").write_text("FROM scratch\n")
    (made / "sub" / "run.sh").write_text("#!/bin/sh\n")
    (made / "sub" / "run.sh").chmod(0o755)
    return made


def members(directory: Path) -> dict[str, tuple[int, bytes]]:
    """Name, mode and content of what is in the archive of a directory."""
    data = io.BytesIO(base64.b64decode(tree.tree_archive(str(directory))))
    with tarfile.open(fileobj=data) as archive:
        return {each.name: (each.mode, archive.extractfile(each).read()) for each in archive}  # type: ignore[union-attr]


def test_archive_holds_the_tree(directory: Path) -> None:
    assert members(directory) == {"Dockerfile": (0o644, b"FROM scratch\n"), "sub/run.sh": (0o755, b"#!/bin/sh\n")}


def test_same_tree_gives_the_same_archive_and_hash(directory: Path) -> None:
    before = tree.tree_archive(str(directory)), tree.tree_hash(str(directory))
    os.utime(directory / "Dockerfile", (1, 1))
    (directory / "Dockerfile").chmod(0o600)  # only whether it can be run counts
    (directory / "__pycache__").mkdir()
    (directory / "__pycache__" / "x.pyc").write_text("x")
    assert (tree.tree_archive(str(directory)), tree.tree_hash(str(directory))) == before


@pytest.mark.parametrize("change", ["content", "name", "mode", "new", "removed"])
def test_other_tree_gives_another_hash(directory: Path, change: str) -> None:
    before, script = tree.tree_hash(str(directory)), directory / "sub" / "run.sh"
    if change == "content":
        script.write_text("#!/bin/bash\n")
    elif change == "name":
        script.rename(directory / "sub" / "go.sh")
    elif change == "mode":
        script.chmod(0o644)
    elif change == "new":
        (directory / "empty").touch()
    else:
        script.unlink()
    assert tree.tree_hash(str(directory)) != before


def test_order_in_which_a_disk_lists_files_does_not_count(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, listed = (tree.tree_archive(str(directory)), tree.tree_hash(str(directory))), Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda self, pattern: reversed(list(listed(self, pattern))))
    assert (tree.tree_archive(str(directory)), tree.tree_hash(str(directory))) == before


def test_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnsibleFilterError, match="nowhere is not a directory"):
        tree.tree_hash(str(tmp_path / "nowhere"))
