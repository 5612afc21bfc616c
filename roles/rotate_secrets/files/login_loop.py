"""Clients that log in, again and again, with what the services' environment files name at that moment.

login_loop.py loop DIRECTORY STOP   until the file STOP is there; prints counts and every refusal as JSON
login_loop.py old DIRECTORY         fails unless all that the files of DIRECTORY name is refused
"""

from __future__ import annotations

import json
import ssl
import sys
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pika
import pymysql
import redis
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

FILES = ("upload-service.env", "insight-service.env", "identity-service.env")
# What a server says to a wrong password, not of a connection that breaks.
REFUSALS = ("1045", "ACCESS_REFUSED", "invalid username-password", "AuthenticationError")
# The longest that clients go on when nobody stops them.
SECONDS = 900

Attempt = tuple[str, Callable[[], None]]


def settings(path: Path) -> dict[str, str]:
    """Read NAME=value lines as `docker run --env-file` does: the value is raw."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def trusting(path: str | None) -> ssl.SSLContext | None:
    """Return what verifies a server by the authorities in a PEM file; without a file, None: there is no TLS."""
    return ssl.create_default_context(cafile=path) if path else None


def as_java_does(options: dict[str, str]) -> ssl.SSLContext | None:
    """Return what a JDBC URL asks for: VERIFY_CA compares no name."""
    if options.get("sslMode") != "VERIFY_CA":
        return None
    store = Path(options["trustCertificateKeyStoreUrl"].removeprefix("file:")).read_bytes()
    entries = pkcs12.load_pkcs12(store, options["trustCertificateKeyStorePassword"].encode()).additional_certs
    certificates: list[x509.Certificate] = [entry.certificate for entry in entries]
    context = ssl.create_default_context(
        cadata="".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in certificates)
    )
    context.check_hostname = False
    return context


def database(env: dict[str, str]) -> None:
    """Log in and ask something."""
    if "DATABASE_URL" in env:
        url = urllib.parse.urlsplit(env["DATABASE_URL"])
        user, password = urllib.parse.unquote(url.username or ""), urllib.parse.unquote(url.password or "")
        context = trusting(env.get("DATABASE_SSL_CA"))
    else:
        url = urllib.parse.urlsplit(env["SPRING_DATASOURCE_URL"].removeprefix("jdbc:"))
        user, password = env["SPRING_DATASOURCE_USERNAME"], env["SPRING_DATASOURCE_PASSWORD"]
        context = as_java_does(dict(urllib.parse.parse_qsl(url.query)))
    with (
        pymysql.connect(
            host=url.hostname,
            port=url.port or 3306,
            user=user,
            password=password,
            database=url.path.strip("/"),
            # Without it the client would begin TLS where the server offers it, and verify nothing.
            **({"ssl": context} if context else {"ssl_disabled": True}),
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT DATABASE()")
        assert cursor.fetchall()[0][0] == url.path.strip("/")


def broker(env: dict[str, str]) -> None:
    """Log in and declare the queue as the services do, plain and durable."""
    host, context = env["RABBITMQ_HOST"], trusting(env.get("RABBITMQ_SSL_CA"))
    parameters = pika.ConnectionParameters(
        host,
        int(env["RABBITMQ_PORT"]),
        credentials=pika.PlainCredentials(env["RABBITMQ_USER"], env["RABBITMQ_PASSWORD"]),
        ssl_options=pika.SSLOptions(context, host) if context else None,
    )
    with pika.BlockingConnection(parameters) as connection:
        connection.channel().queue_declare(env.get("RABBITMQ_QUEUE") or env["RABBITMQ_QUEUE_NAME"], durable=True)


def cache(env: dict[str, str]) -> None:
    """Log in and set a key."""
    prefix = "REDIS" if "REDIS_HOST" in env else "SPRING_DATA_REDIS"
    spring = env.get("SPRING_SSL_BUNDLE_PEM_FLOWLITE_TRUSTSTORE_CERTIFICATE", "").removeprefix("file:")
    authority = env.get("REDIS_SSL_CA") or spring
    client = redis.Redis(
        host=env[f"{prefix}_HOST"],
        port=int(env[f"{prefix}_PORT"]),
        username=env[f"{prefix}_USERNAME"],
        password=env[f"{prefix}_PASSWORD"],
        socket_timeout=10,
        ssl=bool(authority),
        ssl_ca_certs=authority or None,
    )
    client.set("flowlite:login", "1", ex=10)
    client.close()


def attempts(path: Path) -> list[Attempt]:
    """Return a login to each server that an environment file names; the file is read once for all of them."""
    env = settings(path)
    made: list[Attempt] = [("mysql", lambda: database(env)), ("redis", lambda: cache(env))]
    return [*made, ("rabbitmq", lambda: broker(env))] if "RABBITMQ_HOST" in env else made


def loop(directory: Path, stop: Path) -> dict[str, object]:
    """Log in everywhere, with each file, until the file ``stop`` is there."""
    counts = {"mysql": 0, "rabbitmq": 0, "redis": 0}
    failed: list[str] = []
    started = time.monotonic()
    while not stop.exists() and time.monotonic() - started < SECONDS:
        for name in FILES:
            for server, login in attempts(directory / name):
                try:
                    login()
                except Exception as error:
                    failed.append(f"{time.monotonic() - started:.1f} s: {name}, {server}: {error!r}")
                counts[server] += 1
        time.sleep(0.05)
    return {"seconds": round(time.monotonic() - started), "stopped": stop.exists(), "logins": counts, "failed": failed}


def old(directory: Path) -> None:
    """Try what must be refused."""
    for name in FILES:
        for server, login in attempts(directory / name):
            try:
                login()
            except Exception as error:
                words = repr(error) + repr(error.__cause__)
                assert any(word in words for word in REFUSALS), words
                print(f"{name}, {server}: refused")
            else:
                raise SystemExit(f"{name}: {server} lets the old secret in")


if __name__ == "__main__":
    if sys.argv[1] == "loop":
        print(json.dumps(loop(Path(sys.argv[2]), Path(sys.argv[3]))))
    else:
        old(Path(sys.argv[2]))
