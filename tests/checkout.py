"""A checkout of its own, in which a test may write an environment's files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ansible_run import ROOT


class Checkout:
    """The project as git knows it, without the vaults that an operator may have committed."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "checkout"
        listed = subprocess.check_output(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
        )
        for name in listed.splitlines():
            source, target = ROOT / name, self.root / name
            if source.name != "vault.yml" and (source.is_symlink() or source.is_file()):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target, follow_symlinks=False)

    def variables(self, environment: str) -> Path:
        """Where the variables of an environment are."""
        return self.root / "inventories" / environment / "group_vars" / "all"

    def run(
        self, command: str, *arguments: str | Path, given: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """What a script of the checkout or an Ansible command answers at its root, without a terminal."""
        called = self.root / command if "/" in command else Path(sys.executable).with_name(command)
        return subprocess.run(
            [str(called), *map(str, arguments)],
            cwd=self.root,
            env=self.environment() | (given or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        """The process environment of the commands: nobody's vault password, this interpreter first."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "VAULT_"))}
        path = f"{Path(sys.executable).parent}:{kept['PATH']}"
        return kept | {"PATH": path, "ANSIBLE_CONFIG": str(self.root / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}
