#!/usr/bin/python
"""Module: compare a MySQL server with what was declared, by real logins. Changes nothing."""

from __future__ import annotations

import time
import uuid
from typing import Any

from ansible.module_utils import flowlite_tls
from ansible.module_utils import mysql_grants as grants
from ansible.module_utils import mysql_hardening as hardening
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.mysql_values import hash_of, same

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
  - C(undeclared) is what nobody declared and that has no power over the server; a run of the role leaves it.
options:
  host: {description: Address of the server., type: str, required: true}
  port: {description: Port of the server., type: int, required: true}
  admin_user: {description: The administrator's account., type: str, required: true}
  admin_password: {description: Its password., type: str, required: true}
  database: {description: Database that must exist., type: str, required: true}
  collation: {description: Its default collation., type: str, required: true}
  root_password:
    description: Password that root@localhost must have; without one, the system's root logs in on the socket.
    type: str
  accounts:
    description: Accounts with C(name), C(password) and C(privileges), a dictionary of lists by table; C(*) stands for
      every table of the database, C(*.*) for the server. A right on a table that does not exist is not missed.
    type: list
    elements: dict
    required: true
  withdrawn_accounts: {description: Accounts that must not be there., type: list, elements: str, default: []}
  settings: {description: System variables and the values they must have., type: dict, default: {}}
  tls: {description: PEM texts C(ca) and C(certificate) where the server speaks TLS., type: dict}
  tls_required: {description: Whether it must refuse logins without TLS., type: bool, default: false}
  wait: {description: Seconds to wait for an answer., type: int, default: 0}
author: Flowlite
"""

LOG = "see its log (make logs SERVICE=mysql; of a package, journalctl --unit mariadb or mysql)"
ACCESS_DENIED = {1044, 1045, 1130, 1698, 3118}
# What an account without global privileges is refused.
FORBIDDEN = "SELECT COUNT(*) FROM mysql.user"
# The services' addresses are not known: what keeps others out is the address on which the port is published.
HOST = "%"


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
            "certificate_differs": False,
            "unwanted_accounts": [],
            "undeclared": [],
            "differing_accounts": [],
            "granted_roles": [],
            "differing_settings": [],
            "persisted_settings": [],
        }

    def problem(self, what: str, remedy: str) -> None:
        """Note a difference and what mends it."""
        self.problems.append({"what": what, "remedy": remedy})

    def connect(self, user: str, password: str, database: str | None = None, secured: bool = True) -> Any:
        """Log in over TCP; raises pymysql's errors."""
        context = flowlite_tls.context(self.params["tls"]) if secured else None
        return pymysql.connect(
            host=self.params["host"],
            port=self.params["port"],
            user=user,
            password=password,
            database=database,
            connect_timeout=5,
            read_timeout=10,
            autocommit=True,
            # Without a context the client would begin TLS where the server offers it, and verify nothing.
            **({"ssl": context} if context else {"ssl_disabled": True}),
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
                        "playbooks/site.yml creates the account anew, by root's login on the server's socket",
                    )
                    return None
                if time.monotonic() < deadline:
                    time.sleep(0.2)
                    continue
                self.problem(
                    f"{where} does not answer: {error.args[-1]}",
                    f"{LOG}; playbooks/site.yml starts it",
                )
                return None
            self.facts |= {"reachable": True, "admin": True}
            return connection

    def certificate(self, connection: Any) -> None:
        """Compare the certificate that the server presents, and try a login without TLS where that must fail."""
        tls, where = self.params["tls"], f"{self.params['host']}:{self.params['port']}"
        if not flowlite_tls.is_declared(tls, connection._sock.getpeercert(binary_form=True)):
            self.facts["certificate_differs"] = True
            self.problems.append(flowlite_tls.differs("MySQL", where))
        if not self.params["tls_required"]:
            return
        try:
            self.connect(self.params["admin_user"], self.params["admin_password"], secured=False).close()
        except err.MySQLError:
            return
        self.problem(f"MySQL at {where} accepts logins without TLS", "run playbooks/site.yml")

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
            self.facts["other_collation"] = found[0]
            self.problem(f"database {database} has collation {found[0]}, not {collation}", "run playbooks/site.yml")
        self.root(cursor)
        cursor.execute(
            "SELECT user, host FROM mysql.user WHERE user = '' OR (user = 'root' AND host <> 'localhost') "
            "OR (user = %s AND CONCAT(user, '@', host) <> CURRENT_USER()) OR FIND_IN_SET(user, %s) ORDER BY 1, 2",
            [self.params["admin_user"], ",".join(self.params["withdrawn_accounts"])],
        )
        for user, host in cursor.fetchall():
            kinds = {"": "an anonymous account", "root": "a root account for remote hosts"}
            kinds[self.params["admin_user"]] = "an administrator's account for another address"
            kind = kinds.get(user, "a service's account that is not declared")
            self.problem(f"MySQL has {kind}: '{user}'@'{host}'", "playbooks/site.yml drops it")
            self.facts["unwanted_accounts"].append({"name": user, "host": host})
        known = [account["name"] for account in self.params["accounts"]] + self.params["withdrawn_accounts"]
        for what, remedy in hardening.weaknesses(cursor, [*known, self.params["admin_user"]]):
            self.problem(what, remedy)
        self.facts["undeclared"] = hardening.undeclared(cursor, [*known, self.params["admin_user"]])
        self.unwelcome()

    def root(self, cursor: Any) -> None:
        """Compare how root logs in."""
        cursor.execute(
            "SELECT authentication_string, plugin FROM mysql.user WHERE user = 'root' AND host = 'localhost'"
        )
        stored, plugin = cursor.fetchone() or ("", "")
        password = self.params["root_password"]
        if not (hash_of(password, stored) if password is not None else plugin in hardening.SOCKET_LOGINS):
            what = "has another password than declared" if password is not None else "can log in by a password"
            self.problem(f"root@localhost {what}", "playbooks/site.yml mends it")
            self.facts["root"] = False

    def unwelcome(self) -> None:
        """Try a login that must fail."""
        name = self.params["accounts"][0]["name"]
        try:
            self.connect(name, uuid.uuid4().hex).close()
        except err.MySQLError:
            return
        self.problem(
            f"MySQL lets '{name}' in with any password", "take skip-grant-tables out of its settings and restart it"
        )

    def tables(self, cursor: Any) -> set[str]:
        """Return the tables that rights can be given on."""
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [self.params["database"]]
        )
        return {name for (name,) in cursor.fetchall()}

    def settings(self, cursor: Any) -> None:
        """Compare the settings in force, and find those that were persisted past the configuration file."""
        for name, wanted in self.params["settings"].items():
            cursor.execute(f"SELECT @@GLOBAL.`{name}`")
            (value,) = cursor.fetchone()
            if not same(value, wanted):
                self.problem(f"MySQL runs with {name} = {value}, declared is {wanted}", "playbooks/site.yml sets it")
                self.facts["differing_settings"].append({"name": name, "value": wanted})
        # Which MariaDB has not.
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'performance_schema' AND table_name = 'persisted_variables'"
        )
        if cursor.fetchone():
            cursor.execute("SELECT variable_name FROM performance_schema.persisted_variables")
        for (name,) in cursor.fetchall():
            if name in self.params["settings"]:
                self.problem(
                    f"MySQL would start with a persisted {name} instead of the declared one",
                    "playbooks/site.yml takes it back",
                )
                self.facts["persisted_settings"].append(name)

    def account(self, cursor: Any, place: int, account: dict[str, Any], tables: set[str]) -> None:
        """Compare the account's rights, log in as it, and try what it must be refused."""
        name = f"'{account['name']}'@'{HOST}'"
        before = len(self.problems)
        wanted = grants.declared(account["privileges"], self.params["database"])
        try:
            cursor.execute("SHOW GRANTS FOR %s@%s", [account["name"], HOST])
        except err.MySQLError:
            self.problem(f"MySQL has no account {name}", "playbooks/site.yml creates it")
        else:
            lines = [row[0] for row in cursor.fetchall()]
            found = grants.read(lines)
            self.facts["granted_roles"] += [{"place": place, "roles": each} for each in grants.roles(lines)]
            for words in grants.differences(found, wanted, self.params["database"], tables):
                self.problem(f"{name} {words}", "playbooks/site.yml mends its rights")
            self.login(account, name)
        if len(self.problems) > before:
            can_be_given = grants.on_existing(wanted, self.params["database"], tables)
            entry = {"place": place, "priv": grants.for_module(can_be_given)}
            # To take back a right on a table takes those on its columns too: mysql_user gives them again when it is
            # called again.
            self.facts["differing_accounts"] += [entry] * (2 if grants.by_column(can_be_given) else 1)

    def login(self, account: dict[str, Any], name: str) -> None:
        """Log in with the declared password, and read what must be refused."""
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


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
            "admin_user": {"type": "str", "required": True},
            "admin_password": {"type": "str", "required": True, "no_log": True},
            "root_password": {"type": "str", "no_log": True},
            "database": {"type": "str", "required": True},
            "collation": {"type": "str", "required": True},
            "accounts": {
                "type": "list",
                "elements": "dict",
                "required": True,
                # no_log on the whole list would mask every value in it, `%` among them, wherever it is printed.
                "options": {
                    "name": {"type": "str", "required": True},
                    "password": {"type": "str", "required": True, "no_log": True},
                    "privileges": {"type": "dict", "required": True},
                },
            },
            "withdrawn_accounts": {"type": "list", "elements": "str", "default": []},
            "settings": {"type": "dict", "default": {}},
            "tls": flowlite_tls.ARGUMENT,
            "tls_required": {"type": "bool", "default": False},
            "wait": {"type": "int", "default": 0},
        },
        supports_check_mode=True,
    )
    look = Look(module.params)
    if not HAS_PYMYSQL:
        look.problem(
            "PyMySQL is missing for the Python that runs modules on this host: install python3-pymysql",
            "run playbooks/site.yml",
        )
    elif connection := look.admin():
        with connection, connection.cursor() as cursor:
            if module.params["tls"]:
                look.certificate(connection)
            look.server(cursor)
            tables = look.tables(cursor)
            for place, account in enumerate(module.params["accounts"]):
                look.account(cursor, place, account, tables)
    module.exit_json(changed=False, problems=look.problems, **look.facts)


if __name__ == "__main__":
    main()
