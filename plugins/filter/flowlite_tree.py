"""Filters over a directory of this repository: its content as one hash, and as one reproducible archive."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from pathlib import Path

from ansible.errors import AnsibleFilterError

_IGNORED = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


def _files(directory: str) -> list[Path]:
    root = Path(directory)
    if not root.is_dir():
        raise AnsibleFilterError(f"{directory} is not a directory")
    found = (path for path in root.rglob("*") if path.is_file())
    return sorted(path for path in found if not _IGNORED & set(path.relative_to(root).parts))


def tree_hash(directory: str) -> str:
    """Return 16 hex digits that change when a file's name, mode or content below ``directory`` does."""
    digest = hashlib.sha256()
    for path in _files(directory):
        executable = path.stat().st_mode & 0o100
        digest.update(f"{path.relative_to(directory)}\0{executable}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def tree_archive(directory: str) -> str:
    """Return the files below ``directory`` as a tar archive in base64; the same tree gives the same bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in _files(directory):
            member = tarfile.TarInfo(str(path.relative_to(directory)))
            member.size = path.stat().st_size
            member.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            with path.open("rb") as content:
                archive.addfile(member, content)
    return base64.b64encode(buffer.getvalue()).decode()


class FilterModule:
    """Register the filters with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"flowlite_tree_hash": tree_hash, "flowlite_tree_archive": tree_archive}
