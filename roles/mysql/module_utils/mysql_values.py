"""How a MySQL server spells values and keeps passwords."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.community.mysql.plugins.module_utils.implementations.mysql.hash import (
    # mysql_sha256_password_hash beside it knows 5000 rounds only; MySQL 9 writes 10000.
    _sha256_digest,
)


def same(value: Any, wanted: Any) -> bool:
    """Compare a system variable with a declared value; whatever the spelling.

    ON, true and 1 are the same, numbers compare as numbers, and in a list the order is the server's.
    """
    words = {"ON": "1", "TRUE": "1", "OFF": "0", "FALSE": "0", "NONE": "NULL"}
    left, right = (words.get(str(item).upper(), str(item).upper()) for item in (value, wanted))
    try:
        return float(left) == float(right)
    except ValueError:
        return sorted(left.split(",")) == sorted(right.split(","))


def hash_of(password: str, stored: str | bytes) -> bool:
    """Return whether ``stored`` is the caching_sha2_password hash of ``password``.

    It reads $A$, the rounds in thousands as three hexadecimal digits, $, 20 characters of salt, and the digest.
    """
    text = stored.decode("latin-1") if isinstance(stored, bytes) else stored
    match = re.fullmatch(r"\$A\$([0-9A-F]{3})\$(.{20})(.{43})", text, flags=re.DOTALL)
    if match is None:
        return False
    rounds, salt, digest = match.groups()
    return bool(_sha256_digest(password, salt, int(rounds, 16) * 1000) == digest)
