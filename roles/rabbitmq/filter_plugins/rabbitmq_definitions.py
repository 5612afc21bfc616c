"""Filter that writes down, as definitions to import, what a look at RabbitMQ found to differ."""

from __future__ import annotations

from typing import Any

QUORUM = {"default_queue_type": "quorum"}


def definitions(
    differs: dict[str, list[Any]],
    vhosts: list[str],
    queues: list[str],
    policies: list[dict[str, Any]],
    user: str,
    accounts: list[dict[str, Any]],
    default_type: bool,
) -> dict[str, list[dict[str, Any]]]:
    """Return the document for ``POST /api/definitions``; an empty one when nothing differs.

    ``differs`` names vhosts, queues and policies by their place in the lists, as rabbitmq_check does. The server
    imports vhosts, permissions, policies and queues in this order: no queue is declared before its vhost knows its
    default type. Series 3.10 has none (``default_type``): it takes one from an import for new vhosts only, and then
    imports their queues without it, which the services could not declare any more.
    """
    document = {
        "vhosts": [
            {"name": vhosts[place]} | ({"default_queue_type": "quorum", "metadata": QUORUM} if default_type else {})
            for place in differs["vhosts"]
        ],
        "permissions": [
            {"user": user, "vhost": vhosts[place], "configure": ".*", "write": ".*", "read": ".*"}
            for place in differs["permissions"]
        ]
        + [
            {
                "user": accounts[item["account"]]["name"],
                "vhost": vhosts[item["vhost"]],
                **{right: accounts[item["account"]][right] for right in ("configure", "write", "read")},
            }
            for item in differs["account_permissions"]
        ],
        "policies": [
            {"vhost": vhosts[item["vhost"]], "apply-to": "queues", **policies[item["policy"]]}
            for item in differs["policies"]
        ],
        # Durable and without arguments, as the services declare them.
        "queues": [
            {
                "name": queues[item["queue"]],
                "vhost": vhosts[item["vhost"]],
                "durable": True,
                "auto_delete": False,
                "arguments": {},
            }
            for item in differs["queues"]
        ],
    }
    return {kind: entries for kind, entries in document.items() if entries}


class FilterModule:
    """Register the filter with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"flowlite_rabbitmq_definitions": definitions}
