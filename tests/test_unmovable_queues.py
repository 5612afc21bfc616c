"""Which messages cannot be taken over, from what rabbitmqctl says of the queues."""

from __future__ import annotations

from typing import Any

import pytest
from plugin import load

unmovable = load("plugins/filter/flowlite_queues.py").unmovable


def queue(kind: str, messages: int, persistent: object, durable: bool = True) -> dict[str, Any]:
    return {
        "name": "q",
        "vhost": "/",
        "type": kind,
        "durable": durable,
        "messages": messages,
        "messages_persistent": persistent,
    }


@pytest.mark.parametrize(
    "movable",
    [
        queue("classic", 2, 2),
        queue("rabbit_classic_queue", 0, 0, durable=False),
        queue("quorum", 2, ""),
        queue("rabbit_stream_queue", 0, ""),
    ],
)
def test_what_the_server_keeps_is_moved(movable: dict[str, Any]) -> None:
    assert unmovable([movable]) == []


@pytest.mark.parametrize(
    "passing", [queue("classic", 2, 1), queue("classic", 2, 2, durable=False), queue("stream", 2, "")]
)
def test_what_would_be_lost_is_named(passing: dict[str, Any]) -> None:
    assert unmovable([queue("classic", 1, 1), passing]) == ["q on / (2)"]
