"""What a client of a RabbitMQ server does, one step a function: logins, questions to the HTTP API, a round trip."""

from __future__ import annotations

import contextlib
import re
import signal
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from ansible.module_utils import flowlite_tls

try:
    import pika
    import requests
    from pika import exceptions as amqp

    # What an operation on an open connection raises.
    FAILURES: tuple[type[Exception], ...] = (amqp.AMQPError, OSError)
except ImportError:
    pika = None
    FAILURES = ()

SECONDS = 10


class Refused(Exception):
    """The server answers and does not let this login in."""


class NotYet(Exception):
    """The server does not answer; it may be starting."""


def patiently(call: Callable[[], Any], deadline: float) -> Any:
    """Repeat ``call`` while it raises NotYet and the deadline is not reached."""
    while True:
        try:
            return call()
        except NotYet:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.2)


# What the statistics say of limits that were changed at run time is up to ten seconds old.
STALE = 12
SIZES = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


def until_empty(call: Callable[[], list[Any]]) -> list[Any]:
    """Repeat ``call`` while it returns something that may be stale."""
    deadline = time.monotonic() + STALE
    while (found := call()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def size(text: str) -> int:
    """Return an amount of disk space in bytes, by the server's own units."""
    number = text.rstrip("kKMGiB")
    return int(number) * SIZES[text.removeprefix(number).lower()]


@contextlib.contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in the block when it lasts longer: pika waits for a publisher confirm for ever."""

    def expire(*_: Any) -> None:
        raise TimeoutError(f"no answer within {seconds} s")

    previous = signal.signal(signal.SIGALRM, expire)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


class Management:
    """The HTTP API, read only."""

    def __init__(self, host: str, port: int, user: str, password: str, tls: dict[str, str] | None = None) -> None:
        """Prepare a session; nothing is sent yet."""
        self.url = f"{'https' if tls else 'http'}://{host}:{port}/api/"
        self.session = requests.Session()
        if tls:
            self.session.verify = self._authority(tls["ca"])
            # The server's name is not compared: our logins go to an address.
            adapter = requests.adapters.HTTPAdapter()
            adapter.init_poolmanager(1, 1, assert_hostname=False)
            self.session.mount(self.url, adapter)
        # Neither a proxy nor a .netrc of the account that runs this.
        self.session.trust_env = False
        # As text they would be sent in Latin-1.
        self.session.auth = requests.auth.HTTPBasicAuth(user.encode(), password.encode())

    def _authority(self, text: str) -> str:
        """Return the path of a file for the library, which goes when this object goes."""
        self.file = tempfile.NamedTemporaryFile("w", suffix=".pem")  # noqa: SIM115
        self.file.write(text)
        self.file.flush()
        return self.file.name

    def get(self, *path: str, **query: str) -> Any:
        """Return the decoded answer, None where there is no such thing."""
        try:
            answer = self.session.get(
                self.url + "/".join(quote(part, safe="") for part in path), params=query, timeout=SECONDS
            )
        except requests.RequestException as error:
            raise NotYet(reason(error)) from error
        if answer.status_code == 401:
            raise Refused
        if answer.status_code == 404:
            return None
        # The health checks answer 503 with a body when they fail; a server that is starting has none.
        try:
            return answer.json()
        except ValueError as error:
            raise NotYet(f"HTTP {answer.status_code}") from error


class Client:
    """AMQP as the services use it."""

    def __init__(self, host: str, port: int, tls: dict[str, str] | None = None) -> None:
        """Take the server's address."""
        self.host, self.port = host, port
        self.context = flowlite_tls.context(tls)

    def login(self, user: str, password: str, vhost: str) -> Any:
        """Open a connection, to be used with ``with``; raises Refused or NotYet."""
        parameters = pika.ConnectionParameters(
            self.host,
            self.port,
            vhost,
            pika.PlainCredentials(user, password),
            ssl_options=pika.SSLOptions(self.context, self.host) if self.context else None,
            socket_timeout=SECONDS,
            stack_timeout=SECONDS,
            blocked_connection_timeout=SECONDS,
        )
        try:
            return pika.BlockingConnection(parameters)
        except (amqp.ProbableAuthenticationError, amqp.ProbableAccessDeniedError, amqp.AuthenticationError) as error:
            raise Refused(reason(error)) from error
        except (amqp.AMQPError, OSError) as error:
            raise NotYet(reason(error)) from error


def plain_declare(connection: Any, queue: str) -> tuple[int, int]:
    """Declare an existing queue as the services do, durable and without arguments; return messages and consumers."""
    channel = connection.channel()
    answer = channel.queue_declare(queue, durable=True).method
    channel.close()
    return answer.message_count, answer.consumer_count


def round_trip(connection: Any) -> None:
    """Do it, with an end to all waiting."""
    with time_limit(2 * SECONDS):
        _round_trip(connection)


def _round_trip(connection: Any) -> None:
    """Send one persistent message through a queue of its own and take it out; raises what went wrong."""
    channel = connection.channel()
    channel.confirm_delivery()
    queue, body = f"flowlite.probe.{uuid.uuid4().hex}", b"probe"
    # Should this be killed half way, the server removes the queue.
    channel.queue_declare(queue, durable=True, arguments={"x-expires": 60_000})
    try:
        channel.basic_publish("", queue, body, pika.BasicProperties(delivery_mode=2), mandatory=True)
        for delivery, _, received in channel.consume(queue, inactivity_timeout=SECONDS):
            if delivery is None or received != body:
                raise TimeoutError("the message that was published does not come back")
            channel.basic_ack(delivery.delivery_tag)
            break
        channel.cancel()
    finally:
        if channel.is_open:
            channel.queue_delete(queue)


def applies(policy: dict[str, Any], queue: str) -> bool:
    """Return whether a policy of the server's has the queue among those it is for."""
    if policy["apply-to"] not in ("all", "queues", "classic_queues", "quorum_queues"):
        return False
    try:
        return re.search(policy["pattern"], queue) is not None
    except re.error:
        return False


def reason(error: BaseException) -> str:
    """Return why something failed, in the words of the server or of the system."""
    while error.__context__ is not None:
        error = error.__context__
    words = getattr(error, "reply_text", None) or getattr(error, "strerror", None)
    return str(words or ", ".join(str(part) for part in error.args) or type(error).__name__)
