"""Clients that read an upload service's environment file: what they may, and what they must be refused.

clients.py log_in FILE           a login to each server, with its certificate verified
clients.py presented FILE PORT   the serial number of each server's certificate; PORT is the management's
clients.py refused FILE CA PORT  without TLS, with TLS 1.1, and trusting only another authority (CA)
clients.py loop FILE STOP        logins one after the other until the file STOP is there
"""

from __future__ import annotations

import socket
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pika
import pymysql
import redis

Login = Callable[[ssl.SSLContext | None], None]


def settings(path: str) -> dict[str, str]:
    """Read NAME=value lines as `docker run --env-file` does."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def credentials(env: dict[str, str]) -> tuple[str, str]:
    """Return user and password of the database."""
    url = urlsplit(env["DATABASE_URL"])
    return unquote(url.username or ""), unquote(url.password or "")


def logins(env: dict[str, str]) -> dict[str, Login]:
    """Return a login for each server; without a context it speaks without TLS."""

    def mysql(context: ssl.SSLContext | None) -> None:
        url, (user, password) = urlsplit(env["DATABASE_URL"]), credentials(env)
        # As create_async_engine(..., connect_args={"ssl": context}) hands it on.
        secured = {"ssl": context} if context else {"ssl_disabled": True}
        with (
            pymysql.connect(
                host=url.hostname, port=url.port or 3306, user=user, password=password, **secured
            ) as opened,
            opened.cursor() as cursor,
        ):
            cursor.execute("SHOW STATUS LIKE 'Ssl_version'")
            assert bool((cursor.fetchone() or ("", ""))[1]) == bool(context)

    def rabbitmq(context: ssl.SSLContext | None) -> None:
        host, port = env["RABBITMQ_HOST"], int(env["RABBITMQ_PORT"])
        parameters = pika.ConnectionParameters(
            host,
            port,
            credentials=pika.PlainCredentials(env["RABBITMQ_USER"], env["RABBITMQ_PASSWORD"]),
            ssl_options=pika.SSLOptions(context, host) if context else None,
            stack_timeout=10,
        )
        with pika.BlockingConnection(parameters) as opened:
            opened.channel().queue_declare(env["RABBITMQ_QUEUE_NAME"], durable=True)

    def cache(context: ssl.SSLContext | None) -> None:
        # The library makes its own context: what matters of ours is handed on.
        secured = {"ssl_ca_data": ssl.DER_cert_to_PEM_cert(context.get_ca_certs(True)[0])} if context else {}
        client = redis.Redis(
            host=env["REDIS_HOST"],
            port=int(env["REDIS_PORT"]),
            password=env["REDIS_PASSWORD"],
            ssl=context is not None,
            socket_timeout=5,
            **secured,
        )
        client.set("flowlite:test", "1", ex=10)
        client.close()

    return {"mysql": mysql, "rabbitmq": rabbitmq, "redis": cache}


def must_fail(name: str, words: tuple[str, ...], login: Callable[[], None]) -> None:
    """Fail unless the login fails for the reason that one of the words names."""
    try:
        login()
    except Exception as error:
        chain: list[BaseException] = [error]
        while (inner := chain[-1].__cause__ or chain[-1].__context__) is not None:
            chain.append(inner)
        text = " ".join(repr(each) for each in (*chain, *error.args, *getattr(error, "exceptions", ())))
        assert any(word in text for word in words), f"{name}: refused for another reason: {text}"
        print(f"{name}: refused")
        return
    raise SystemExit(f"{name}: was let in")


def handshake(env: dict[str, str], port: str, version: ssl.TLSVersion) -> None:
    """Begin TLS of one version only, with every cipher that the library has."""
    context = ssl.create_default_context(cafile=env["DATABASE_SSL_CA"])
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    if port == "mysql":
        logins(env)["mysql"](context)
        return
    with socket.create_connection(("localhost", int(port)), timeout=5) as plain:
        context.wrap_socket(plain, server_hostname="localhost").close()


def presented(env: dict[str, str], management: str) -> None:
    """Print the serial number of what each server presents."""
    context = ssl.create_default_context(cafile=env["DATABASE_SSL_CA"])
    url, (user, password) = urlsplit(env["DATABASE_URL"]), credentials(env)
    opened = pymysql.connect(host=url.hostname, port=url.port or 3306, user=user, password=password, ssl=context)
    print(opened._sock.getpeercert()["serialNumber"])  # type: ignore[attr-defined]
    opened.close()
    for port in (env["RABBITMQ_PORT"], management, env["REDIS_PORT"]):
        with (
            socket.create_connection(("localhost", int(port)), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secured,
        ):
            print((secured.getpeercert() or {})["serialNumber"], port)


def refused(env: dict[str, str], other: str, management: str) -> None:
    """Try everything that must be refused; what differs in one point only is let in."""
    tried = logins(env)
    trusted, foreign = (ssl.create_default_context(cafile=path) for path in (env["DATABASE_SSL_CA"], other))
    for name, login in tried.items():
        login(trusted)
        without = ("3159", "Connection", "Incompatible", "closed", "reset", "Timeout", "WRONG_VERSION")
        must_fail(f"{name} without TLS", without, lambda login=login: login(None))  # type: ignore[misc]
        must_fail(
            f"{name} trusting another authority",
            ("CERTIFICATE_VERIFY_FAILED",),
            lambda login=login: login(foreign),  # type: ignore[misc]
        )
    for port in ("mysql", env["RABBITMQ_PORT"], env["REDIS_PORT"], management):
        handshake(env, port, ssl.TLSVersion.TLSv1_2)
        handshake(env, port, ssl.TLSVersion.TLSv1_3)
        must_fail(
            f"TLS 1.1 on {port}",
            ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"),
            lambda port=port: handshake(env, port, ssl.TLSVersion.TLSv1_1),  # type: ignore[misc]
        )


def loop(env: dict[str, str], stop: str) -> None:
    """Log in everywhere until the file is there; the first failure ends it."""
    done, trusted = 0, ssl.create_default_context(cafile=env["DATABASE_SSL_CA"])
    deadline = time.monotonic() + 300
    while not Path(stop).exists() and time.monotonic() < deadline:
        for login in logins(env).values():
            login(trusted)
            done += 1
        time.sleep(0.05)
    print(f"{done} logins, none failed")


if __name__ == "__main__":
    verb, read, *rest = sys.argv[1], settings(sys.argv[2]), *sys.argv[3:]
    if verb == "log_in":
        for each in logins(read).values():
            each(ssl.create_default_context(cafile=read["DATABASE_SSL_CA"]))
        redis.Redis.from_url(read["REDIS_URL"]).ping()
    elif verb == "presented":
        presented(read, *rest)
    elif verb == "refused":
        refused(read, *rest)
    else:
        loop(read, *rest)
