"""Try commands as each service's user, and compare with what it may.

Reads ``{"port", "users": [{"name", "password"}]}`` on standard input. Fails with a line for each command that is
allowed or refused (NOPERM) against the table below.
"""

from __future__ import annotations

import json
import sys

import redis

EVERY = {"upload", "insight", "identity"}
# What is run, and who may. What is refused would do no lasting harm were it allowed.
COMMANDS = {
    "SET molecule 1 EX 60": EVERY,
    "GET molecule": EVERY,
    "INCRBY molecule:rate 1": EVERY,
    "EXPIRE molecule:rate 5": EVERY,
    "SADD molecule:revoked token": EVERY,
    "SISMEMBER molecule:revoked token": EVERY,
    "DEL molecule:revoked": EVERY,
    "EVAL return(1) 0": {"identity"},
    "ACL SETUSER upload on": set(),
    "ACL WHOAMI": set(),
    "CLIENT KILL TYPE pubsub": set(),
    "CONFIG GET maxmemory": set(),
    "FLUSHALL": set(),
    "FLUSHDB": set(),
    "KEYS *": set(),
    "MODULE LIST": set(),
    "PUBLISH channel message": set(),
    "REPLICAOF NO ONE": set(),
    "SAVE": set(),
    "SHUTDOWN ABORT": set(),
    "SLOWLOG GET": set(),
}


def refused(client: redis.Redis, command: str) -> bool:
    """Run it; any other error than a missing right is an error of the table."""
    try:
        client.execute_command(*command.split())
    except redis.exceptions.NoPermissionError:
        return True
    return False


def main() -> int:
    """Try everything; return the exit code."""
    given = json.load(sys.stdin)
    assert {user["name"] for user in given["users"]} == EVERY
    count = 0
    problems: list[str] = []
    for user in given["users"]:
        client = redis.Redis(port=given["port"], username=user["name"], password=user["password"])
        for command, allowed in COMMANDS.items():
            count += 1
            may = user["name"] in allowed
            if refused(client, command) == may:
                problems.append(f"{user['name']}: {command} is {'refused' if may else 'allowed'}")
        others = next(other for other in given["users"] if other != user)
        try:
            redis.Redis(port=given["port"], username=user["name"], password=others["password"]).ping()
            problems.append(f"{user['name']} gets in with the password of {others['name']}")
        except redis.AuthenticationError:
            count += 1
    print("\n".join([*problems, f"{count} tried, {len(problems)} wrong"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
