"""Encryption by age (https://age-encryption.org), whose client is on the controller."""

from __future__ import annotations

import shutil
from pathlib import Path

from ansible.module_utils.backup_pipes import CommandFailed, private, running

SUFFIX = ".age"
MISSING = (
    "backup_age_recipients or backup_age_identity is set, and the program age is not on the controller: install it "
    "(apt install age, brew install age)"
)


def _run(argv: list[str], source: Path, target: Path) -> None:
    if shutil.which("age") is None:
        raise CommandFailed(MISSING)
    with private(target) as out, running([*argv, str(source)]) as process:
        assert process.stdout
        shutil.copyfileobj(process.stdout, out, 1 << 20)


def encrypt(source: Path, target: Path, recipients: list[str]) -> None:
    """Encrypt a file for every recipient."""
    _run(["age", "--encrypt", *(word for key in recipients for word in ("--recipient", key))], source, target)


def decrypt(source: Path, target: Path, identity: str) -> None:
    """Decrypt a file by the identity in a file."""
    if not identity:
        raise CommandFailed(f"{source.name} is encrypted: name the file of the key in backup_age_identity")
    _run(["age", "--decrypt", "--identity", identity], source, target)
