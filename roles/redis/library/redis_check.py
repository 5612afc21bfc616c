#!/usr/bin/python
"""Module: compare a Redis server with what was declared, by real logins. Changes nothing."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from ansible.module_utils import flowlite_tls
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.redis_login import MISSING, forbidden, login, redis, refused

DOCUMENTATION = """
module: redis_check
short_description: Look whether a Redis server is as declared
description:
  - Logs in as the administrator and as every declared user, and returns each difference with its remedy. Writes one
    probe key, which it deletes and which expires in any case.
options:
  host: {description: Address of the server., type: str, required: true}
  port: {description: Port of the server., type: int, required: true}
  db: {description: Database of the services., type: int, default: 0}
  admin_user: {description: Which of the users is the administrator., type: str, required: true}
  users:
    description: All users that the server must have. The one named C(default) is whom the services are.
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: User name., type: str, required: true}
      password: {description: Password., type: str, required: true}
      rules: {description: ACL rules., type: list, elements: str, required: true}
  settings: {description: Settings and the values they must have., type: dict, default: {}}
  tls: {description: PEM texts C(ca) and C(certificate) where the server speaks TLS., type: dict}
  wait: {description: Seconds to wait for an answer., type: int, default: 0}
author: Flowlite
"""

SITE = "run playbooks/site.yml"
LOG = "see its log (make logs SERVICE=redis; of a package, journalctl --unit redis-server)"
# Tried for real as `default`: each does no harm where, wrongly, it is allowed. ACL SETUSER is how a user to whom only
# single commands are denied gets all of them back.
TRIED = (
    ("ACL", "SETUSER", "default", "on"),
    ("ACL", "GETUSER", "default"),
    ("CONFIG", "GET", "maxmemory"),
    ("REPLICAOF", "NO", "ONE"),
    ("SHUTDOWN", "ABORT"),
    ("MODULE", "LIST"),
)
# Asked of the server only: allowed by mistake, these would do harm.
ASKED = (
    ("ACL", "LOAD"),
    ("CONFIG", "SET", "maxmemory", "0"),
    ("CONFIG", "REWRITE"),
    ("DEBUG", "SLEEP", "0"),
    ("FLUSHALL",),
    ("MODULE", "LOAD", "x"),
    ("MONITOR",),
    ("SAVE",),
    ("SHUTDOWN",),
    ("SLAVEOF", "NO", "ONE"),
)
MEMORY = {"": 1, "b": 1, "k": 10**3, "kb": 2**10, "m": 10**6, "mb": 2**20, "g": 10**9, "gb": 2**30}
RULES = {"allcommands": "+@all", "nocommands": "-@all", "allkeys": "~*", "allchannels": "&*"}


class Look:
    """One look at a server: collects problems as ``{what, remedy}``."""

    def __init__(self, params: dict[str, Any]) -> None:
        """Keep the module's parameters."""
        self.params = params
        self.users = {user["name"]: user for user in params["users"]}
        self.problems: list[dict[str, Any]] = []
        self.facts: dict[str, Any] = {
            "reachable": False,
            "admin": False,
            "users_differ": False,
            "certificate_differs": False,
            "settings_differ": [],
        }

    def problem(self, what: str, remedy: str) -> None:
        """Note a difference and what mends it."""
        self.problems.append({"what": what, "remedy": remedy})

    def broken(self, what: str, remedy: str) -> None:
        """Note that the server does not do its work."""
        self.problems.append({"what": what, "remedy": remedy, "broken": True})

    def connect(self, user: str | None, password: str | None) -> Any:
        """Return a client that logs in with its first command."""
        params = self.params
        return login(params["host"], params["port"], user, password, params["db"], params["tls"])

    def admin(self) -> Any:
        """Wait for the server and log in as its administrator; None when that is impossible."""
        deadline = time.monotonic() + self.params["wait"]
        where = f"Redis at {self.params['host']}:{self.params['port']}"
        name = self.params["admin_user"]
        while True:
            client = self.connect(name, self.users[name]["password"])
            try:
                client.ping()
            except redis.RedisError as error:
                if refused(error) or forbidden(error):
                    self.facts["reachable"] = True
                    self.no_admin(error)
                    return None
                if time.monotonic() < deadline:
                    time.sleep(0.1)
                    continue
                self.problem(
                    f"{where} does not answer: {error}",
                    f"{LOG}; playbooks/site.yml starts it",
                )
                return None
            self.facts |= {"reachable": True, "admin": True}
            return client

    def certificate(self) -> None:
        """Compare the certificate that the server presents with the declared one."""
        host, port, tls = self.params["host"], self.params["port"], self.params["tls"]
        if not flowlite_tls.is_declared(tls, flowlite_tls.presented(host, port, tls)):
            self.facts["certificate_differs"] = True
            self.problems.append(flowlite_tls.differs("Redis", f"{host}:{port}"))

    def no_admin(self, error: Exception) -> None:
        """Note that the administrator cannot do its work."""
        self.facts["admin"] = False
        self.problem(
            f"Redis refuses its administrator {self.params['admin_user']}: {error}",
            "playbooks/site.yml writes the file of users and restarts the server, which keeps its data",
        )

    def server(self, admin: Any) -> None:
        """Compare settings, users and persistence, as the administrator."""
        info = admin.info("all")
        self.facts["version"] = info["redis_version"]
        self.facts["connections"] = info["connected_clients"]
        self.facts["memory_used"] = info["used_memory"]
        if info["aof_enabled"] and info["aof_last_write_status"] != "ok":
            self.broken(
                f"Redis cannot write its append-only file (last write: {info['aof_last_write_status']})",
                "make room on the disk that holds the data volume; writes are refused until then",
            )
        for name, wanted in self.params["settings"].items():
            found = admin.config_get(name)
            value = found.get(name)
            if value is None:
                self.problem(f"Redis {self.facts['version']} has no setting {name}", "take it out of redis_settings")
            elif not same(name, value, wanted):
                self.facts["settings_differ"].append(name)
                self.problem(f"Redis runs with {name} = {value!r}, declared is {shown(wanted)!r}", SITE)
        self.access(admin)
        self.rights(admin)

    def access(self, admin: Any) -> None:
        """Compare the server's users with the declared ones, by what they may do."""
        found = {words[1]: words for words in map(split_rule, admin.execute_command("ACL LIST"))}
        categories = Categories(admin)
        before = len(self.problems)
        for name in sorted(found.keys() - self.users.keys()):
            self.problem(f"Redis has a user that nobody declared: {name}", "playbooks/site.yml removes it")
        for name, user in self.users.items():
            if name not in found:
                self.problem(f"Redis has no user {name}", "playbooks/site.yml creates it")
                continue
            wanted = access_of(["on", *user["rules"]], categories)
            actual = access_of(found[name][2:], categories)
            actual.pop("passwords")  # tried by a login
            wanted.pop("passwords")
            for kind in wanted:
                if extra := actual[kind] - wanted[kind]:
                    self.problem(f"Redis user {name} has {kind} not declared: {listed(extra)}", SITE)
                if missing := wanted[kind] - actual[kind]:
                    self.problem(f"Redis user {name} lacks {kind}: {listed(missing)}", SITE)
            if len(access_of(found[name][2:], categories)["passwords"]) != 1:
                self.problem(f"Redis user {name} has not exactly one password", SITE)
        self.facts["users_differ"] = len(self.problems) > before
        administrative = access_of(self.users["default"]["rules"], categories)["commands"] & categories["admin"]
        if administrative:
            self.problem(
                f"user default is declared with administrative commands: {listed(administrative)}",
                "take them out of redis_default_user_extra_commands",
            )

    def rights(self, admin: Any) -> None:
        """Ask the server what it would answer `default`."""
        for command in ASKED:
            try:
                allowed = admin.execute_command("ACL", "DRYRUN", "default", *command) in ("OK", b"OK", True)
            except redis.ResponseError:
                continue  # no such user or command: named elsewhere
            if allowed:
                self.problem(f"Redis would let user default run {' '.join(command)}", SITE)

    def services(self) -> None:
        """Log in as the services do: a round trip on a key, and what must be refused."""
        client = self.connect(None, self.users["default"]["password"])
        key, value = f"flowlite:probe:{uuid.uuid4()}", uuid.uuid4().hex
        try:
            client.ping()
            client.set(key, value, ex=10)
            if client.get(key) != value or not client.expire(key, 5) or not 0 < client.ttl(key) <= 5:
                self.broken("Redis does not give back what user default wrote", LOG)
            client.delete(key)
            self.facts["keys"] = client.dbsize()
        except redis.RedisError as error:
            if refused(error):
                self.facts["users_differ"] = True
                self.problem(f"user default cannot log in with redis_password: {error}", "playbooks/site.yml sets it")
                return
            if forbidden(error):
                self.facts["users_differ"] = True
                self.problem(f"user default may not do what the services do: {error}", SITE)
                return
            self.broken(f"SET and GET as user default: {error}", advice(error))
        for command in TRIED:
            try:
                client.execute_command(*command)
            except redis.RedisError as error:
                if forbidden(error):
                    continue
            self.facts["users_differ"] = True
            self.problem(f"Redis lets user default run {' '.join(command)}", "playbooks/site.yml takes the right away")

    def logins(self) -> None:
        """Log in as every further user, with a wrong password, and with none."""
        for name, user in self.users.items():
            if name in ("default", self.params["admin_user"]):
                continue
            error = self.attempt(name, user["password"])
            if error is not None and not forbidden(error):
                self.facts["users_differ"] = True
                self.problem(f"Redis user {name} cannot log in with its declared password", SITE)
        for password, kind in ((None, "without a password"), (uuid.uuid4().hex, "with a wrong password")):
            error = self.attempt(None, password)
            if error is None or not refused(error):
                self.facts["users_differ"] = True
                self.problem(f"Redis lets anybody in {kind}", "playbooks/site.yml closes it")

    def attempt(self, user: str | None, password: str | None) -> Exception | None:
        """Log in and PING; return what came in the way."""
        try:
            self.connect(user, password).ping()
        except redis.RedisError as error:
            failure: Exception = error
            return failure
        return None


class Categories(dict[str, set[str]]):
    """The server's own lists of commands, asked when they are needed."""

    def __init__(self, admin: Any) -> None:
        """Keep the administrator's connection."""
        super().__init__()
        self.ask = admin

    def __missing__(self, name: str) -> set[str]:
        """Ask for a category; ``all`` is what is either slow or fast."""
        if name == "all":
            self[name] = self["slow"] | self["fast"]
        else:
            try:
                self[name] = set(self.ask.execute_command("ACL CAT", name))
            except redis.ResponseError:
                self[name] = {f"@{name}"}  # a category that this version does not know
        return self[name]


def split_rule(line: str) -> list[str]:
    """Split a line of ACL LIST; a selector in parentheses stays in one piece."""
    return re.findall(r"\([^)]*\)|\S+", line)


def access_of(rules: list[str], categories: Categories) -> dict[str, set[str]]:
    """Return what a user with these rules may do. Servers print rules in their own words: 7.0 derives them anew."""
    access: dict[str, set[str]] = {kind: set() for kind in ("commands", "keys", "channels", "flags", "passwords")}
    for original in rules:
        rule = RULES.get(original.lower(), original)
        if rule[0] in "+-":
            name = rule[1:].lower()
            known = categories["all"]
            named = {command for command in known if command == name or command.startswith(f"{name}|")} or {name}
            touched = categories[name[1:]] if name.startswith("@") else named
            access["commands"] = access["commands"] | touched if rule[0] == "+" else access["commands"] - touched
        elif re.match(r"~|%\w+~", rule):
            access["keys"].add(re.sub(r"^%(RW|WR)~", "~", rule))
        elif rule[0] == "&":
            access["channels"].add(rule)
        elif rule[0] == "#":
            access["passwords"].add(rule)
        elif rule not in ("sanitize-payload", "resetchannels"):  # both are what a user begins with
            access["flags"].add(rule)
    return access


def listed(names: set[str]) -> str:
    """Return some of the names for a person."""
    shown_names = sorted(names)
    return ", ".join(shown_names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def shown(value: Any) -> str:
    """Return a declared value as the server writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def amount(word: str) -> str:
    """Return a quantity of memory in bytes, any other word in lower case."""
    number = re.fullmatch(r"(\d+)(b|kb?|mb?|gb?)?", word.lower())
    return str(int(number[1]) * MEMORY[number[2] or ""]) if number else word.lower()


def same(name: str, value: Any, wanted: Any) -> bool:
    """Compare a setting in force with a declared one, whatever the spelling."""
    left, right = ([amount(word) for word in shown(text).split()] for text in (value, wanted))
    if name == "client-output-buffer-limit":
        # The server names all classes of clients, and a replica by its old name.
        right = ["slave" if word == "replica" else word for word in right]
        return " ".join(right) in " ".join(left)
    if name == "notify-keyspace-events":
        return sorted("".join(map(str, value))) == sorted(shown(wanted))
    return left == right


def advice(error: Exception) -> str:
    """Return what mends a failed write."""
    if isinstance(error, redis.exceptions.OutOfMemoryError):
        return "memory is full of keys that never expire: raise redis_settings.maxmemory and redis_memory"
    return LOG


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
            "db": {"type": "int", "default": 0},
            "admin_user": {"type": "str", "required": True},
            "users": {
                "type": "list",
                "elements": "dict",
                "required": True,
                # Not the list as a whole: names would then be blotted out of every message.
                "options": {
                    "name": {"type": "str", "required": True},
                    "password": {"type": "str", "required": True, "no_log": True},
                    "rules": {"type": "list", "elements": "str", "required": True},
                },
            },
            "settings": {"type": "dict", "default": {}},
            "tls": flowlite_tls.ARGUMENT,
            "wait": {"type": "int", "default": 0},
        },
        supports_check_mode=True,
    )
    look = Look(module.params)
    if redis is None:
        look.problem(MISSING, SITE)
    elif (admin := look.admin()) is not None:
        try:
            look.server(admin)
        except redis.RedisError as error:
            look.no_admin(error)
    if look.facts["reachable"]:
        if module.params["tls"]:
            look.certificate()
        look.services()
        look.logins()
    module.exit_json(changed=False, problems=look.problems, **look.facts)


if __name__ == "__main__":
    main()
