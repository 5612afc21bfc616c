"""Filter that names the queues of RabbitMQ whose messages cannot be taken over into another server."""

from __future__ import annotations

from typing import Any


def unmovable(queues: list[dict[str, Any]]) -> list[str]:
    """Return each queue that has messages which no drain takes over or no restart keeps, as a person reads it.

    ``queues`` are rows of ``rabbitmqctl list_queues`` with the queue's ``vhost`` added. Only classic queues tell what
    is persistent; quorum queues keep everything, and streams cannot be drained.
    """
    return [
        f"{queue['name']} on {queue['vhost']} ({queue['messages']})"
        for queue in queues
        if queue["messages"] > kept(queue)
    ]


def kept(queue: dict[str, Any]) -> int:
    """Return how many messages of a queue can be moved."""
    if "stream" in queue["type"] or not queue["durable"]:
        return 0
    return int(queue["messages"] if "quorum" in queue["type"] else queue["messages_persistent"])


class FilterModule:
    """Register the filter with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"flowlite_unmovable": unmovable}
