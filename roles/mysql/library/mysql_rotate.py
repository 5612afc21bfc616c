#!/usr/bin/python
"""Module: one step of giving MySQL's or MariaDB's accounts new passwords while their clients log in."""

from __future__ import annotations

from typing import Any

from ansible.module_utils import flowlite_tls
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.mysql_second import copy_account
from ansible.module_utils.mysql_values import hash_of

try:
    import pymysql
    from pymysql import err

    HAS_PYMYSQL = True
except ImportError:
    HAS_PYMYSQL = False

DOCUMENTATION = """
module: mysql_rotate
short_description: Rotate the passwords of accounts
description:
  - Looks before each statement, so that a repeat after an interruption goes on where it was.
  - MySQL keeps the old password beside the new one. MariaDB cannot; there a second account with the same rights,
    C(<name>_next), has the new password until the first one has got it.
options:
  host: {description: Address of the server., type: str, required: true}
  port: {description: Port of the server., type: int, required: true}
  flavor: {description: Which server it is., choices: [mysql, mariadb], type: str, required: true}
  stage:
    description:
      - C(add) lets both passwords in. C(change), on MariaDB, gives the new password to the accounts themselves.
        C(discard) has the old one refused, and drops second accounts. C(prove) tries both by logins.
    choices: [add, change, discard, prove]
    type: str
    required: true
  accounts:
    description: Accounts with C(name), C(old) and C(new); the first one is the administrator.
    type: list
    elements: dict
    required: true
  root: {description: C(old) and C(new) of root@localhost where that one has a password., type: dict}
  tls: {description: PEM texts C(ca) and C(certificate) where the server speaks TLS., type: dict}
author: Flowlite
"""

RETURN = """
second:
  description: Whether the new password belongs to second accounts for now.
  type: bool
  returned: always
"""

ACCESS_DENIED = {1044, 1045, 1130, 1698, 3118}
HOST = "%"


class Failed(Exception):
    """What stops the rotation, said for a person."""


class Rotation:
    """One step on one server."""

    def __init__(self, params: dict[str, Any], dry: bool) -> None:
        """Take the module's parameters."""
        self.params, self.dry = params, dry
        self.admin, *self.accounts = params["accounts"]
        self.changed = self.second = False
        self.cursor: Any = None

    def connect(self, user: str, password: str) -> Any:
        """Log in over TCP; raises pymysql's errors."""
        context = flowlite_tls.context(self.params["tls"])
        return pymysql.connect(
            host=self.params["host"],
            port=self.params["port"],
            user=user,
            password=password,
            connect_timeout=5,
            read_timeout=30,
            autocommit=True,
            **({"ssl": context} if context else {"ssl_disabled": True}),
        )

    def accepts(self, user: str, password: str) -> bool:
        """Return whether a login succeeds."""
        try:
            self.connect(user, password).close()
        except err.MySQLError as error:
            if error.args[0] in ACCESS_DENIED:
                return False
            raise
        return True

    def administrator(self) -> Any:
        """Log in as the administrator, with whichever password it has."""
        name = self.admin["name"]
        for password in (self.admin["new"], self.admin["old"]):
            if self.accepts(name, password):
                return self.connect(name, password)
        raise Failed(
            f"MySQL refuses its administrator {name} with the old and the new password: run playbooks/site.yml"
        )

    def run(self) -> None:
        """Do the step."""
        with self.administrator() as connection, connection.cursor() as self.cursor:
            if self.params["stage"] == "prove":
                self.prove()
            elif self.params["flavor"] == "mysql":
                self.dual()
            else:
                self.by_second_account()

    def do(self, statement: str, values: list[str]) -> None:
        """Execute what changes something."""
        self.changed = True
        if not self.dry:
            self.cursor.execute(statement, values)

    def own_host(self) -> str:
        """Return the host of the administrator's account."""
        self.cursor.execute("SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', -1)")
        return str(self.cursor.fetchone()[0])

    def dual(self) -> None:
        """MySQL: an account has two passwords for as long as it takes."""
        places = [(self.admin, self.admin["name"], self.own_host())]
        places += [(account, account["name"], HOST) for account in self.accounts]
        if self.params["root"]:
            places.append((self.params["root"], "root", "localhost"))
        for secret, name, host in places:
            self.cursor.execute(
                "SELECT authentication_string, User_attributes->>'$.additional_password' IS NOT NULL FROM mysql.user "
                "WHERE user = %s AND host = %s",
                [name, host],
            )
            stored, has_two = self.cursor.fetchone() or ("", False)
            renewed = hash_of(secret["new"], stored)
            if self.params["stage"] == "discard" and renewed and has_two:
                self.do("ALTER USER %s@%s DISCARD OLD PASSWORD", [name, host])
            elif not renewed:
                if self.params["stage"] != "add" or not hash_of(secret["old"], stored):
                    raise Failed(f"'{name}'@'{host}' has neither password of this rotation: run playbooks/site.yml")
                # A second time it would evict the password that is still in use: hence the look.
                self.do("ALTER USER %s@%s IDENTIFIED BY %s RETAIN CURRENT PASSWORD", [name, host, secret["new"]])

    def by_second_account(self) -> None:
        """MariaDB: a second account stands in until the first one has the new password."""
        for account in self.accounts:
            name, second = account["name"], f"{account['name']}_next"
            renewed = self.accepts(name, account["new"])
            if self.params["stage"] == "add" and not renewed:
                self.second = True
                if not self.accepts(second, account["new"]):
                    self.changed = True
                    if not self.dry:
                        copy_account(self.cursor, name, second, HOST, account["new"])
            elif self.params["stage"] == "change" and not renewed:
                self.do("ALTER USER %s@%s IDENTIFIED BY %s", [name, HOST, account["new"]])
            elif self.params["stage"] == "discard":
                if not renewed:
                    raise Failed(f"'{name}'@'{HOST}' refuses its new password: repeat playbooks/rotate_secrets.yml")
                self.drop(second)
        # Nobody but operators and these playbooks log in as the administrator, and those try both.
        if self.params["stage"] == "change" and not self.accepts(self.admin["name"], self.admin["new"]):
            # MariaDB 11.8 takes ALTER USER CURRENT_USER() without an error and changes nothing.
            self.do("ALTER USER %s@%s IDENTIFIED BY %s", [self.admin["name"], self.own_host(), self.admin["new"]])

    def drop(self, name: str) -> None:
        """Drop a second account that is there."""
        self.cursor.execute("SELECT COUNT(*) FROM mysql.user WHERE user = %s AND host = %s", [name, HOST])
        if self.cursor.fetchone()[0]:
            self.do("DROP USER %s@%s", [name, HOST])

    def prove(self) -> None:
        """Log in with each password."""
        wrong = []
        for account in [self.admin, *self.accounts]:
            if not self.accepts(account["name"], account["new"]):
                wrong.append(f"{account['name']} is refused with the new password")
            if self.accepts(account["name"], account["old"]):
                wrong.append(f"{account['name']} is still let in with the old password")
        if wrong:
            raise Failed("MySQL: " + "; ".join(wrong) + ": repeat playbooks/rotate_secrets.yml")


def main() -> None:
    """Run the module."""
    secret = {name: {"type": "str", "required": True, "no_log": True} for name in ("old", "new")}
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
            "flavor": {"type": "str", "required": True, "choices": ["mysql", "mariadb"]},
            "stage": {"type": "str", "required": True, "choices": ["add", "change", "discard", "prove"]},
            "accounts": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {"name": {"type": "str", "required": True}, **secret},
            },
            "root": {"type": "dict", "options": secret},
            "tls": flowlite_tls.ARGUMENT,
        },
        supports_check_mode=True,
    )
    if not HAS_PYMYSQL:
        module.fail_json(msg="PyMySQL is missing for the Python that runs modules on this host: run playbooks/site.yml")
    rotation = Rotation(module.params, module.check_mode)
    try:
        rotation.run()
    except Failed as failure:
        module.fail_json(msg=str(failure), changed=rotation.changed)
    except err.MySQLError as error:
        where = f"{module.params['host']}:{module.params['port']}"
        module.fail_json(
            msg=f"MySQL at {where}: {error.args[-1]}: repeat playbooks/rotate_secrets.yml when it answers",
            changed=rotation.changed,
        )
    module.exit_json(changed=rotation.changed, second=rotation.second)


if __name__ == "__main__":
    main()
