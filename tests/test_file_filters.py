"""Filters over directories."""

from __future__ import annotations

import base64
import io
import os
import tarfile
from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError
from plugin import load

tree = load("plugins/filter/flowlite_tree.py")


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
