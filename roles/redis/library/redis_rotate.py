#!/usr/bin/python
"""Module: one step of giving Redis' users new passwords while their clients log in."""

from __future__ import annotations

import hashlib
from typing import Any

from ansible.module_utils import flowlite_tls
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.redis_login import MISSING, forbidden, login, redis, refused

DOCUMENTATION = """
module: redis_rotate
short_description: Rotate the passwords of users
description:
  - Changes users of the running server only. ACL LOAD would cut off clients that are logged in, so the file of users is
    written beside it and read at the next start.
options:
  host: {description: Address of the server., type: str, required: true}
  port: {description: Port of the server., type: int, required: true}
  stage:
    description: C(add) lets both passwords in, C(discard) has the old one refused, C(prove) tries both by logins.
    choices: [add, discard, prove]
    type: str
    required: true
  users:
    description: Users with C(name), C(old) and C(new).
    type: list
    elements: dict
    required: true
  admin_user: {description: Which of them is the administrator., type: str, required: true}
  tls: {description: PEM texts C(ca) and C(certificate) where the server speaks TLS., type: dict}
author: Flowlite
"""

AGAIN = "repeat playbooks/rotate_secrets.yml"


class Failed(Exception):
    """What stops the rotation, said for a person."""


def digest(password: str) -> str:
    """Return a password as the server keeps it."""
    return hashlib.sha256(password.encode()).hexdigest()


class Rotation:
    """One step on one server."""

    def __init__(self, params: dict[str, Any], dry: bool) -> None:
        """Take the module's parameters."""
        self.params, self.dry = params, dry
        self.changed = False

    def accepts(self, user: str, password: str) -> bool:
        """Return whether a login succeeds."""
        try:
            self.connect(user, password).ping()
        except redis.RedisError as error:
            if refused(error):
                return False
            # Let in, and without the right to PING.
            if not forbidden(error):
                raise
        return True

    def connect(self, user: str, password: str) -> Any:
        """Return a client that logs in with its first command."""
        return login(self.params["host"], self.params["port"], user, password, tls=self.params["tls"])

    def administrator(self) -> Any:
        """Log in as the administrator, with whichever password it has."""
        name = self.params["admin_user"]
        (account,) = [user for user in self.params["users"] if user["name"] == name]
        for password in (account["new"], account["old"]):
            if self.accepts(name, password):
                return self.connect(name, password)
        raise Failed(
            f"Redis refuses its administrator {name} with the old and the new password: run playbooks/site.yml"
        )

    def run(self) -> None:
        """Do the step."""
        if self.params["stage"] == "prove":
            self.prove()
            return
        admin = self.administrator()
        for user in self.params["users"]:
            found = admin.acl_getuser(user["name"])
            if found is None:
                raise Failed(f"Redis has no user {user['name']}: run playbooks/site.yml")
            old, new = digest(user["old"]), digest(user["new"])
            if self.params["stage"] == "discard" and new not in found["passwords"]:
                raise Failed(f"Redis does not know the new password of {user['name']}: {AGAIN}")
            # As hashes: no password is in the server's log of commands.
            rules = [f"#{new}"] if new not in found["passwords"] else []
            if self.params["stage"] == "discard" and old in found["passwords"]:
                rules = [f"!{old}"]
            if rules:
                self.changed = True
                if not self.dry:
                    admin.execute_command("ACL SETUSER", user["name"], *rules)

    def prove(self) -> None:
        """Log in with each password."""
        wrong = []
        for user in self.params["users"]:
            if not self.accepts(user["name"], user["new"]):
                wrong.append(f"{user['name']} is refused with the new password")
            if self.accepts(user["name"], user["old"]):
                wrong.append(f"{user['name']} is still let in with the old password")
        if wrong:
            raise Failed("Redis: " + "; ".join(wrong) + f": {AGAIN}")


def main() -> None:
    """Run the module."""
    user = {name: {"type": "str", "required": True, "no_log": True} for name in ("old", "new")}
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
            "stage": {"type": "str", "required": True, "choices": ["add", "discard", "prove"]},
            "users": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {"name": {"type": "str", "required": True}, **user},
            },
            "admin_user": {"type": "str", "required": True},
            "tls": flowlite_tls.ARGUMENT,
        },
        supports_check_mode=True,
    )
    if redis is None:
        module.fail_json(msg=MISSING)
    rotation = Rotation(module.params, module.check_mode)
    try:
        rotation.run()
    except Failed as failure:
        module.fail_json(msg=str(failure), changed=rotation.changed)
    except redis.RedisError as error:
        where = f"{module.params['host']}:{module.params['port']}"
        module.fail_json(msg=f"Redis at {where}: {error}: {AGAIN} when it answers", changed=rotation.changed)
    module.exit_json(changed=rotation.changed)


if __name__ == "__main__":
    main()
