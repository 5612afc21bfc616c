"""Secrets as the project generates them."""

from __future__ import annotations

import secrets
import string

from flowlite_rules.secret_rules import weakness

# Some clients put a password raw into a URL: these characters mean nothing there.
ALPHABET = string.ascii_letters + string.digits + "._~-"
LENGTH = 40


def generated() -> str:
    """Return a secret that begins with a letter: `-` would be read as an option, `~` as a null or a directory."""
    while True:
        secret = secrets.choice(string.ascii_letters) + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
        if not weakness(secret):
            return secret
