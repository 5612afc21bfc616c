"""Clients of the three servers, which log in with what the services' environment file names and write numbered things.

A write has returned only when the server has acknowledged it: a committed row, a confirmed message, an answered SET.
"""

from __future__ import annotations

import urllib.parse
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol

import pika
import pymysql
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

NAME = "flowlite_drill"
# Fills a small disk in a moment.
PAYLOAD = "x" * 1000


def settings(path: Path) -> dict[str, str]:
    """Read NAME=value lines as `docker run --env-file` does: the value is raw."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def database(env: dict[str, str]) -> pymysql.Connection[Any]:
    """Log in to MySQL; every statement is a transaction of its own."""
    url = urllib.parse.urlsplit(env["DATABASE_URL"])
    return pymysql.connect(
        host=url.hostname,
        port=url.port or 3306,
        user=urllib.parse.unquote(url.username or ""),
        password=urllib.parse.unquote(url.password or ""),
        database=url.path.strip("/"),
        autocommit=True,
        connect_timeout=5,
        # A server whose disk is full looks for room once a minute.
        read_timeout=150,
    )


class Client(Protocol):
    """A connection that writes."""

    def write(self, number: int) -> None:
        """Return when the server has acknowledged; raise where it has not."""

    def close(self) -> None:
        """Close the connection."""


class Server(Protocol):
    """A place for numbered things on one of the servers."""

    unit: str
    # How many clients write at a time.
    clients: int
    # Seconds of acknowledged writes that may be lost when the server is killed.
    grace: float

    def prepare(self) -> None:
        """Make the place, empty."""

    def connect(self) -> Client:
        """Log in."""

    def found(self, expected: int) -> list[int]:
        """Return the numbers that are there; ``expected`` is how many there should be at least."""

    def remove(self) -> None:
        """Take the place away."""


class MySQL:
    """Rows, each in a transaction of its own."""

    unit, clients, grace = "rows", 4, 0.0

    class _Client:
        def __init__(self, connection: pymysql.Connection[Any]) -> None:
            self._connection = connection

        def write(self, number: int) -> None:
            with self._connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {NAME} VALUES (%s, %s)", (number, PAYLOAD))

        def close(self) -> None:
            self._connection.close()

    def __init__(self, env: dict[str, str]) -> None:
        """``env`` is the environment file's content."""
        self._env = env

    def _run(self, statement: str) -> list[int]:
        with database(self._env) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return [row[0] for row in cursor.fetchall()]

    def prepare(self) -> None:
        """Make the table."""
        self.remove()
        self._run(f"CREATE TABLE {NAME} (id INT PRIMARY KEY, content TEXT NOT NULL)")

    def connect(self) -> Client:
        """Log in."""
        return self._Client(database(self._env))

    def found(self, expected: int) -> list[int]:
        """Read the table."""
        return self._run(f"SELECT id FROM {NAME}")

    def remove(self) -> None:
        """Drop the table."""
        self._run(f"DROP TABLE IF EXISTS {NAME}")


class RabbitMQ:
    """Persistent messages in a durable queue of the services' virtual host, each confirmed."""

    unit, clients, grace = "messages", 4, 0.0

    class _Client:
        def __init__(self, connection: pika.BlockingConnection, notes: list[str]) -> None:
            self._connection = connection
            connection.add_on_connection_blocked_callback(lambda _connection, method: notes.append(str(method)))
            self._channel = connection.channel()
            self._channel.confirm_delivery()

        def write(self, number: int) -> None:
            persistent = pika.BasicProperties(delivery_mode=2)
            self._channel.basic_publish("", NAME, f"{number} {PAYLOAD}".encode(), persistent, mandatory=True)
            # Callbacks are called from here only.
            self._connection.process_data_events(0)

        def close(self) -> None:
            self._connection.close()

    def __init__(self, env: dict[str, str]) -> None:
        """``env`` is the environment file's content."""
        # What the server said when it made a client wait.
        self.blocked: list[str] = []
        self.parameters = pika.ConnectionParameters(
            env["RABBITMQ_HOST"],
            int(env["RABBITMQ_PORT"]),
            credentials=pika.PlainCredentials(env["RABBITMQ_USER"], env["RABBITMQ_PASSWORD"]),
            socket_timeout=5,
            stack_timeout=10,
        )

    def prepare(self) -> None:
        """Declare the queue as the services do theirs."""
        self.remove()
        with pika.BlockingConnection(self.parameters) as connection:
            connection.channel().queue_declare(NAME, durable=True)

    def connect(self) -> Client:
        """Log in."""
        return self._Client(pika.BlockingConnection(self.parameters), self.blocked)

    def found(self, expected: int) -> list[int]:
        """Take the messages out of the queue, until none has come for ten seconds or, once all are there, for one."""
        numbers: list[int] = []
        with pika.BlockingConnection(self.parameters) as connection:
            channel = connection.channel()
            channel.basic_qos(prefetch_count=500)
            silent = 0
            for method, _, body in channel.consume(NAME, inactivity_timeout=1):
                if method is not None:
                    silent = 0
                    numbers.append(int(body.split()[0]))
                    channel.basic_ack(method.delivery_tag)
                elif (silent := silent + 1) > 10 or len(set(numbers)) >= expected:
                    return numbers
        raise RuntimeError("the consumer was cancelled")

    def remove(self) -> None:
        """Delete the queue."""
        with pika.BlockingConnection(self.parameters) as connection:
            connection.channel().queue_delete(NAME)


class Redis:
    """Keys without an end."""

    # What appendfsync everysec promises.
    unit, clients, grace = "keys", 1, 1.0

    class _Client:
        def __init__(self, client: redis.Redis) -> None:
            self._client = client

        def write(self, number: int) -> None:
            self._client.set(f"{NAME}:{number}", PAYLOAD)

        def close(self) -> None:
            self._client.close()

    def __init__(self, env: dict[str, str]) -> None:
        """``env`` is the environment file's content."""
        self._env = env

    def _log_in(self) -> redis.Redis:
        return redis.Redis(
            host=self._env["REDIS_HOST"],
            port=int(self._env["REDIS_PORT"]),
            username=self._env["REDIS_USERNAME"],
            password=self._env["REDIS_PASSWORD"],
            socket_timeout=10,
            # Each write is one, and its answer is the ledger's.
            retry=Retry(NoBackoff(), 0),
        )

    def prepare(self) -> None:
        """Have none of the keys."""
        self.remove()

    def connect(self) -> Client:
        """Log in."""
        return self._Client(self._log_in())

    def found(self, expected: int) -> list[int]:
        """Read the keys' names."""
        with closing(self._log_in()) as client:
            return [int(key.rpartition(b":")[2]) for key in client.scan_iter(f"{NAME}:*", count=1000)]

    def remove(self) -> None:
        """Delete the keys."""
        with closing(self._log_in()) as client:
            for key in client.scan_iter(f"{NAME}:*", count=1000):
                client.delete(key)


SERVERS: dict[str, type[MySQL] | type[RabbitMQ] | type[Redis]] = {
    "mysql": MySQL,
    "rabbitmq": RabbitMQ,
    "redis": Redis,
}


def close(client: Client | None) -> None:
    """Close what may be broken already."""
    if client is not None:
        with suppress(Exception):
            client.close()
