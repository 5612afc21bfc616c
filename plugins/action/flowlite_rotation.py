"""Action: keep, beside the secrets in force, those of a rotation, so that a repeat after an interruption finds them.

``stage`` is one of

- ``look``: return C(old) and C(new), drawn where no rotation is under way, and how far that one has come
  (``begun``, ``committed``). Writes nothing.
- ``begin``: store ``new`` before any server is changed.
- ``commit``: the new secrets are in force from here on.
- ``finish``: forget the old ones.

``file`` is the YAML file that holds the secrets, ``encrypted`` says whether it is a vault, ``current`` has the values
in force by name.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

# Ansible loads a plugin by its file, not as part of a package.
sys.path.append(str(Path(__file__).parents[1]))

from flowlite_secrets import rotation
from flowlite_secrets.generate import generated
from flowlite_secrets.private_file import write

HEADER = """\
---
# Written by playbooks/rotate_secrets.yml: these secrets win over those in 10_environment.yml. Not for git.
"""


class ActionModule(ActionBase):
    """Read and change the file; nothing that it holds is shown."""

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        """Do one stage."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        given = self._task.args
        path = Path(given["file"])
        try:
            return result | (self._look(path) if given["stage"] == "look" else self._change(path))
        except (rotation.Unfit, AnsibleError, OSError) as error:
            # An error of the vault's quotes no content.
            return result | {"failed": True, "msg": f"{path}: {error}"}

    def _look(self, path: Path) -> dict[str, Any]:
        text = self._read(path)
        held = rotation.parsed(text)
        # What Ansible read carries marks that YAML's writer does not know.
        current: dict[str, str] = json.loads(json.dumps(self._task.args["current"]))
        if previous := held.get(rotation.PREVIOUS):
            old, new = previous, {name: str(held[name]) for name in previous}
        else:
            pending = held.get(rotation.NEXT) or {}
            old, new = current, {name: pending.get(name) or generated() for name in current}
            # As it will be written: a file that cannot be changed is named before anything has begun.
            rotation.committed(rotation.begun(text, new), old)
        begun = bool(previous) or rotation.NEXT in held
        return {"changed": False, "old": old, "new": new, "begun": begun, "committed": bool(previous)}

    def _change(self, path: Path) -> dict[str, Any]:
        given = self._task.args
        lock = os.open(path.parent, os.O_RDONLY)
        try:
            # Two rotations at once must not draw two secrets.
            fcntl.flock(lock, fcntl.LOCK_EX)
            text = self._read(path)
            held = rotation.parsed(text)
            if given["stage"] == "begin":
                new = json.loads(json.dumps(given["new"]))
                pending = held.get(rotation.NEXT) or {}
                if any(new[name] != value for name, value in pending.items() if name in new):
                    raise rotation.Unfit("another rotation has begun at the same moment: repeat this one")
                wanted = text if rotation.PREVIOUS in held or pending == new else rotation.begun(text, new)
            elif given["stage"] == "commit":
                wanted = rotation.committed(text, json.loads(json.dumps(given["old"])))
            else:
                wanted = rotation.finished(text)
            if wanted != text and not self._task.check_mode:
                self._write(path, wanted)
        finally:
            os.close(lock)
        return {"changed": wanted != text}

    def _read(self, path: Path) -> str:
        if not path.exists():
            return HEADER
        content = path.read_bytes()
        if not self._task.args["encrypted"]:
            return content.decode()
        if not content.startswith(b"$ANSIBLE_VAULT"):
            raise rotation.Unfit("it is not encrypted: ansible-vault encrypt it")
        return str(self._loader._vault.decrypt(content).decode())

    def _write(self, path: Path, text: str) -> None:
        content = text.encode()
        if self._task.args["encrypted"]:
            vault = self._loader._vault
            # With the password with which it was encrypted, where the play was given several.
            _, label, secret = vault.decrypt_and_get_vault_id(path.read_bytes())
            content = vault.encrypt(text, secret=secret, vault_id=label if label != "default" else None)
        write(path, content)
