"""Which backup is chosen, which are removed, and what a changed byte does."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from plugin import load

receipts = load("roles/backup/module_utils/backup_receipts.py")

OWN = {"deployment": "flowlite", "environment": "local"}
SERVER = "71f91cef-e84a-11f1-a304-0242c0a80002"
NOW = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)


def backup(root: Path, day: int, deployment: str = "flowlite") -> Path:
    """A backup of one file, taken at the beginning of a day after as many transactions."""
    directory = root / f"{deployment}-202611{day:02d}T000000Z"
    directory.mkdir()
    (directory / "file").write_bytes(b"content")
    stored = {"name": "file", "bytes": 7, "sha256": hashlib.sha256(b"content").hexdigest()}
    position = {"taken": f"2026-11-{day:02d} 00:00:05", "server_uuid": SERVER, "gtid_executed": f"{SERVER}:1-{day}"}
    receipt = {
        "deployment": deployment,
        "environment": "local",
        "taken": f"2026-11-{day:02d} 00:00:00",
        "files": [{"name": "file", "stored": stored}],
        "mysql": {"position": position},
    }
    (directory / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    return directory


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for day in (1, 2, 3):
        backup(tmp_path, day)
    backup(tmp_path, 9, "other")
    return tmp_path


def chosen(root: Path, name: str = "newest", **point: str) -> str:
    return str(receipts.choose(root, name, OWN, **point)["name"])


def test_newest_is_the_deployments_own(root: Path) -> None:
    assert chosen(root) == "flowlite-20261103T000000Z"


def test_named_one_may_be_of_another_deployment(root: Path) -> None:
    assert chosen(root, "other-20261109T000000Z") == "other-20261109T000000Z"


@pytest.mark.parametrize(
    ("point", "day"),
    [
        ({"until": "2026-11-02 00:00:06"}, 2),
        ({"until": "2026-11-02 00:00:05"}, 1),
        ({"until_gtid": f"{SERVER}:3"}, 2),
        ({"until_gtid": f"{SERVER}:7"}, 3),
    ],
)
def test_point_is_reached_from_the_newest_backup_before_it(root: Path, point: dict[str, str], day: int) -> None:
    assert chosen(root, **point) == f"flowlite-202611{day:02d}T000000Z"


@pytest.mark.parametrize(
    ("name", "point", "says"),
    [
        ("newest", {"until": "2026-11-01 00:00:00"}, "no proven backup of flowlite"),
        ("flowlite-20261103T000000Z", {"until_gtid": f"{SERVER}:1"}, "was taken after"),
        ("newest", {"until_gtid": "81f91cef-e84a-11f1-a304-0242c0a80002:9"}, "no proven backup of flowlite"),
        ("nothing", {}, "it has"),
        ("other-20261109T000000Z/../flowlite-20261103T000000Z", {}, "no backup"),
    ],
)
def test_refused(root: Path, name: str, point: dict[str, str], says: str) -> None:
    with pytest.raises(receipts.Refused, match=says):
        chosen(root, name, **point)


@pytest.mark.parametrize("text", [None, "", "{}", "[1]"])
def test_newest_without_a_receipt_is_not_silently_replaced_by_an_older_one(root: Path, text: str | None) -> None:
    path = root / "flowlite-20261103T000000Z" / "receipt.json"
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(receipts.Refused, match="flowlite-20261103T000000Z"):
        chosen(root)


def test_incomplete_backup_counts_for_nothing(root: Path) -> None:
    path = root / "flowlite-20261103T000000Z"
    path.rename(f"{path}.incomplete")
    assert chosen(root) == "flowlite-20261102T000000Z"


def test_logs_go_on_in_later_backups_of_the_same_server(root: Path) -> None:
    path = root / "flowlite-20261103T000000Z" / "receipt.json"
    path.write_text(path.read_text(encoding="utf-8").replace(SERVER, "another"), encoding="utf-8")
    backup(root, 4)
    first = receipts.read(root / "flowlite-20261102T000000Z")
    names = [each["name"] for each in receipts.following(root, first)]
    assert names == ["flowlite-20261102T000000Z", "flowlite-20261104T000000Z", "other-20261109T000000Z"]


def test_what_is_left_of_failed_backups_is_the_deployments_own(root: Path) -> None:
    for name in ("flowlite-20261103T000000Z", "other-20261109T000000Z"):
        (root / name).rename(root / f"{name}.incomplete")
    (root / "flowlite-other-20261103T000000Z.incomplete").mkdir()
    assert [path.name for path in receipts.unproven(root, "flowlite")] == ["flowlite-20261103T000000Z.incomplete"]


@pytest.mark.parametrize("content", [None, b"contenT", b"conten", b"content "])
def test_changed_bytes_are_seen(root: Path, content: bytes | None) -> None:
    directory = root / "flowlite-20261103T000000Z"
    receipt = receipts.read(directory)
    assert receipts.damages(directory, receipt) == []
    (directory / "file").unlink()
    if content is not None:
        (directory / "file").write_bytes(content)
    assert len(receipts.damages(directory, receipt)) == 1


@pytest.mark.parametrize(
    ("executed", "gtid", "held"),
    [
        (f"{SERVER}:1-5", f"{SERVER}:5", True),
        (f"{SERVER}:1-5", f"{SERVER}:6", False),
        (f"{SERVER}:1-5:9", f"{SERVER.upper()}:9", True),
        (f"{SERVER}:1-5:9", f"{SERVER}:7", False),
        (f"other:1-9,\n{SERVER}:1", f"{SERVER}:2", False),
        ("", f"{SERVER}:1", False),
        ("0-1-54", "0-1-54", True),
        ("0-1-54", "0-2-53", True),
        ("0-1-54", "0-1-55", False),
        ("0-1-54,1-1-9", "1-1-10", False),
        ("", "0-1-1", False),
    ],
)
def test_transaction_is_found_in_a_set(executed: str, gtid: str, held: bool) -> None:
    assert receipts.holds(executed, gtid) is held


def days(*numbers: int) -> list[dict[str, Any]]:
    return [{"name": str(day), "taken": f"2026-11-{day:02d} 00:00:00"} for day in numbers]


@pytest.mark.parametrize(
    ("count", "age", "removed"),
    [(0, 0, set()), (2, 0, {"1", "22"}), (0, 2, {"1", "22"}), (1, 1, {"1", "22", "23"}), (9, 30, set())],
)
def test_retention(count: int, age: int, removed: set[str]) -> None:
    assert set(receipts.surplus(days(1, 22, 23, 24), count, age, NOW)) == removed


def test_retention_never_removes_the_newest() -> None:
    assert receipts.surplus(days(1), 1, 1, NOW) == []
