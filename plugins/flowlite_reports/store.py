"""The directory of reports: for their owner only, the newest linked, the oldest removed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

_NAME = "verify-"
_LATEST = f"{_NAME}latest"


def history(directory: Path) -> list[dict[str, Any]]:
    """Return the runs in the directory, oldest first; what cannot be read is left out."""
    runs = []
    for path in _runs(directory):
        try:
            run = json.loads(path.read_text(encoding="utf-8"))
            runs.append({key: run[key] for key in ("written", "verdict", "totals")})
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return runs


def save(directory: Path, run: dict[str, Any], page: str, keep: int) -> Path:
    """Write a run and its page, link them as the latest, remove all but the newest ``keep``; return the page's path."""
    _make_private(directory)
    stem = _NAME + run["written"].replace("-", "").replace(":", "")
    for suffix, content in ((".json", json.dumps(run, ensure_ascii=False, indent=2) + "\n"), (".html", page)):
        _write(directory / f"{stem}{suffix}", content)
        link = directory / f".{_LATEST}{suffix}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(f"{stem}{suffix}")
        link.replace(directory / f"{_LATEST}{suffix}")
    for old in _runs(directory)[:-keep]:
        old.unlink()
        old.with_suffix(".html").unlink(missing_ok=True)
    return directory / f"{stem}.html"


def _runs(directory: Path) -> list[Path]:
    return sorted(path for path in directory.glob(f"{_NAME}*.json") if path.stem != _LATEST)


def _make_private(directory: Path) -> None:
    """Create what is missing of the path with mode 0700: mkdir gives that to the last part only."""
    if not directory.is_dir():
        _make_private(directory.parent)
        directory.mkdir(mode=0o700)


def _write(path: Path, content: str) -> None:
    """Replace a file in one step; it is never there with another mode."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
    new.replace(path)
