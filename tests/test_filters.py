"""Filters over files, directories, containers and what the programs in migrations/ print."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from plugin import load

files = load("plugins/filter/flowlite_files.py")
tree = load("plugins/filter/flowlite_tree.py")
schema = load("plugins/filter/flowlite_schema.py")

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


def test_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnsibleFilterError, match="nowhere is not a directory"):
        tree.tree_hash(str(tmp_path / "nowhere"))


def printed(**result: Any) -> str:
    """The output of check_database, with lines before and after its result."""
    seen = {"problems": [], "pending": [], "seed_pending": {}, "revision": "004"} | result
    return f"=== run 1\nFLOWLITE_RESULT {{}}\n=== run 2\nlog\n{schema.MARK}{json.dumps(seen)}\nbye"


def test_result_is_the_last_one() -> None:
    assert schema.result(printed(revision="003"))["revision"] == "003"
    assert schema.result("nothing\n") == {}
    assert schema.last_run(printed()).startswith("run 2")


def test_schema_as_declared() -> None:
    look = schema.look(printed())
    assert not look["differs"]
    assert look["problems"] == []
    assert look["prediction"] == "revisions to run: none; rows to load or mend: 0"


def test_schema_that_is_behind() -> None:
    behind = {"what": "schema is behind", "remedy": "run it"}
    pending = [{"revision": "003", "message": "names"}, {"revision": "004", "message": "index"}]
    look = schema.look(printed(problems=[behind], pending=pending, seed_pending={"users": 2, "banks": 3}))
    assert look["differs"]
    assert look["problems"] == [behind]
    assert look["prediction"] == "revisions to run: 003 (names), 004 (index); rows to load or mend: 5"


def test_rows_that_are_missing() -> None:
    look = schema.look(printed(seed_pending={"banks": 3}))
    assert look["problems"] == [{"what": "3 seeded rows are missing or edited", "remedy": "run playbooks/seed.yml"}]


@pytest.mark.parametrize(("output", "words"), [("", "nothing is staged yet"), ("Traceback: no route", "no route")])
def test_schema_that_cannot_be_looked_at(output: str, words: str) -> None:
    look = schema.look(output)
    assert look["differs"]
    assert words in look["problems"][0]["what"]
    assert "site.yml" in look["problems"][0]["remedy"]
