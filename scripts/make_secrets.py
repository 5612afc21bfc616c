#!/usr/bin/env python3
"""Generate the secrets that an environment's vault.yml lacks, and keep the file encrypted.

Which secrets there are says vault.yml.example beside it. What the vault holds already is kept: to have a secret
generated anew, take it out with ansible-vault edit. Only encrypted text is ever written to the disk.
"""

from __future__ import annotations

import argparse
import getpass
import os
import re
import sys
from pathlib import Path
from typing import Any

import yaml
from ansible import constants
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret, get_file_vault_secret

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "plugins"))

from flowlite_secrets.generate import generated  # noqa: E402
from flowlite_secrets.private_file import write  # noqa: E402


class Refused(Exception):
    """What stops the run, said for a person."""


def variables(environment: str) -> Path:
    """Return the directory of an environment's variables."""
    known = sorted(path.parent.name for path in ROOT.glob("inventories/*/hosts.yml"))
    if environment not in known:
        raise Refused(
            f"there is no inventories/{environment}: make secrets ENV=<environment>, one of {', '.join(known)}"
        )
    directory = ROOT / "inventories" / environment / "group_vars" / "all"
    if not (directory / "vault.yml.example").exists():
        raise Refused(
            f"{environment} has no vault: its development passwords stand in 10_environment.yml, and your own go into "
            "90_local.yml beside it. Name another environment: make secrets ENV=production"
        )
    return directory


def password(environment: str, new: bool) -> VaultSecret:
    """Return the vault's password from a file, or from the person at the terminal."""
    beside = ROOT / f".vault_password_{environment}"
    file = os.environ.get("VAULT_PASSWORD_FILE") or constants.DEFAULT_VAULT_PASSWORD_FILE
    if file or beside.exists():
        secret = get_file_vault_secret(str(file or beside), loader=DataLoader())
        secret.load()
        return secret
    if not sys.stdin.isatty():
        raise Refused(
            f"no vault password: put it into {beside.name} (untracked; umask 077; openssl rand -base64 32 > "
            f"{beside.name}), name a file with VAULT_PASSWORD_FILE=, or run this at a terminal to be asked"
        )
    try:
        given = getpass.getpass(f"{'New vault' if new else 'Vault'} password of {environment}: ")
        again = getpass.getpass("Again: ") if new else given
    except EOFError:
        raise Refused("no vault password was given") from None
    if given != again:
        raise Refused("the two passwords differ")
    if not given:
        raise Refused("the vault password is empty")
    return VaultSecret(given.encode())


def decrypted(path: Path, vault: VaultLib) -> str:
    """Return what a vault file holds, nothing where there is none yet."""
    if not path.exists():
        return "---\n"
    shown, text = path.relative_to(ROOT), path.read_bytes()
    if not text.startswith(b"$ANSIBLE_VAULT"):
        raise Refused(f"{shown} is not encrypted: ansible-vault encrypt {shown}")
    try:
        return str(vault.decrypt(text).decode())
    except AnsibleError:
        raise Refused(f"{shown} cannot be decrypted: it was encrypted with another password") from None


def completed(text: str, wanted: dict[str, Any]) -> tuple[str, list[str]]:
    """Return a vault's text with a secret for every name that has none, and these names."""
    try:
        held = DataLoader().load(text, show_content=False) or {}
    except AnsibleError:
        held = None
    if not isinstance(held, dict):
        raise Refused("what the vault holds is no YAML dictionary: ansible-vault edit")
    missing = [name for name in wanted if held.get(name) in (None, "")]
    for name in missing:
        text = re.sub(rf"^{name}:.*\n?", "", text, flags=re.MULTILINE)
    if missing and not text.endswith("\n"):
        text += "\n"
    return text + "".join(yaml.safe_dump({name: generated()}) for name in missing), missing


def main() -> int:
    """Complete the vault of one environment; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("environment")
    environment = parser.parse_args().environment
    try:
        directory = variables(environment)
        path = directory / "vault.yml"
        secret = password(environment, new=not path.exists())
        vault = VaultLib([("default", secret)])
        wanted = yaml.safe_load((directory / "vault.yml.example").read_text(encoding="utf-8"))
        text, added = completed(decrypted(path, vault), wanted)
        if added:
            write(path, vault.encrypt(text, secret=secret))
    except (Refused, AnsibleError) as error:
        print(f"make secrets: {error}", file=sys.stderr)
        return 1
    shown = path.relative_to(ROOT)
    print(f"{shown}: added {', '.join(added)}; commit it" if added else f"{shown}: nothing is missing")
    return 0


if __name__ == "__main__":
    sys.exit(main())
