"""The module that writes the environment files, run by Ansible as a play runs it."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible_run import ROOT

SECRET = "r8Zt-4kQ_w2Vb9Xn6Lc1"


def write(directory: Path, *options: str, **files: str) -> tuple[dict[str, Any], str]:
    """Run the module with files of this user; return its result and all that was printed at -vvv."""
    return run(
        {"directory": str(directory), "files": [{"name": name, "content": text} for name, text in files.items()]},
        *options,
    )


def run(given: dict[str, Any], *options: str) -> tuple[dict[str, Any], str]:
    """Run the module; return its result and all that was printed at -vvv."""
    command = ["ansible", "localhost", "-m", "flowlite_private_files", "-a", json.dumps(given), "-vvv", *options]
    environment = os.environ | {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    text = done.stdout[done.stdout.index("=> {") + 3 :]
    return json.JSONDecoder().raw_decode(text)[0], done.stdout + done.stderr


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_private_and_the_second_run_changes_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "artifacts" / "local"
    first, printed = write(directory, one=SECRET, two="b")
    assert (first["changed"], first["written"]) == (True, ["one", "two"])
    assert ((directory / "one").read_text(), mode(directory / "one"), mode(directory)) == (SECRET, 0o600, 0o700)
    assert SECRET not in printed
    assert not write(directory, one=SECRET, two="b")[0]["changed"]


def test_encoded_file_is_written_for_its_owner(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give files away")
    directory = tmp_path / "stage"
    file = {"name": "archive", "content": base64.b64encode(b"\0\xff").decode(), "base64": True}
    given = {"directory": str(directory), "files": [file], "owner": "nobody"}
    for changed in (True, False):
        assert run(given)[0]["changed"] == changed
        owners = {directory.owner(), (directory / "archive").owner()}
        assert ((directory / "archive").read_bytes(), owners) == (b"\0\xff", {"nobody"})


@pytest.mark.parametrize("damage", ["content", "mode", "gone", "directory"])
def test_only_what_differs_is_written(tmp_path: Path, damage: str) -> None:
    write(tmp_path, one="a", two="b")
    if damage == "content":
        (tmp_path / "one").write_text("other")
    elif damage == "mode":
        (tmp_path / "one").chmod(0o644)
    elif damage == "gone":
        (tmp_path / "one").unlink()
    else:
        tmp_path.chmod(0o755)
    again, _ = write(tmp_path, one="a", two="b")
    assert (again["changed"], again["written"]) == (True, [] if damage == "directory" else ["one"])
    assert ((tmp_path / "one").read_text(), mode(tmp_path / "one"), mode(tmp_path)) == ("a", 0o600, 0o700)


def test_prediction_writes_nothing(tmp_path: Path) -> None:
    assert write(tmp_path / "new", "--check", one="a")[0]["changed"]
    assert not (tmp_path / "new").exists()
