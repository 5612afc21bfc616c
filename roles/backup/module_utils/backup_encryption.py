"""Encryption by age (https://age-encryption.org) or GnuPG, whose programs are on the controller."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ansible.module_utils.backup_pipes import CommandFailed, output, private, running

GPG = ["gpg", "--batch", "--no-tty", "--quiet"]
# What every module that encrypts or decrypts is given; files and keyring are the controller's.
ARGUMENT: dict[str, Any] = {
    "type": "dict",
    "required": True,
    "options": {
        "age_recipients": {"type": "list", "elements": "str", "default": []},
        "age_identity": {"type": "str", "default": ""},
        "gpg_recipients": {"type": "list", "elements": "str", "default": []},
        # A path, no secret.
        "gpg_passphrase_file": {"type": "str", "default": "", "no_log": False},
    },
}


def _run(argv: list[str], source: Path, target: Path) -> None:
    if shutil.which(argv[0]) is None:
        package = {"age": "age", "gpg": "gnupg"}[argv[0]]
        raise CommandFailed(
            f"the backup is encrypted by {argv[0]}, and that program is not on the controller: install it "
            f"(apt install {package}, brew install {package})"
        )
    with private(target) as out, running([*argv, str(source)]) as process:
        assert process.stdout
        shutil.copyfileobj(process.stdout, out, 1 << 20)


def _words(option: str, values: list[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


class Encryption:
    """The keys that were named."""

    def __init__(self, given: dict[str, Any]) -> None:
        """Take the module's parameter of the kind ``ARGUMENT``."""
        self.given = given
        self.wanted = bool(given["age_recipients"] or given["gpg_recipients"])

    def encrypt(self, path: Path) -> Path:
        """Encrypt a file for every recipient and return the new one's path; the plain one is removed."""
        if self.given["age_recipients"]:
            target = path.with_name(path.name + ".age")
            _run(["age", "--encrypt", *_words("--recipient", self.given["age_recipients"])], path, target)
        else:
            target = path.with_name(path.name + ".gpg")
            files = [name for name in self.given["gpg_recipients"] if name.startswith("/")]
            keys = [name for name in self.given["gpg_recipients"] if not name.startswith("/")]
            # Who named a key trusts it; compressing again what is compressed takes time only.
            argv = [*GPG, "--output", "-", "--trust-model", "always", "--compress-algo", "none", "--encrypt"]
            _run([*argv, *_words("--recipient", keys), *_words("--recipient-file", files)], path, target)
        path.unlink()
        return target

    def decrypts(self) -> bool:
        """Return whether a secret key of one of the recipients is here."""
        if self.given["age_recipients"]:
            return bool(self.given["age_identity"])
        return any(self._has_secret(name) for name in self.given["gpg_recipients"])

    def _has_secret(self, name: str) -> bool:
        if name.startswith("/"):
            shown = output([*GPG, "--with-colons", "--show-keys", name])
            name = next((line.split(":")[9] for line in shown.splitlines() if line.startswith("fpr:")), name)
        try:
            return bool(output([*GPG, "--with-colons", "--list-secret-keys", name]))
        except CommandFailed:
            return False

    def decrypt(self, source: Path, target: Path) -> None:
        """Decrypt a file; its name says by what it was encrypted."""
        if source.suffix == ".gpg":
            passphrase = self.given["gpg_passphrase_file"]
            given = ["--pinentry-mode", "loopback", "--passphrase-file", passphrase] if passphrase else []
            try:
                _run([*GPG, "--output", "-", *given, "--decrypt"], source, target)
            except CommandFailed as error:
                raise CommandFailed(
                    f"{source.name} cannot be decrypted by this user's GnuPG keyring (GNUPGHOME): {error}. A "
                    "passphrase is read from the file that backup_gpg_passphrase_file names"
                ) from error
            return
        if not self.given["age_identity"]:
            raise CommandFailed(f"{source.name} is encrypted: name the file of the key in backup_age_identity")
        try:
            _run(["age", "--decrypt", "--identity", self.given["age_identity"]], source, target)
        except CommandFailed as error:
            raise CommandFailed(
                f"{source.name} cannot be decrypted with {self.given['age_identity']} (backup_age_identity): {error}"
            ) from error
