#!/usr/bin/python
"""Module: compare a MySQL server with what was declared, by real logins. Changes nothing."""

from __future__ import annotations

import re
import time
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.community.mysql.plugins.module_utils.implementations.mysql.hash import (
    # mysql_sha256_password_hash beside it knows 5000 rounds only; MySQL 9 writes 10000.
    _sha256_digest,
)

try:
    import pymysql
    from pymysql import err

    HAS_PYMYSQL = True
except ImportError:
    HAS_PYMYSQL = False

DOCUMENTATION = """
module: mysql_check
short_description: Look whether a MySQL server is as declared
description:
  - Logs in as the administrator and as every declared account, and returns each difference with its remedy.
options:
  host: {description: Address of the server., type: str, required: true}
  port: {description: Port of the server., type: int, required: true}
  admin_user: {description: The administrator's account., type: str, required: true}
  admin_password: {description: Its password., type: str, required: true}
  database: {description: Database that must exist., type: str, required: true}
  collation: {description: Its default collation., type: str, required: true}
  root_password: {description: Password that root@localhost must have., type: str, required: true}
  accounts:
    description: Accounts with C(name), C(host), C(password), C(database) and C(privileges) on that database.
    type: list
    elements: dict
    required: true
  settings: {description: System variables and the values they must have., type: dict, default: {}}
  wait: {description: Seconds to wait for an answer., type: int, default: 0}
author: Flowlite
"""

ACCESS_DENIED = {1044, 1045, 1130, 1698, 3118}
# What an account without global privileges is refused.
FORBIDDEN = "SELECT COUNT(*) FROM mysql.user"


class Look:
    """One look at a server: collects problems as ``{what, remedy}``."""

    def __init__(self, params: dict[str, Any]) -> None:
        """Take the module's parameters."""
        self.params = params
        self.problems: list[dict[str, str]] = []
        self.facts: dict[str, Any] = {
            "reachable": False,
            "admin": False,
            "root": True,
            "unwanted_accounts": [],
            "differing_settings": [],
            "persisted_settings": [],
        }

    def problem(self, what: str, remedy: str) -> None:
        """Note a difference and what mends it."""
        self.problems.append({"what": what, "remedy": remedy})

    def connect(self, user: str, password: str, database: str | None = None) -> Any:
        """Log in over TCP; raises pymysql's errors."""
        return pymysql.connect(
            host=self.params["host"],
            port=self.params["port"],
            user=user,
            password=password,
            database=database,
            connect_timeout=5,
            read_timeout=10,
            autocommit=True,
        )

    def admin(self) -> Any:
        """Wait for the server and log in as its administrator; None when that is impossible."""
        deadline = time.monotonic() + self.params["wait"]
        where = f"MySQL at {self.params['host']}:{self.params['port']}"
        while True:
            try:
                connection = self.connect(self.params["admin_user"], self.params["admin_password"])
            except err.MySQLError as error:
                if error.args[0] in ACCESS_DENIED:
                    self.facts["reachable"] = True
                    self.problem(
                        f"{where} refuses its administrator {self.params['admin_user']}",
                        "playbooks/site.yml creates the account anew, by root's login inside the container",
                    )
                    return None
                if time.monotonic() < deadline:
                    time.sleep(0.2)
                    continue
                self.problem(
                    f"{where} does not answer: {error.args[-1]}",
                    "see its log (make logs SERVICE=mysql); playbooks/site.yml starts it",
                )
                return None
            self.facts |= {"reachable": True, "admin": True}
            return connection

    def server(self, cursor: Any) -> None:
        """Compare settings, the database and the accounts nobody declared."""
        cursor.execute("SELECT VERSION(), (SELECT COUNT(*) FROM information_schema.processlist)")
        self.facts["version"], self.facts["connections"] = cursor.fetchone()
        self.settings(cursor)
        database, collation = self.params["database"], self.params["collation"]
        cursor.execute(
            "SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = %s", [database]
        )
        found = cursor.fetchone()
        if found is None:
            self.problem(f"database {database} does not exist", "run playbooks/site.yml")
        elif found[0] != collation:
            self.problem(f"database {database} has collation {found[0]}, not {collation}", "run playbooks/site.yml")
        cursor.execute("SELECT authentication_string FROM mysql.user WHERE user = 'root' AND host = 'localhost'")
        root = cursor.fetchone()
        if root is None or not hash_of(self.params["root_password"], root[0]):
            self.problem("root@localhost has another password than declared", "playbooks/site.yml sets it")
            self.facts["root"] = False
        cursor.execute(
            "SELECT user, host FROM mysql.user WHERE user = '' OR (user = 'root' AND host <> 'localhost') ORDER BY 1, 2"
        )
        for user, host in cursor.fetchall():
            kind = "an anonymous account" if user == "" else "a root account for remote hosts"
            self.problem(f"MySQL has {kind}: '{user}'@'{host}'", "playbooks/site.yml drops it")
            self.facts["unwanted_accounts"].append({"name": user, "host": host})

    def settings(self, cursor: Any) -> None:
        """Compare the settings in force, and find those that were persisted past the configuration file."""
        for name, wanted in self.params["settings"].items():
            cursor.execute(f"SELECT @@GLOBAL.`{name}`")
            (value,) = cursor.fetchone()
            if not same(value, wanted):
                self.problem(f"MySQL runs with {name} = {value}, declared is {wanted}", "playbooks/site.yml sets it")
                self.facts["differing_settings"].append({"name": name, "value": wanted})
        cursor.execute("SELECT variable_name FROM performance_schema.persisted_variables")
        for (name,) in cursor.fetchall():
            if name in self.params["settings"]:
                self.problem(
                    f"MySQL would start with a persisted {name} instead of the declared one",
                    "playbooks/site.yml takes it back",
                )
                self.facts["persisted_settings"].append(name)

    def account(self, cursor: Any, account: dict[str, Any]) -> None:
        """Compare the account's grants, log in as it, and try what it must be refused."""
        name = f"'{account['name']}'@'{account['host']}'"
        wanted = {
            f"GRANT USAGE ON *.* TO `{account['name']}`@`{account['host']}`",
            f"GRANT {granted(account['privileges'])} ON {grant_target(account['database'])} "
            f"TO `{account['name']}`@`{account['host']}`",
        }
        try:
            cursor.execute("SHOW GRANTS FOR %s@%s", [account["name"], account["host"]])
        except err.MySQLError:
            self.problem(f"MySQL has no account {name}", "playbooks/site.yml creates it")
            return
        grants = {row[0] for row in cursor.fetchall()}
        if grants != wanted:
            differing = "; ".join(sorted(grants ^ wanted))
            self.problem(f"the rights of {name} are not as declared: {differing}", "playbooks/site.yml mends them")
        try:
            with self.connect(account["name"], account["password"]) as connection, connection.cursor() as own:
                try:
                    own.execute(FORBIDDEN)
                except err.MySQLError:
                    return
                self.problem(f"{name} may read the server's accounts", "playbooks/site.yml takes the right away")
        except err.MySQLError as error:
            self.problem(
                f"{name} cannot log in with the declared password: {error.args[-1]}", "playbooks/site.yml sets it"
            )


def same(value: Any, wanted: Any) -> bool:
    """Compare a system variable with a declared value; ON, true and 1 are the same, numbers compare as numbers."""
    words = {"ON": "1", "TRUE": "1", "OFF": "0", "FALSE": "0"}
    left, right = (words.get(str(item).upper(), str(item).upper()) for item in (value, wanted))
    try:
        return float(left) == float(right)
    except ValueError:
        return left == right


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


def granted(privileges: list[str]) -> str:
    """Return privileges as SHOW GRANTS prints them."""
    return "ALL PRIVILEGES" if privileges == ["ALL"] else ", ".join(privileges)


def grant_target(database: str) -> str:
    """Return the database as SHOW GRANTS prints it: in a grant _ is a wildcard and must be escaped."""
    return "`" + database.replace("_", r"\_") + "`.*"


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
            "admin_user": {"type": "str", "required": True},
            "admin_password": {"type": "str", "required": True, "no_log": True},
            "root_password": {"type": "str", "required": True, "no_log": True},
            "database": {"type": "str", "required": True},
            "collation": {"type": "str", "required": True},
            "accounts": {
                "type": "list",
                "elements": "dict",
                "required": True,
                # no_log on the whole list would mask every value in it, `%` among them, wherever it is printed.
                "options": {
                    "name": {"type": "str", "required": True},
                    "host": {"type": "str", "required": True},
                    "password": {"type": "str", "required": True, "no_log": True},
                    "database": {"type": "str", "required": True},
                    "privileges": {"type": "list", "elements": "str", "required": True},
                },
            },
            "settings": {"type": "dict", "default": {}},
            "wait": {"type": "int", "default": 0},
        },
        supports_check_mode=True,
    )
    if not HAS_PYMYSQL:
        module.fail_json(
            msg="PyMySQL is missing for the Python that runs modules on this host: install python3-pymysql"
        )
    look = Look(module.params)
    if connection := look.admin():
        with connection, connection.cursor() as cursor:
            look.server(cursor)
            for account in module.params["accounts"]:
                look.account(cursor, account)
    module.exit_json(changed=False, problems=look.problems, **look.facts)


if __name__ == "__main__":
    main()
