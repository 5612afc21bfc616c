"""Clients of a deployment: `fill`, `digest`, `run SQL`, `publish MODE`.

Logs in by the JSON on standard input, to the services named there. A digest is over all rows, messages and keys that
were filled in, by their values.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
import uuid
from typing import Any

import pika
import pymysql
import redis

SPACE = uuid.UUID("f10e117e-0000-4000-8000-000000000000")
QUEUE = "batch_processed"
MESSAGES = 1200
# The columns of the old tables; what our own seed adds to the new ones has other ids.
TABLES = {
    "User": "id_user username email password role active",
    "UserInfo": "id_user primerNombre segundoApellido telefono",
    "Bank": "id_bank bank_name",
    "TransactionCategory": "id_category description",
    "TransactionBatch": "id_batch process_status start_date end_date batch_size",
    "Transaction": "id_transaction id_user id_category id_bank id_batch transaction_name value transaction_date "
    "transaction_type",
    "InsightCategory": "id_category description",
    "Insights": "id_insight id_user id_category title text relevance created_at",
}


def some_id(*words: object) -> str:
    """Return the same id for the same words."""
    return str(uuid.uuid5(SPACE, " ".join(map(str, words))))


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Return what the old tables hold: names with accents and quotes, nulls, empty texts, amounts to the cent."""
    users = [some_id("user", number) for number in range(20)]
    names = ["josé", "jose", "o'brien", "ana\tmaría", "😀"] + [f"user{number}" for number in range(15)]
    banks = {name: some_id(name) for name in ("Bancolombia", "Banco de Pruebas", 'La "Caja"')}
    categories = {name: some_id(name) for name in ("Educacion", "Supermercados_Hogar", "Propia de un usuario")}
    batches = [some_id("batch", number) for number in range(4)]
    states = ("pending", "processing", "completed", "error")
    when = "2025-03-04 05:06:07"
    return {
        "User": [
            (user, name, f"{number}@old.test", None if number % 3 else "$2b$10$abc", "USER", number % 2)
            for number, (user, name) in enumerate(zip(users, names, strict=True))
        ],
        "UserInfo": [(user, "Juan" if number % 2 else "", None, "+57 300") for number, user in enumerate(users)],
        "Bank": [(value, name) for name, value in banks.items()],
        "TransactionCategory": [(value, name) for name, value in categories.items()],
        "TransactionBatch": [
            (batch, state, when, None if state == "pending" else when, number)
            for number, (batch, state) in enumerate(zip(batches, states, strict=True))
        ],
        "Transaction": [
            (
                some_id("transaction", number),
                users[number % 20],
                list(categories.values())[number % 3],
                None if number % 7 == 0 else list(banks.values())[number % 3],
                None if number % 5 == 0 else batches[number % 4],
                f"Compra nº {number}",
                f"{number}.{number % 100:02d}",
                when,
                "income" if number % 4 == 0 else "expense",
            )
            for number in range(3000)
        ],
        "InsightCategory": [(some_id("insights"), "Propia")],
        "Insights": [(some_id("insight"), users[0], some_id("insights"), "título", "línea 1\nlínea 2\\", 3, when)],
    }


def messages() -> list[tuple[pika.BasicProperties, bytes]]:
    """Return what lies in the queue: of many sizes, with and without properties and headers."""
    made = []
    for number in range(MESSAGES):
        properties = pika.BasicProperties(delivery_mode=2)
        if number % 3 == 0:
            properties.content_type, properties.message_id = "application/json", some_id("message", number)
            properties.headers = {"attempt": number, "big": 2**40, "kind": "ñ", "deep": {"list": [1, None, True]}}
        if number % 5 == 0:
            properties.timestamp, properties.priority, properties.correlation_id = 1_700_000_000 + number, 4, "c"
        body = json.dumps({"batch": some_id("batch", number % 4), "n": number}).encode() + b"\0\xff" * (number % 50)
        made.append((properties, body))
    return made


class Clients:
    """Logins as the services have them."""

    def __init__(self, logins: dict[str, Any]) -> None:
        """Take the logins; nothing is opened yet."""
        self.logins = logins

    def mysql(self) -> Any:
        """Return a connection to the database."""
        return pymysql.connect(database="flowlite_db", charset="utf8mb4", autocommit=True, **self.logins["mysql"])

    def rabbitmq(self) -> Any:
        """Return a connection to virtual host /; the server may be starting."""
        login = self.logins["rabbitmq"]
        parameters = pika.ConnectionParameters(
            "127.0.0.1", login["port"], credentials=pika.PlainCredentials(login["user"], login["password"])
        )
        for left in reversed(range(60)):
            try:
                return pika.BlockingConnection(parameters)
            except pika.exceptions.AMQPError:
                if not left:
                    raise
                time.sleep(1)
        raise AssertionError

    def redis(self) -> Any:
        """Return a client."""
        return redis.Redis(**self.logins["redis"])

    def run(self, sql: str) -> list[Any]:
        """Run a statement."""
        with self.mysql() as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return [list(map(str, row)) for row in cursor.fetchall()]

    def fill(self) -> str:
        """Put everything there."""
        for service in self.logins:
            getattr(self, f"_fill_{service}")()
        return "filled"

    def _fill_mysql(self) -> None:
        with self.mysql() as connection, connection.cursor() as cursor:
            for table, values in rows().items():
                columns = TABLES[table].split()
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO `{table}` (`{'`, `'.join(columns)}`) VALUES ({places})", values)

    def _fill_rabbitmq(self) -> None:
        with self.rabbitmq() as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            channel.queue_declare(QUEUE, durable=True)
            # One that a service of its own bound to an exchange of its own.
            channel.exchange_declare("reports", "topic", durable=True)
            channel.queue_declare("reports.daily", durable=True, arguments={"x-max-priority": 5})
            channel.queue_bind("reports.daily", "reports", "daily.#")
            channel.basic_publish("reports", "daily.one", b"report", pika.BasicProperties(delivery_mode=2, priority=3))
            for properties, body in messages():
                channel.basic_publish("", QUEUE, body, properties)

    def _fill_redis(self) -> None:
        client = self.redis()
        client.set("session:1", "ñandú")
        client.set("limited", 7, ex=86_400)
        client.sadd("revoked", *(some_id("token", number) for number in range(500)))
        client.hset("user:1", mapping={"name": "josé", "n": 1})
        client.rpush("list", *range(200))
        client.zadd("scores", {"a": 1.5, "b": -2})
        client.xadd("events", {"kind": "login"}, id="1-1")
        redis.Redis(**self.logins["redis"], db=3).set("elsewhere", b"\x00\xff\r\n")

    def publish(self, mode: str) -> str:
        """Leave one message more, which is persistent with mode 2, and take it out with mode 0."""
        with self.rabbitmq() as connection:
            channel = connection.channel()
            if mode == "0":
                channel.queue_purge("passing")
            else:
                channel.queue_declare("passing", durable=True)
                channel.basic_publish("", "passing", b"passing", pika.BasicProperties(delivery_mode=int(mode)))
        return mode

    def digest(self) -> dict[str, str]:
        """Return a hash for rows, messages and keys. The messages are read and stay."""
        found = {"mysql": self._rows, "rabbitmq": self._messages, "redis": self._keys}
        return {service: found[service]() for service in self.logins}

    def _rows(self) -> str:
        whole = hashlib.sha256()
        with self.mysql() as connection, connection.cursor() as cursor:
            for table, values in rows().items():
                columns = TABLES[table].split()
                cursor.execute(
                    f"SELECT `{'`, `'.join(columns)}` FROM `{table}` WHERE `{columns[0]}` IN %s",
                    [[value[0] for value in values]],
                )
                for row in sorted(cursor.fetchall()):
                    whole.update(f"{table} {row!r}\n".encode())
        return whole.hexdigest()

    def _messages(self) -> str:
        whole, count = hashlib.sha256(), 0
        with self.rabbitmq() as connection:
            channel = connection.channel()
            for queue in (QUEUE, "reports.daily"):
                while True:
                    method, properties, body = channel.basic_get(queue)
                    if method is None:
                        break
                    headers = {k: v for k, v in (properties.headers or {}).items() if k != "x-delivery-count"}
                    properties.headers = None
                    whole.update(f"{queue} {sorted(vars(properties).items())!r} {sorted(headers.items())!r}".encode())
                    whole.update(body)
                    count += 1
        return f"{count} {whole.hexdigest()}"

    def _keys(self) -> str:
        whole = hashlib.sha256()
        for database in (0, 3):
            client = redis.Redis(**self.logins["redis"], db=database)
            for key in sorted(client.scan_iter(count=100)):
                value = self._value(client, key)
                whole.update(f"{database} {key!r} {value!r} {client.expiretime(key)}\n".encode())
        return whole.hexdigest()

    @staticmethod
    def _value(client: Any, key: bytes) -> Any:
        kind = client.type(key)
        if kind == b"hash":
            return sorted(client.hgetall(key).items())
        if kind == b"set":
            return sorted(client.smembers(key))
        if kind == b"list":
            return client.lrange(key, 0, -1)
        if kind == b"zset":
            return client.zrange(key, 0, -1, withscores=True)
        return client.xrange(key) if kind == b"stream" else client.get(key)


if __name__ == "__main__":
    clients = Clients(json.load(sys.stdin))
    print(json.dumps(getattr(clients, sys.argv[1])(*sys.argv[2:])))
