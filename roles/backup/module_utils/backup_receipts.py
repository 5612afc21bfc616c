"""Receipts of backups: which there are, which one is wanted, whether its bytes are those that were proven."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import re
from pathlib import Path
from typing import Any

RECEIPT = "receipt.json"
INCOMPLETE = ".incomplete"
LOGS = "mysql.binary-logs.tar.gz"
TIME = "%Y-%m-%d %H:%M:%S"


class Refused(Exception):
    """A backup cannot be used; the message is for a person."""


def read(directory: Path) -> dict[str, Any]:
    """Return the receipt of a backup; raises Refused where there is none that can be read."""
    path = directory / RECEIPT
    try:
        receipt = json.loads(path.read_text(encoding="utf-8"))
        return {**receipt, "files": list(receipt["files"]), "name": directory.name, "taken": str(receipt["taken"])}
    except FileNotFoundError:
        raise Refused(
            f"{directory.name} has no receipt ({path}): it was never proven to be restorable, or the receipt was "
            "removed. Nothing was touched. Choose another one: -e restore_backup=<name>"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"{path} cannot be read ({error!r}). Nothing was touched.") from error


def proven(backup_dir: Path) -> list[dict[str, Any]]:
    """Return the receipts of all backups that have a readable one, the oldest first."""
    found = []
    for path in backup_dir.glob(f"*/{RECEIPT}"):
        if not path.parent.name.endswith(INCOMPLETE):
            with contextlib.suppress(Refused):
                found.append(read(path.parent))
    return sorted(found, key=lambda receipt: (receipt["taken"], receipt["name"]))


def damages(directory: Path, receipt: dict[str, Any]) -> list[str]:
    """Return what is not as the receipt says."""
    problems = []
    for entry in receipt["files"]:
        path = directory / entry["stored"]["name"]
        if not path.is_file():
            problems.append(f"{path} is missing")
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != entry["stored"]["sha256"]:
            problems.append(f"{path} is not what was proven: sha256 {digest}, receipt {entry['stored']['sha256']}")
    return problems


def holds(executed: str, gtid: str) -> bool:
    """Return whether a set of executed transactions has one transaction in it.

    MySQL's set has ``<server uuid>:<first>-<last>``; MariaDB's has the last ``<domain>-<server>-<number>`` of each
    domain.
    """
    if ":" not in gtid:
        domain, _, wanted = gtid.split("-")
        reached = [each.split("-") for each in executed.split(",") if each]
        return any(each[0] == domain and int(wanted) <= int(each[2]) for each in reached)
    server, _, number = gtid.rpartition(":")
    for group in executed.replace("\n", "").split(","):
        name, *intervals = group.strip().split(":")
        if name.lower() != server.lower():
            continue
        for interval in intervals:
            first, _, last = interval.partition("-")
            if first.isdigit() and int(first) <= int(number) <= int(last or first):
                return True
    return False


def before(receipt: dict[str, Any], until: str, until_gtid: str) -> bool:
    """Return whether binary logs lead from a backup to the point that is wanted."""
    position = receipt.get("mysql", {}).get("position")
    if not position:
        return not (until or until_gtid)
    if until:
        # Whole seconds, cut off: what was taken within the second has some of its changes.
        return bool(position["taken"] < until)
    server, colon, _ = until_gtid.rpartition(":")
    # MySQL's form names the server. Of a transaction of another one no log knows: all of them would be replayed.
    if colon and server.lower() != position["server_uuid"].lower():
        return False
    return not (until_gtid and holds(position["gtid_executed"], until_gtid))


def choose(
    backup_dir: Path, name: str, deployment: dict[str, str], until: str = "", until_gtid: str = ""
) -> dict[str, Any]:
    """Return the receipt of the backup to restore; raises Refused."""
    point = until or until_gtid
    if name != "newest":
        if not re.fullmatch(r"[\w.-]+", name) or not (backup_dir / name).is_dir():
            raise Refused(f"there is no backup {name!r} in {backup_dir}: {listed(backup_dir)}")
        receipt = read(backup_dir / name)
        if not before(receipt, until, until_gtid):
            raise Refused(
                f"{name} was taken after {point}, or on another server: choose another one, or leave restore_backup out"
            )
        return receipt
    latest = newest_of_all(backup_dir, deployment["deployment"])
    if latest and not point:
        read(backup_dir / latest)  # an older one in its place, unasked, would be a surprise
    receipts = [each for each in proven(backup_dir) if is_of(each, deployment)]
    fitting = [each for each in receipts if before(each, until, until_gtid)]
    if not fitting:
        wanted = f" from before {point}" if receipts and point else ""
        raise Refused(
            f"{backup_dir} has no proven backup of {deployment['deployment']} ({deployment['environment']}){wanted}: "
            f"{listed(backup_dir)}. -e backup_dir=<directory>, or -e restore_backup=<name> for another deployment's"
        )
    return fitting[-1]


def begun(name: str, deployment: str) -> str:
    """Return when a backup of this deployment was begun; empty for other names, as those of ``<deployment>-other``."""
    match = re.fullmatch(re.escape(deployment) + r"-(\d{8}T\d{6}Z)", name.removesuffix(INCOMPLETE))
    return match[1] if match else ""


def newest_of_all(backup_dir: Path, deployment: str) -> str:
    """Return the name of the newest finished backup of a deployment, with or without a receipt."""
    finished = [path.name for path in backup_dir.glob("*") if path.is_dir() and path.suffix != INCOMPLETE]
    return max((name for name in finished if begun(name, deployment)), default="")


def unproven(backup_dir: Path, deployment: str) -> list[Path]:
    """Return what failed or interrupted backups of a deployment left."""
    return [path for path in backup_dir.glob(f"*{INCOMPLETE}") if begun(path.name, deployment)]


def is_of(receipt: dict[str, Any], deployment: dict[str, str]) -> bool:
    """Return whether a backup is one of this deployment's."""
    return all(receipt.get(key) == value for key, value in deployment.items())


def listed(backup_dir: Path) -> str:
    """Return the newest names for a person."""
    names = sorted(path.name for path in backup_dir.glob("*") if path.is_dir())
    return "it has " + (", ".join(names[-5:]) or "none")


def following(backup_dir: Path, receipt: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the receipts whose binary logs may go on where this backup ends, itself first."""
    server = receipt["mysql"]["position"]["server_uuid"]
    later = [
        each
        for each in proven(backup_dir)
        if each.get("mysql", {}).get("position", {}).get("server_uuid") == server and each["taken"] > receipt["taken"]
    ]
    return [receipt, *later]


def surplus(receipts: list[dict[str, Any]], count: int, days: int, now: datetime.datetime) -> list[str]:
    """Return the names of backups to remove: beyond ``count`` or older than ``days``; 0 is no limit.

    The newest one always stays.
    """
    newest_first = sorted(receipts, key=lambda receipt: receipt["taken"], reverse=True)
    oldest = (now - datetime.timedelta(days=days)).strftime(TIME) if days else ""
    return [
        receipt["name"]
        for index, receipt in enumerate(newest_first)
        if index and ((count and index >= count) or receipt["taken"] < oldest)
    ]
