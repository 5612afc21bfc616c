"""Log in to everything that an environment file names, as the service that reads it would. Fails when one refuses."""

from __future__ import annotations

import sys
import urllib.parse
from pathlib import Path

import pika
import pymysql
import redis


def settings(path: str) -> dict[str, str]:
    """Read NAME=value lines as `docker run --env-file` does: the value is raw."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


# Which of the seeded tables each service reads.
TABLES = {"upload-service.env": "Bank", "insight-service.env": "InsightCategory", "identity-service.env": "Role"}


def database(env: dict[str, str], table: str) -> None:
    """Read a seeded row; the same URL, with another driver, is what aiomysql gets."""
    if "DATABASE_URL" in env:
        url = urllib.parse.urlsplit(env["DATABASE_URL"])
        user, password = urllib.parse.unquote(url.username or ""), urllib.parse.unquote(url.password or "")
    else:
        url = urllib.parse.urlsplit(env["SPRING_DATASOURCE_URL"].removeprefix("jdbc:"))
        user, password = env["SPRING_DATASOURCE_USERNAME"], env["SPRING_DATASOURCE_PASSWORD"]
    connection = pymysql.connect(
        host=url.hostname, port=url.port or 3306, user=user, password=password, database=url.path.strip("/")
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        assert cursor.fetchall()[0][0] > 0, f"{table} is empty"


def broker(env: dict[str, str]) -> None:
    """Declare the queue as the services do, plain and durable, and publish nothing into it."""
    parameters = pika.ConnectionParameters(
        host=env["RABBITMQ_HOST"],
        port=int(env["RABBITMQ_PORT"]),
        credentials=pika.PlainCredentials(env["RABBITMQ_USER"], env["RABBITMQ_PASSWORD"]),
        heartbeat=600,
    )
    connection = pika.BlockingConnection(parameters)
    connection.channel().queue_declare(env.get("RABBITMQ_QUEUE") or env["RABBITMQ_QUEUE_NAME"], durable=True)
    connection.close()


def cache(env: dict[str, str]) -> None:
    """Set, read and forget a key, as the user that is named; without a name where that is `default`."""
    prefix = "REDIS" if "REDIS_HOST" in env else "SPRING_DATA_REDIS"
    client = redis.Redis(
        host=env[f"{prefix}_HOST"],
        port=int(env[f"{prefix}_PORT"]),
        username=None if env[f"{prefix}_USERNAME"] == "default" else env[f"{prefix}_USERNAME"],
        password=env[f"{prefix}_PASSWORD"],
        db=int(env.get("REDIS_DB") or env["SPRING_DATA_REDIS_DATABASE"]),
    )
    client.set("flowlite:test", "1", ex=10)
    assert client.get("flowlite:test") == b"1"
    client.delete("flowlite:test")


if __name__ == "__main__":
    read = settings(sys.argv[1])
    database(read, TABLES[Path(sys.argv[1]).name])
    cache(read)
    if "RABBITMQ_HOST" in read:
        broker(read)
