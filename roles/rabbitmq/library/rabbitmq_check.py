#!/usr/bin/python
"""Module: compare a RabbitMQ server with what was declared, by real logins. Changes nothing."""

from __future__ import annotations

import contextlib
import time
import uuid
from typing import Any

from ansible.module_utils import flowlite_tls, rabbitmq_accounts
from ansible.module_utils import rabbitmq_probes as probes
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.rabbitmq_undeclared import undeclared

DOCUMENTATION = """
module: rabbitmq_check
short_description: Look whether a RabbitMQ server is as declared
description:
  - Logs in to the HTTP API and over AMQP, and returns each difference with its remedy.
  - C(undeclared) is what nobody declared; a run of the role leaves it.
  - C(differs) names what is to be provisioned by its place in O(vhosts), O(queues) and O(policies) and not by its
    name, because a name that contains the password would be masked.
options:
  host: {description: Address of the server for AMQP., type: str, required: true}
  port: {description: Its port., type: int, required: true}
  management_host: {description: Address of the HTTP API., type: str, required: true}
  management_port: {description: Its port., type: int, required: true}
  user: {description: The administrator., type: str, required: true}
  password: {description: Its password., type: str, required: true}
  accounts:
    description: Users that must exist, with C(name), C(password) and their rights C(configure), C(write) and C(read) on
      every virtual host; they have no tags.
    type: list
    elements: dict
    default: []
  unwanted_users: {description: Users that must not exist., type: list, elements: str, default: []}
  memory_limit: {description: Bytes above which publishers must be made to wait., type: int, required: true}
  disk_free_limit: {description: Free disk space below which they must., type: str, required: true}
  limits_were_set: {description: Whether to wait until the server tells changed limits., type: bool, default: false}
  vhosts: {description: Virtual hosts that must exist., type: list, elements: str, required: true}
  queues: {description: Queues that must exist on each; the first one has the delivery limit., type: list,
           elements: str, required: true}
  policies:
    description: Policies that must exist on each, one for each queue, with C(name), C(pattern), C(priority) and
      C(definition).
    type: list
    elements: dict
    required: true
  accept_no_delivery_limit: {description: Whether a missing limit is a caution only., type: bool, default: false}
  tls: {description: PEM texts C(ca) and C(certificate) where the server speaks TLS., type: dict}
  wait: {description: Seconds to wait for an answer., type: int, default: 0}
author: Flowlite
"""

SITE = "run playbooks/site.yml"
MOVE = f"take its messages out and delete it (rabbitmqctl delete_queue), then {SITE}"
LOG = "see the server's log (make logs SERVICE=rabbitmq; of a package, journalctl --unit rabbitmq-server)"
MISSING = "pika and requests are wanted by the Python that runs modules on this host"
QUEUE_TYPE = "quorum"
# Until 3.10 a server takes a default queue type and ignores it.
FIRST_WITH_DEFAULT_TYPE = (3, 11)
# From 4.3 on only a rejected message counts, and a consumer's crash; a nack does not.
FIRST_NOT_COUNTING_NACK = (4, 3)


class Look:
    """One look at a server: collects problems and cautions as ``{what, remedy}``."""

    def __init__(self, params: dict[str, Any]) -> None:
        """Take the module's parameters."""
        self.params = params
        self.problems: list[dict[str, Any]] = []
        self.cautions: list[dict[str, str]] = []
        kinds = ("vhosts", "permissions", "policies", "queues", "users", "account_permissions")
        self.differs: dict[str, list[Any]] = {kind: [] for kind in kinds}
        self.facts: dict[str, Any] = {
            "reachable": False,
            "admin": False,
            "default_type": True,
            "certificate_differs": False,
            "users_to_remove": [],
            "limits_differ": False,
            "queues": [],
            "undeclared": [],
        }
        self.series: tuple[int, ...] = ()
        self.alarms: list[str] = []
        self.vhosts: dict[str, Any] = {}
        self.permissions: dict[str, Any] = {}
        self.deadline = time.monotonic() + params["wait"]
        self.api = probes.Management(
            params["management_host"], params["management_port"], params["user"], params["password"], params["tls"]
        )
        self.client = probes.Client(params["host"], params["port"], params["tls"])

    def problem(self, what: str, remedy: str = SITE) -> None:
        """Note a difference and what mends it."""
        self.problems.append({"what": what, "remedy": remedy})

    def broken(self, what: str, remedy: str) -> None:
        """Note that the server does not do its work."""
        self.problems.append({"what": what, "remedy": remedy, "broken": True})

    def no_limit(self, what: str, remedy: str) -> None:
        """Note that a message may be delivered for ever: a problem unless that is accepted."""
        accepted = self.params["accept_no_delivery_limit"]
        remedy += "" if accepted else ", or accept it with rabbitmq_accept_no_delivery_limit: true"
        (self.cautions if accepted else self.problems).append({"what": what, "remedy": remedy})

    def ask(self, *path: str, **query: str) -> Any:
        """Ask the HTTP API, which may be starting still."""
        return probes.patiently(lambda: self.api.get(*path, **query), self.deadline)

    def look(self) -> None:
        """Wait for the server, then compare all."""
        where = f"RabbitMQ's management at {self.params['management_host']}:{self.params['management_port']}"
        try:
            self.facts["admin"] = "administrator" in self.ask("whoami")["tags"]
        except probes.Refused:
            self.facts["admin"] = False
        except probes.NotYet as error:
            self.problem(f"{where} does not answer: {error}", f"{LOG}; {SITE}")
            return
        self.facts["reachable"] = True
        self.certificates()
        if not self.facts["admin"]:
            self.problem(
                f"{where} refuses user {self.params['user']} with the declared password, or as an administrator",
                "playbooks/site.yml sets password and tag anew, by rabbitmqctl",
            )
            return
        try:
            self.server()
            for place, vhost in enumerate(self.params["vhosts"]):
                self.vhost(place, vhost)
            self.accounts()
            self.limits()
            self.facts["undeclared"] = undeclared(self.ask, self.params)
        except probes.NotYet as error:
            self.facts["reachable"] = False
            self.problem(f"{where} has stopped answering: {error}", f"{LOG}; {SITE}")
            return
        self.unwelcome()

    def certificates(self) -> None:
        """Compare the certificates that both ports present with the declared one."""
        params = self.params
        ports = {params["port"]: params["host"], params["management_port"]: params["management_host"]}
        for port, host in ports.items() if params["tls"] else ():
            with contextlib.suppress(ConnectionError):  # named with the login
                if not flowlite_tls.is_declared(params["tls"], flowlite_tls.presented(host, port, params["tls"])):
                    self.facts["certificate_differs"] = True
                    self.problems.append(flowlite_tls.differs("RabbitMQ", f"{host}:{port}"))

    def server(self) -> None:
        """Compare what the server has once: version, alarms, users."""
        overview = self.ask("overview")
        self.facts["version"] = overview["rabbitmq_version"]
        self.facts["connections"] = overview.get("object_totals", {}).get("connections", 0)
        self.series = tuple(int(part) for part in self.facts["version"].split(".")[:2])
        self.facts["default_type"] = self.series >= FIRST_WITH_DEFAULT_TYPE
        if not self.facts["default_type"]:
            self.no_limit(
                f"RabbitMQ {self.facts['version']} makes classic queues of all that the services declare, and these "
                "have no delivery limit: a message that no consumer can handle is delivered for ever",
                "run a newer series (flowlite_release: current; of packages, rabbitmq_apt_repository)",
            )
        elif self.series >= FIRST_NOT_COUNTING_NACK:
            self.no_limit(
                f"RabbitMQ {self.facts['version']} counts a message that is rejected, but not one that is handed back "
                "by nack: that one is delivered for ever",
                "run the series of flowlite_release: current (of packages, rabbitmq_apt_repository) on new data",
            )
        self.alarms = sorted({alarm["resource"] for alarm in self.ask("health", "checks", "alarms").get("alarms", [])})
        if self.alarms:
            self.broken(
                f"RabbitMQ makes all publishers wait, for want of {' and '.join(self.alarms)}",
                f"disk: free some; memory: take messages out, or raise rabbitmq_memory; {LOG}",
            )
        for name in self.params["unwanted_users"]:
            if self.ask("users", name) is not None:
                self.problem(f"RabbitMQ has the user {name}, who must not be there", "playbooks/site.yml removes it")
                self.facts["users_to_remove"].append(name)
        self.vhosts = {vhost["name"]: vhost for vhost in self.ask("vhosts")}
        self.permissions = {entry["vhost"]: entry for entry in self.ask("users", self.params["user"], "permissions")}

    def accounts(self) -> None:
        """Compare the services' accounts, and log in as each."""
        accounts = rabbitmq_accounts.Accounts(self.ask, self.problem, self.params["vhosts"])
        queue = self.params["queues"][0]
        declared = {entry["vhost"] for entry in self.facts["queues"] if entry["name"] == queue}
        for place, account in enumerate(self.params["accounts"]):
            if accounts.compare(place, account) and declared == set(self.params["vhosts"]):
                accounts.login(self.client, place, account, queue)
        self.facts["users_to_remove"] += accounts.to_remove
        self.differs |= {"users": accounts.users, "account_permissions": accounts.permissions}

    def limits(self) -> None:
        """Compare the limits in force, which rabbitmqctl changes past the configuration file."""
        wanted = {
            "mem_limit": self.params["memory_limit"],
            "disk_free_limit": probes.size(self.params["disk_free_limit"]),
        }

        def differing() -> list[tuple[str, int]]:
            (node,) = self.ask("nodes", columns=",".join(wanted))
            # A server that has just been started does not tell yet: it answers with an empty list.
            told = node or {}
            return [(name, told[name]) for name in wanted if told.get(name, wanted[name]) != wanted[name]]

        found = probes.until_empty(differing) if self.params["limits_were_set"] else differing()
        for name, value in found:
            words = {"mem_limit": "memory", "disk_free_limit": "free disk space"}[name]
            self.problem(
                f"RabbitMQ makes publishers wait at {value} bytes of {words}, declared is {wanted[name]}",
                "playbooks/site.yml sets it",
            )
        self.facts["limits_differ"] = bool(found)

    def vhost(self, place: int, name: str) -> None:
        """Compare one virtual host and all that is in it."""
        listed = self.ask("queues", name, columns="name,type,durable,exclusive") or []
        queues = {queue["name"]: queue for queue in listed}
        limited = self.default_type(place, name, queues)
        granted = self.permissions.get(name, {})
        permitted = all(granted.get(right) == ".*" for right in ("configure", "write", "read"))
        if not permitted:
            self.differs["permissions"].append(place)
            if name in self.vhosts:
                self.problem(f"user {self.params['user']} does not have all rights on vhost {name}")
        self.policies(place, name)
        for number, queue in enumerate(self.params["queues"]):
            if queue in queues:
                if number == 0:
                    self.queue_type(name, queues[queue])
                continue
            # Declared as a classic queue it could not become another: where that is refused, rather none.
            if limited or self.params["accept_no_delivery_limit"]:
                self.problem(f"queue {queue} does not exist on vhost {name}")
                self.differs["queues"].append({"vhost": place, "queue": number})
        if name in self.vhosts and permitted:
            self.messages(name, {queue: queues[queue]["type"] for queue in self.params["queues"] if queue in queues})

    def default_type(self, place: int, name: str, queues: dict[str, Any]) -> bool:
        """Compare the type that a plain declare gives a queue; return whether that has a limit, or can have."""
        if name not in self.vhosts:
            self.problem(f"vhost {name} does not exist")
            self.differs["vhosts"].append(place)
            return bool(self.series >= FIRST_WITH_DEFAULT_TYPE)
        if self.series < FIRST_WITH_DEFAULT_TYPE:
            return False
        found = self.vhosts[name].get("default_queue_type")
        if found == QUEUE_TYPE:
            return True
        # Set under existing queues, the type would have the server refuse (406) every client that declares them. Where
        # our queue is of this type already, it is the services that are refused until the type is set.
        classic = sorted(
            queue["name"]
            for queue in queues.values()
            if queue["type"] == "classic" and queue["durable"] and not queue["exclusive"]
        )
        if not classic or queues.get(self.params["queues"][0], {}).get("type") == QUEUE_TYPE:
            self.problem(f"vhost {name} makes {found or 'classic'} queues by default, not {QUEUE_TYPE} queues")
            self.differs["vhosts"].append(place)
            return True
        self.no_limit(
            f"vhost {name} makes classic queues, which have no delivery limit, and has some: {', '.join(classic)}",
            f"take their messages out and delete them (rabbitmqctl delete_queue), then {SITE}",
        )
        return False

    def policies(self, place: int, vhost: str) -> None:
        """Compare the policies, which give the queues their limit and their dead-letter queue."""
        found = {policy["name"]: policy for policy in self.ask("policies", vhost) or []}
        for number, (queue, policy) in enumerate(zip(self.params["queues"], self.params["policies"], strict=True)):
            current = found.pop(policy["name"], {})
            wanted = {"apply-to": "queues", **policy}
            if {key: current.get(key) for key in wanted} != wanted:
                verb = "differs" if current else "does not exist"
                self.problem(f"policy {policy['name']} {verb} on vhost {vhost}")
                self.differs["policies"].append({"vhost": place, "policy": number})
            # What a queue says about its policy is some seconds old.
            for rival in found.values():
                if rival["priority"] >= policy["priority"] and probes.applies(rival, queue):
                    self.problem(
                        f"policy {rival['name']} on vhost {vhost} takes queue {queue}, which can have one policy only",
                        f"give it a priority below {policy['priority']}, or another pattern",
                    )

    def queue_type(self, vhost: str, queue: dict[str, Any]) -> None:
        """Look at the real type of the queue that must have a delivery limit."""
        if self.series >= FIRST_WITH_DEFAULT_TYPE and queue["type"] != QUEUE_TYPE:
            self.no_limit(
                f"queue {queue['name']} on vhost {vhost} is a {queue['type']} queue and has no delivery limit: it was "
                f"declared before the vhost made {QUEUE_TYPE} queues, and a queue keeps its type",
                MOVE,
            )

    def messages(self, vhost: str, queues: dict[str, str]) -> None:
        """Log in over AMQP, declare the queues as the services do, and send a message through a queue of our own."""
        user = self.params["user"]
        try:
            connection = probes.patiently(
                lambda: self.client.login(user, self.params["password"], vhost), self.deadline
            )
        except probes.Refused as error:
            self.problem(f"AMQP refuses user {user} on vhost {vhost}: {error}")
            return
        except probes.NotYet as error:
            self.broken(
                f"RabbitMQ does not answer AMQP at {self.params['host']}:{self.params['port']}: {error}",
                f"{LOG}; {SITE}",
            )
            return
        with connection:
            for queue, kind in queues.items():
                try:
                    messages, consumers = probes.plain_declare(connection, queue)
                except probes.FAILURES as error:
                    self.problem(
                        f"the services cannot declare queue {queue} on vhost {vhost}: {probes.reason(error)}",
                        f"it was declared otherwise, and a queue keeps that; {MOVE}",
                    )
                    continue
                self.facts["queues"].append(
                    {"vhost": vhost, "name": queue, "type": kind, "messages": messages, "consumers": consumers}
                )
            if self.alarms:
                return
            try:
                probes.round_trip(connection)
            except probes.FAILURES as error:
                self.broken(
                    f"a message does not come through vhost {vhost}: {probes.reason(error)}",
                    LOG,
                )

    def unwelcome(self) -> None:
        """Try the logins that must fail."""
        vhost = self.params["vhosts"][0]
        for user, password in (("guest", "guest"), (self.params["user"], uuid.uuid4().hex)):
            try:
                self.client.login(user, password, vhost).close()
            except (probes.Refused, probes.NotYet):
                continue
            self.problem(f"RabbitMQ lets user {user} in with a password that was not declared")


def main() -> None:
    """Run the module."""
    texts = {name: {"type": "str", "required": True} for name in ("host", "management_host", "user")}
    account = {name: {"type": "str", "required": True} for name in ("name", "configure", "write", "read")}
    account |= {"password": {"type": "str", "required": True, "no_log": True}}
    policy = {
        "name": {"type": "str", "required": True},
        "pattern": {"type": "str", "required": True},
        "priority": {"type": "int", "required": True},
        "definition": {"type": "dict", "required": True},
    }
    numbers = {name: {"type": "int", "required": True} for name in ("port", "management_port")}
    module = AnsibleModule(
        argument_spec={
            **texts,
            **numbers,
            "password": {"type": "str", "required": True, "no_log": True},
            "accounts": {"type": "list", "elements": "dict", "default": [], "options": account},
            "unwanted_users": {"type": "list", "elements": "str", "default": []},
            "memory_limit": {"type": "int", "required": True},
            "disk_free_limit": {"type": "str", "required": True},
            "limits_were_set": {"type": "bool", "default": False},
            "vhosts": {"type": "list", "elements": "str", "required": True},
            "queues": {"type": "list", "elements": "str", "required": True},
            "policies": {"type": "list", "elements": "dict", "required": True, "options": policy},
            "accept_no_delivery_limit": {"type": "bool", "default": False},
            "tls": flowlite_tls.ARGUMENT,
            "wait": {"type": "int", "default": 0},
        },
        supports_check_mode=True,
    )
    if probes.pika is None:
        # A dry run on a host where nothing is installed yet.
        module.exit_json(changed=False, problems=[{"what": MISSING, "remedy": SITE}], cautions=[], reachable=False)
    look = Look(module.params)
    look.look()
    for caution in look.cautions:
        module.warn(f"{caution['what']}; {caution['remedy']}")
    module.exit_json(changed=False, problems=look.problems, cautions=look.cautions, differs=look.differs, **look.facts)


if __name__ == "__main__":
    main()
