#!/usr/bin/python
"""Module: one step of giving RabbitMQ's users new passwords while their clients log in."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import quote

from ansible.module_utils import flowlite_tls
from ansible.module_utils import rabbitmq_probes as probes
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: rabbitmq_rotate
short_description: Rotate the passwords of users
description:
  - A user has one password. So a second user with the same rights, C(<name>_next), has the new password until the first
    one has got it.
  - Looks before each change, so that a repeat after an interruption goes on where it was.
options:
  host: {description: Address of the server for AMQP., type: str, required: true}
  port: {description: Its port., type: int, required: true}
  management_host: {description: Address of the HTTP API., type: str, required: true}
  management_port: {description: Its port., type: int, required: true}
  vhost: {description: Virtual host on which logins are tried., type: str, default: /}
  stage:
    description:
      - C(add) makes second users where they are needed. C(change) gives the new password to the users themselves.
        C(discard) removes the second ones. C(prove) tries both passwords by logins.
    choices: [add, change, discard, prove]
    type: str
    required: true
  users:
    description: Users with C(name), C(old) and C(new); the first one is the administrator.
    type: list
    elements: dict
    required: true
  tls: {description: PEM texts C(ca) and C(certificate) where the server speaks TLS., type: dict}
author: Flowlite
"""

RETURN = """
second:
  description: Whether the new passwords belong to second users for now.
  type: bool
  returned: always
"""

AGAIN = "repeat playbooks/rotate_secrets.yml"
HASHES = {"rabbit_password_hashing_sha256": "sha256", "rabbit_password_hashing_sha512": "sha512"}


class Failed(Exception):
    """What stops the rotation, said for a person."""


def has(user: dict[str, Any], password: str) -> bool:
    """Return whether this is a user's password: four bytes of salt stand before its hash."""
    algorithm = HASHES.get(user["hashing_algorithm"])
    if algorithm is None:
        raise Failed(f"user {user['name']} has a password of an unknown kind, {user['hashing_algorithm']}")
    stored = base64.b64decode(user["password_hash"])
    return hashlib.new(algorithm, stored[:4] + password.encode()).digest() == stored[4:]


class Rotation:
    """One step on one server."""

    def __init__(self, params: dict[str, Any], dry: bool) -> None:
        """Take the module's parameters."""
        self.params, self.dry = params, dry
        self.changed = self.second = False
        self.client = probes.Client(params["host"], params["port"], params["tls"])

    def log_in(self) -> None:
        """Find the password that the administrator has now."""
        admin = self.params["users"][0]
        for password in (admin["new"], admin["old"]):
            self.api = probes.Management(
                self.params["management_host"],
                self.params["management_port"],
                admin["name"],
                password,
                self.params["tls"],
            )
            try:
                self.api.get("whoami")
            except probes.Refused:
                continue
            return
        raise Failed(
            f"RabbitMQ refuses its administrator {admin['name']} with the old and the new password: "
            "run playbooks/site.yml"
        )

    def send(self, method: str, *path: str, body: dict[str, Any] | None = None) -> None:
        """Change something by the API."""
        self.changed = True
        if self.dry:
            return
        url = self.api.url + "/".join(quote(part, safe="") for part in path)
        answer = self.api.session.request(method, url, json=body, timeout=probes.SECONDS)
        if answer.status_code >= 300:
            raise Failed(f"RabbitMQ answers {answer.status_code} to {method} /api/{'/'.join(path[:2])}: {AGAIN}")

    def run(self) -> None:
        """Do the step."""
        self.log_in()
        if self.params["stage"] == "prove":
            self.prove()
            return
        admin, *others = self.params["users"]
        # The administrator last: with its password this session ends.
        for account in [*others, admin]:
            user = self.api.get("users", account["name"])
            if user is None:
                raise Failed(f"RabbitMQ has no user {account['name']}: run playbooks/site.yml")
            renewed = has(user, account["new"])
            if self.params["stage"] == "add" and not renewed:
                if not has(user, account["old"]):
                    raise Failed(
                        f"user {account['name']} has neither password of this rotation: run playbooks/site.yml"
                    )
                self.second = True
                self.stand_in(account, user)
            elif self.params["stage"] == "change" and not renewed:
                self.send("PUT", "users", account["name"], body={"password": account["new"], "tags": tags(user)})
            elif self.params["stage"] == "discard":
                if not renewed:
                    raise Failed(f"user {account['name']} has not got its new password: {AGAIN}")
                if self.api.get("users", f"{account['name']}_next") is not None:
                    self.send("DELETE", "users", f"{account['name']}_next")

    def stand_in(self, account: dict[str, str], user: dict[str, Any]) -> None:
        """Make the second user, or complete the one that an interrupted run left."""
        name = f"{account['name']}_next"
        there = self.api.get("users", name)
        if there is None or not has(there, account["new"]) or tags(there) != tags(user):
            self.send("PUT", "users", name, body={"password": account["new"], "tags": tags(user)})
        found = {entry["vhost"]: rights(entry) for entry in (self.api.get("users", name, "permissions") or [])}
        for entry in self.api.get("users", account["name"], "permissions"):
            if found.get(entry["vhost"]) != rights(entry):
                self.send("PUT", "permissions", entry["vhost"], name, body=rights(entry))

    def accepts(self, user: str, password: str) -> bool:
        """Return whether a login over AMQP succeeds."""
        try:
            self.client.login(user, password, self.params["vhost"]).close()
        except probes.Refused:
            return False
        return True

    def prove(self) -> None:
        """Log in with each password."""
        wrong = []
        for account in self.params["users"]:
            if not self.accepts(account["name"], account["new"]):
                wrong.append(f"{account['name']} is refused with the new password")
            if self.accepts(account["name"], account["old"]):
                wrong.append(f"{account['name']} is still let in with the old password")
        if wrong:
            raise Failed("RabbitMQ: " + "; ".join(wrong) + f": {AGAIN}")


def tags(user: dict[str, Any]) -> str:
    """Return a user's tags as every series takes them."""
    found = user["tags"]
    return found if isinstance(found, str) else ",".join(found)


def rights(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what a permission says."""
    return {name: entry[name] for name in ("configure", "write", "read")}


def main() -> None:
    """Run the module."""
    secret = {name: {"type": "str", "required": True, "no_log": True} for name in ("old", "new")}
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
            "management_host": {"type": "str", "required": True},
            "management_port": {"type": "int", "required": True},
            "vhost": {"type": "str", "default": "/"},
            "stage": {"type": "str", "required": True, "choices": ["add", "change", "discard", "prove"]},
            "users": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {"name": {"type": "str", "required": True}, **secret},
            },
            "tls": flowlite_tls.ARGUMENT,
        },
        supports_check_mode=True,
    )
    if probes.pika is None:
        module.fail_json(msg="pika and requests are missing for the Python of this host: run playbooks/site.yml")
    rotation = Rotation(module.params, module.check_mode)
    try:
        rotation.run()
    except Failed as failure:
        module.fail_json(msg=str(failure), changed=rotation.changed)
    except (probes.NotYet, probes.requests.RequestException) as error:
        where = f"{module.params['management_host']}:{module.params['management_port']}"
        module.fail_json(msg=f"RabbitMQ at {where}: {error}: {AGAIN} when it answers", changed=rotation.changed)
    module.exit_json(changed=rotation.changed, second=rotation.second)


if __name__ == "__main__":
    main()
