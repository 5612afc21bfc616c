"""Try each operation as each service's account, on each virtual host, and compare with what it may.

Reads ``{"port", "vhosts", "accounts": [{"name", "password"}]}`` on standard input. Fails with a line for each operation
that is allowed or refused (403) against the table below.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pika
from pika.exceptions import ChannelClosedByBroker

QUEUE = "batch_processed"
DEAD = "batch_processed.dead"
ACCESS_REFUSED = 403
# What is done, and who may.
OPERATIONS: dict[str, tuple[Callable[[Any], Any], set[str]]] = {
    "declare the queue": (lambda channel: channel.queue_declare(QUEUE, durable=True), {"upload", "insight"}),
    "publish into it": (lambda channel: channel.basic_publish("", QUEUE, b"x", mandatory=True), {"upload"}),
    "read it": (lambda channel: channel.basic_get(QUEUE), {"insight"}),
    "empty it": (lambda channel: channel.queue_purge(QUEUE), {"insight"}),
    "declare another queue": (lambda channel: channel.queue_declare("other", durable=True), set()),
    "read the dead letters": (lambda channel: channel.basic_get(DEAD), set()),
    "empty the dead letters": (lambda channel: channel.queue_purge(DEAD), set()),
    "delete the dead letters": (lambda channel: channel.queue_delete(DEAD), set()),
    "publish through another exchange": (lambda channel: channel.basic_publish("amq.topic", QUEUE, b"x"), set()),
    "declare an exchange": (lambda channel: channel.exchange_declare("other"), set()),
    "bind the queue": (lambda channel: channel.queue_bind(QUEUE, "amq.direct", "x"), set()),
}


def refused(connection: pika.BlockingConnection, operation: Callable[[Any], Any]) -> bool:
    """Try it on a channel of its own, which the server closes when it refuses."""
    channel = connection.channel()
    channel.confirm_delivery()
    try:
        operation(channel)
    except ChannelClosedByBroker as error:
        if error.reply_code != ACCESS_REFUSED:
            raise
        return True
    channel.close()
    return False


def main() -> int:
    """Try everything; return the exit code."""
    given = json.load(sys.stdin)
    assert {account["name"] for account in given["accounts"]} == {"upload", "insight"}
    count = 0
    problems: list[str] = []
    for account in given["accounts"]:
        credentials = pika.PlainCredentials(account["name"], account["password"])
        for vhost in given["vhosts"]:
            parameters = pika.ConnectionParameters("127.0.0.1", given["port"], vhost, credentials)
            connection = pika.BlockingConnection(parameters)
            for what, (operation, allowed) in OPERATIONS.items():
                count += 1
                may = account["name"] in allowed
                if refused(connection, operation) == may:
                    problems.append(f"{account['name']} on {vhost}: {what} is {'refused' if may else 'allowed'}")
            connection.close()
    print("\n".join([*problems, f"{count} tried, {len(problems)} wrong"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
