"""The services' accounts on a RabbitMQ server against the declared ones: by the HTTP API, then by a login."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils import rabbitmq_probes as probes

RIGHTS = ("configure", "write", "read")
MENDS = "playbooks/site.yml mends it"


class Accounts:
    """What differs in users and their permissions, each by its place in the declared lists."""

    def __init__(self, ask: Callable[..., Any], problem: Callable[..., None], vhosts: list[str]) -> None:
        """Take how to ask the API and how to note a problem."""
        self.ask, self.problem, self.vhosts = ask, problem, vhosts
        self.users: list[int] = []
        self.permissions: list[dict[str, int]] = []
        self.to_remove: list[str] = []

    def compare(self, place: int, account: dict[str, Any]) -> bool:
        """Compare one account; return whether a login can be tried."""
        name = account["name"]
        user = self.ask("users", name)
        found = {entry["vhost"]: entry for entry in self.ask("users", name, "permissions") or []}
        wanted = {right: account[right] for right in RIGHTS}
        strange = sorted(found.keys() - set(self.vhosts))
        for vhost in strange:
            self.problem(f"user {name} has rights on vhost {vhost}, which are not declared", MENDS)
        for number, vhost in enumerate(self.vhosts):
            rights = {right: found.get(vhost, {}).get(right) for right in RIGHTS}
            if rights != wanted and user is not None and not strange:
                differing = ", ".join(right for right in RIGHTS if rights[right] != wanted[right])
                self.problem(f"user {name} has other rights on vhost {vhost} than declared: {differing}", MENDS)
            if rights != wanted or strange:
                self.permissions.append({"account": place, "vhost": number})
        if strange:
            # An import gives rights and takes none: the account is made anew.
            self.to_remove.append(name)
        if user is None:
            self.problem(f"RabbitMQ has no user {name}", "playbooks/site.yml creates it")
        elif user["tags"]:
            self.problem(f"user {name} has the tags {user['tags']}, which are not declared", MENDS)
        if user is None or user["tags"] or strange:
            self.users.append(place)
        return place not in self.users and all(entry["account"] != place for entry in self.permissions)

    def login(self, client: probes.Client, place: int, account: dict[str, Any], queue: str) -> None:
        """Log in on each virtual host and declare the queue, as the service does."""
        for vhost in self.vhosts:
            try:
                with client.login(account["name"], account["password"], vhost) as connection:
                    probes.plain_declare(connection, queue)
            except probes.Refused as error:
                self.problem(f"AMQP refuses user {account['name']} on vhost {vhost}: {error}", MENDS)
                self.users.append(place)
                return
            except (probes.NotYet, *probes.FAILURES) as error:
                self.problem(f"user {account['name']} cannot declare {queue} on vhost {vhost}: {probes.reason(error)}")
