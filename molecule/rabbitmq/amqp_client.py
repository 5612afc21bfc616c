"""What a Flowlite service does over AMQP: amqp_client.py PORT declare|publish|count|poison VHOST [reject|nack].

User and password come from RABBITMQ_USER and RABBITMQ_PASSWORD. Fails, with the server's words, when it is refused.
"""

from __future__ import annotations

import os
import sys
import time

import pika
from pika.adapters.blocking_connection import BlockingChannel

QUEUE = "batch_processed"
DEAD = "batch_processed.dead"
BODY = b"a batch"
# More than the limit of 5, so that a loop without end is seen as one.
TRIES = 20


def connect(port: int, vhost: str) -> BlockingChannel:
    """Log in as the services do and return a channel with publisher confirms."""
    credentials = pika.PlainCredentials(os.environ["RABBITMQ_USER"], os.environ["RABBITMQ_PASSWORD"])
    parameters = pika.ConnectionParameters("127.0.0.1", port, vhost, credentials, heartbeat=600)
    channel = pika.BlockingConnection(parameters).channel()
    channel.confirm_delivery()
    return channel


def publish(channel: BlockingChannel) -> None:
    """Publish a persistent message through the default exchange; returns when the server has confirmed it."""
    persistent = pika.BasicProperties(delivery_mode=2)
    channel.basic_publish("", QUEUE, BODY, persistent, mandatory=True)


def poison(channel: BlockingChannel, how: str) -> None:
    """Return one message over and over, and see it end in the dead-letter queue after the limit of deliveries."""
    channel.queue_purge(DEAD)
    publish(channel)
    try:
        look_for_dead_letter(channel, how)
    finally:
        channel.queue_purge(QUEUE)


def look_for_dead_letter(channel: BlockingChannel, how: str) -> None:
    """Return the message until nobody delivers it any more."""
    deliveries = 0
    while deliveries < TRIES:
        method, _, _ = channel.basic_get(QUEUE)
        if method is None:
            break
        deliveries += 1
        give_back = channel.basic_reject if how == "reject" else channel.basic_nack
        give_back(method.delivery_tag, requeue=True)
        time.sleep(0.1)
    for _ in range(50):
        method, _, body = channel.basic_get(DEAD, auto_ack=True)
        if method is not None:
            break
        time.sleep(0.1)
    assert method is not None, f"{how}: after {deliveries} deliveries the message is in no dead-letter queue"
    assert body == BODY
    assert 5 <= deliveries <= 6, f"{how}: {deliveries} deliveries, the limit is 5"


def main(port: str, action: str, vhost: str, how: str = "") -> None:
    """Do one thing and close the connection."""
    channel = connect(int(port), vhost)
    if action == "declare":
        channel.queue_declare(QUEUE, durable=True)
    elif action == "publish":
        publish(channel)
    elif action == "count":
        print(channel.queue_declare(QUEUE, passive=True).method.message_count, end="")
    else:
        poison(channel, how)
    channel.connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
