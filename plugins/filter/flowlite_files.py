"""Filter that compares files to be written with what `stat` and `sha256sum` say is there."""

from __future__ import annotations

import hashlib
from typing import Any


def unchanged_files(listing: str, files: list[dict[str, Any]], owner: int) -> list[str]:
    """Return the names of the ``files`` that are there with the same content, mode and owner.

    ``listing`` is the output of ``stat -c '%a %u %n' *`` followed by ``sha256sum *``; each file has ``name``,
    ``content`` and ``mode`` (octal digits).
    """
    modes: dict[str, tuple[int, int]] = {}
    hashes: dict[str, str] = {}
    for line in listing.splitlines():
        words = line.split()
        if len(words) == 3:
            modes[words[2]] = (int(words[0], 8), int(words[1]))
        elif len(words) == 2:
            hashes[words[1]] = words[0]
    return [
        file["name"]
        for file in files
        if modes.get(file["name"]) == (int(file["mode"], 8), owner)
        and hashes.get(file["name"]) == hashlib.sha256(file["content"].encode()).hexdigest()
    ]


class FilterModule:
    """Register the filter with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"flowlite_unchanged_files": unchanged_files}
