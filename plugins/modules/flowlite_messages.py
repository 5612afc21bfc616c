#!/usr/bin/python
"""Module: copy all messages of a RabbitMQ server into a file, or publish a file and prove that all arrived."""

from __future__ import annotations

import gzip
import json
import time
import uuid
from pathlib import Path
from typing import Any

from ansible.module_utils.backup_pipes import described, private
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.flowlite_ledger import Sums, keep_fractions, line_of, message_of, pika, read

DOCUMENTATION = """
module: flowlite_messages
short_description: Messages into a file, or out of it
description:
  - C(take) reads every message and acknowledges none, so that the server still has them all. C(give) publishes with
    confirms, and mandatory; the server puts a second copy of each into a queue of our own, in one step with the first,
    and that copy is compared with the file. Reading the queue itself would count as a delivery.
options:
  state: {description: What to do., type: str, choices: [take, give], required: true}
  host: {description: Address of the server., type: str, required: true}
  port: {description: Its port., type: int, required: true}
  user: {description: An account with all rights., type: str, required: true}
  password: {description: Its password., type: str, required: true}
  queues: {description: Of C(take) the queues with C(vhost), C(name) and C(messages)., type: list, elements: dict}
  path: {description: The file., type: path, required: true}
author: Flowlite
"""

# So many are published before their copies are read.
BLOCK = 200
SECONDS = 30


class Wrong(Exception):
    """Messages are not where they must be; the text is for a person."""


class Server:
    """Connections to one server, one for each virtual host."""

    def __init__(self, given: dict[str, Any]) -> None:
        """Take the module's parameters."""
        self.given = given
        self.open: dict[str, Any] = {}

    def connection(self, vhost: str) -> Any:
        """Return the connection to a virtual host."""
        if vhost not in self.open:
            login = pika.PlainCredentials(self.given["user"], self.given["password"])
            parameters = pika.ConnectionParameters(
                self.given["host"],
                self.given["port"],
                vhost,
                login,
                socket_timeout=SECONDS,
                stack_timeout=SECONDS,
                blocked_connection_timeout=SECONDS,
            )
            self.open[vhost] = pika.BlockingConnection(parameters)
        return self.open[vhost]

    def close(self) -> None:
        """Close all; what was not acknowledged is in its queue again."""
        for connection in self.open.values():
            connection.close()


def take(server: Server, queues: list[dict[str, Any]], path: Path) -> Sums:
    """Write every message into the file."""
    sums = Sums()
    with private(path) as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
        for queue in queues:
            place = (queue["vhost"], queue["name"])
            channel = server.connection(queue["vhost"]).channel()
            for _ in range(queue["messages"]):
                method, properties, body = channel.basic_get(queue["name"])
                if method is None:
                    raise Wrong(f"queue {place[1]} on {place[0]} has fewer messages than it said: {queue['messages']}")
                line = line_of(properties, body)
                sums.add(place, line)
                file.write(json.dumps(place).encode() + b"\t" + line + b"\n")
            if channel.basic_get(queue["name"])[0] is not None:
                raise Wrong(f"queue {place[1]} on {place[0]} has more messages than it said: {queue['messages']}")
            channel.close()
    return sums


class Giver:
    """Publishes into one virtual host, and reads the copies."""

    def __init__(self, connection: Any) -> None:
        """Make the queue of the copies, which goes with the connection."""
        self.channel = connection.channel()
        self.channel.confirm_delivery()
        self.copies = f"flowlite.probe.moved-{uuid.uuid4().hex}"
        self.channel.queue_declare(self.copies, exclusive=True, arguments={"x-queue-type": "classic"})
        self.waiting: list[tuple[tuple[str, str], bytes]] = []

    def publish(self, place: tuple[str, str], line: bytes) -> None:
        """Publish one message; returns when the server has it."""
        properties, body = message_of(line)
        # The server takes BCC out before anybody sees it.
        properties.headers = {**(properties.headers or {}), "BCC": [self.copies]}
        self.channel.basic_publish("", place[1], body, properties, mandatory=True)
        self.waiting.append((place, line))

    def compare(self, arrived: Sums) -> None:
        """Read the copies of what was published."""
        for place, line in self.waiting:
            method, properties, body = self.channel.basic_get(self.copies, auto_ack=True)
            if method is None or line_of(properties, body) != line:
                raise Wrong(f"a message of queue {place[1]} on {place[0]} arrived otherwise than it was sent")
            arrived.add(place, line_of(properties, body))
        self.waiting.clear()


def give(server: Server, path: Path) -> Sums:
    """Publish every message of the file into its queue."""
    arrived, givers = Sums(), {}
    for place, line in read(path):
        if place[0] not in givers:
            givers[place[0]] = Giver(server.connection(place[0]))
        giver = givers[place[0]]
        giver.publish(place, line)
        if len(giver.waiting) == BLOCK:
            giver.compare(arrived)
    for giver in givers.values():
        giver.compare(arrived)
    for place, count in arrived.counts.items():
        if (there := depth(server, place, count)) != count:
            raise Wrong(f"queue {place[1]} on {place[0]} has {there} messages, and {count} were published")
    return arrived


def depth(server: Server, place: tuple[str, str], wanted: int) -> int:
    """Return how many messages a queue has; what a quorum queue says is some milliseconds old."""
    channel, deadline = server.connection(place[0]).channel(), time.monotonic() + SECONDS
    while True:
        found = int(channel.queue_declare(place[1], passive=True).method.message_count)
        if found == wanted or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def main() -> None:
    """Run the module."""
    text = {"type": "str", "required": True}
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "choices": ["take", "give"], "required": True},
            "host": text,
            "port": {"type": "int", "required": True},
            "user": text,
            "password": {**text, "no_log": True},
            "queues": {"type": "list", "elements": "dict", "default": []},
            "path": {"type": "path", "required": True},
        }
    )
    if pika is None:
        module.fail_json(msg="pika is wanted by the Python that runs modules on this host: run playbooks/site.yml")
    keep_fractions()
    given, path = module.params, Path(module.params["path"])
    server = Server(given)
    try:
        sums = take(server, given["queues"], path) if given["state"] == "take" else give(server, path)
        server.close()
    except (Wrong, OSError, ValueError, pika.exceptions.AMQPError) as error:
        module.fail_json(msg=f"RabbitMQ: {error or type(error).__name__}")
    module.exit_json(changed=True, queues=sums.listed(), file=described(path))


if __name__ == "__main__":
    main()
