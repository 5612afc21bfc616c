"""What a RabbitMQ server has that nobody declared; site.yml leaves it, playbooks/verify.yml names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

# The server's own, and those that go by themselves.
OWN = ("amq.", "flowlite.probe.")


def undeclared(ask: Callable[..., Any], params: dict[str, Any]) -> list[dict[str, str]]:
    """Return users, virtual hosts, policies and lasting queues that are not in the module's parameters."""
    return [{"what": what, "remedy": f"{remedy}, if nobody needs it"} for what, remedy in _found(ask, params)]


def _found(ask: Callable[..., Any], params: dict[str, Any]) -> Iterator[tuple[str, str]]:
    # The unwanted ones are problems by themselves.
    users = {params["user"], *params["unwanted_users"], *(account["name"] for account in params["accounts"])}
    for user in ask("users"):
        if user["name"] not in users:
            yield f"RabbitMQ has user {user['name']}, whom nobody declared", f"rabbitmqctl delete_user {user['name']}"
    for vhost in ask("vhosts"):
        name = vhost["name"]
        if name not in params["vhosts"]:
            yield f"RabbitMQ has vhost {name}, which nobody declared", f"rabbitmqctl delete_vhost {name}"
            continue
        policies = {policy["name"] for policy in params["policies"]}
        for policy in ask("policies", name) or []:
            if policy["name"] not in policies:
                yield (
                    f"policy {policy['name']} on vhost {name} is not declared",
                    f"rabbitmqctl clear_policy --vhost {name} {policy['name']}",
                )
        for queue in ask("queues", name, columns="name,durable,exclusive,auto_delete") or []:
            passing = not queue["durable"] or queue["exclusive"] or queue["auto_delete"]
            if queue["name"] not in params["queues"] and not passing and not queue["name"].startswith(OWN):
                yield (
                    f"queue {queue['name']} on vhost {name} is not declared",
                    f"rabbitmqctl delete_queue --vhost {name} {queue['name']}",
                )
