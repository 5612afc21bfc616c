"""Logins to Redis that behave alike with every version of the client library since 4.3 (Debian 12)."""

from __future__ import annotations

from typing import Any

try:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry
except ImportError:
    redis = None

MISSING = "The Redis client is missing for the Python that runs modules on this host: install python3-redis"
# Refused at the door. The library keeps the server's word in some versions, drops or rephrases it in others.
_REFUSALS = ("WRONGPASS", "NOAUTH", "DENIED", "invalid username-password", "Authentication required", "HELLO must")


def login(
    host: str, port: int, user: str | None, password: str | None, db: int = 0, tls: dict[str, str] | None = None
) -> Any:
    """Return a client that logs in with its first command and tries nothing twice."""
    # The server's name is not compared: our logins go to an address.
    secured = {"ssl": True, "ssl_ca_data": tls["ca"], "ssl_check_hostname": False} if tls else {}
    return redis.Redis(
        host=host,
        port=port,
        db=db,
        username=user,
        password=password,
        socket_timeout=10,
        socket_connect_timeout=5,
        decode_responses=True,
        # Newer versions would repeat a refused connection for seconds.
        retry=Retry(NoBackoff(), 0),
        **secured,
    )


def refused(error: Exception) -> bool:
    """Return whether the server answered and did not accept the login."""
    return isinstance(error, redis.AuthenticationError) or str(error).startswith(_REFUSALS)


def forbidden(error: Exception) -> bool:
    """Return whether the user is logged in and may not use this command."""
    return isinstance(error, redis.exceptions.NoPermissionError)
