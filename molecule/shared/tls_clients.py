"""Clients that read an upload service's environment file: what they may, and what they must be refused.

tls_clients.py log_in FILE           a login to each server, with its certificate verified
tls_clients.py presented FILE PORT   the serial number of each server's certificate; PORT is the management's
tls_clients.py refused FILE CA PORT  without TLS, with TLS 1.1, and trusting only another authority (CA)
"""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
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
            username=env["REDIS_USERNAME"],
            password=env["REDIS_PASSWORD"],
            ssl=context is not None,
            socket_timeout=5,
            **secured,
        )
        client.set("flowlite:test", "1", ex=10)
        client.close()

    return {"mysql": mysql, "rabbitmq": rabbitmq, "redis": cache}


def must_fail(name: str, words: tuple[str, ...], login: Callable[[], object]) -> None:
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


def handshake(env: dict[str, str], host: str, port: str, context: ssl.SSLContext) -> dict[str, Any]:
    """Begin TLS as a client of this server does, and return the certificate that it presents."""
    if host == "mysql":
        url, (user, password) = urlsplit(env["DATABASE_URL"]), credentials(env)
        with pymysql.connect(
            host=url.hostname, port=url.port or 3306, user=user, password=password, ssl=context
        ) as opened:
            # The driver has no other way to the certificate, and its types do not know this one.
            return dict(opened._sock.getpeercert())  # type: ignore[attr-defined]
    with (
        socket.create_connection((host, int(port)), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        return dict(secured.getpeercert() or {})


def places(env: dict[str, str], management: str) -> list[tuple[str, str]]:
    """Return where servers speak TLS; MySQL begins it after a greeting of its own."""
    broker, cache = env["RABBITMQ_HOST"], env["REDIS_HOST"]
    return [("mysql", ""), (broker, env["RABBITMQ_PORT"]), (broker, management), (cache, env["REDIS_PORT"])]


def presented(env: dict[str, str], management: str) -> None:
    """Print the serial number of what each server presents."""
    context = ssl.create_default_context(cafile=env["DATABASE_SSL_CA"])
    for host, port in places(env, management):
        print(handshake(env, host, port, context)["serialNumber"], port)


def only(env: dict[str, str], version: ssl.TLSVersion) -> ssl.SSLContext:
    """Return what speaks one version of TLS, with every cipher that the library has."""
    context = ssl.create_default_context(cafile=env["DATABASE_SSL_CA"])
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    return context


def refused(env: dict[str, str], other: str, management: str) -> None:
    """Try everything that must be refused; what differs in one point only is let in."""
    tried = logins(env)
    trusted, foreign = (ssl.create_default_context(cafile=path) for path in (env["DATABASE_SSL_CA"], other))
    for name, login in tried.items():
        login(trusted)
        without = ("3159", "Connection", "Incompatible", "closed", "reset", "Timeout", "WRONG_VERSION")
        must_fail(f"{name} without TLS", without, partial(login, None))
        must_fail(f"{name} trusting another authority", ("CERTIFICATE_VERIFY_FAILED",), partial(login, foreign))
    old = only(env, ssl.TLSVersion.TLSv1_1)
    for host, port in places(env, management):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            handshake(env, host, port, only(env, version))
        must_fail(
            f"TLS 1.1 on {host} {port}",
            ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"),
            partial(handshake, env, host, port, old),
        )


if __name__ == "__main__":
    verb, read, *rest = sys.argv[1], settings(sys.argv[2]), *sys.argv[3:]
    if verb == "log_in":
        for each in logins(read).values():
            each(ssl.create_default_context(cafile=read["DATABASE_SSL_CA"]))
        redis.Redis.from_url(read["REDIS_URL"]).ping()
    elif verb == "presented":
        presented(read, *rest)
    else:
        refused(read, *rest)
