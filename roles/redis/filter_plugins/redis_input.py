"""Filter that names what is wrong between variables of this role; single ones are checked by meta/input_rules.yml."""

from __future__ import annotations

import re
from typing import Any

# The role writes these itself, or they would undo what it writes. A secret in redis_settings would show in messages.
MANAGED = {"aclfile", "bind", "dir", "include", "masterauth", "masteruser", "port", "requirepass", "user"}
RULE = re.compile(
    r"[+-]@?[a-z][a-z0-9_-]*(\|[a-z-]+)?|(%(R|W|RW))?~\S+|&\S+|all(keys|channels|commands)|nocommands", re.ASCII
)
SECRET_LENGTH = 20
# redis.conf counts 1m as a million and 1mb as 2**20; the engine counts both by 1024.
CONF = {"": 1, "b": 1, "k": 10**3, "kb": 2**10, "m": 10**6, "mb": 2**20, "g": 10**9, "gb": 2**30}
ENGINE = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30}


def _bytes(text: Any, units: dict[str, int]) -> int | None:
    match = re.fullmatch(r"(\d+)([a-z]*)", str(text).strip().lower())
    return int(match[1]) * units[match[2]] if match and match[2] in units else None


def contradictions(
    settings: dict[str, Any],
    fixed: dict[str, Any],
    memory: str,
    users: list[dict[str, Any]],
    admin: str,
    local: bool,
) -> list[dict[str, str]]:
    """Return ``{what, remedy}`` for each contradiction; values of users are never shown."""
    problems = []

    def problem(what: str, remedy: str) -> None:
        problems.append({"what": what, "remedy": remedy})

    for name in sorted(settings.keys() & (MANAGED | fixed.keys())):
        problem(f"redis_settings has {name}, which this role decides", "take it out")
    limit, used = _bytes(memory, ENGINE), _bytes(settings.get("maxmemory", 0), CONF)
    if used is None:
        problem("redis_settings.maxmemory is no amount of memory", "write a whole number and mb or gb, such as 256mb")
    elif limit and not 0 < used <= limit * 0.6:
        problem(
            f"redis_settings.maxmemory {settings.get('maxmemory', 'is not set')} against redis_memory {memory}: "
            "the server would be killed instead of evicting keys",
            "set maxmemory to half of redis_memory, at most three fifths",
        )
    taken = ["default", admin]
    for user in users:
        name = str(user["name"])
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", name):
            problem(f"redis_users has the name '{name}'", "use letters, digits and _ . - only, 64 at most")
        if name in taken:
            problem(f"redis_users has the name {name}, which is taken", "give each user a name of its own")
        taken.append(name)
        if not str(user["password"]) or (not local and len(str(user["password"])) < SECRET_LENGTH):
            problem(f"the password of {name} in redis_users is too short", f"generate one of {SECRET_LENGTH} or more")
        for number, rule in enumerate(user["rules"], 1):
            if not RULE.fullmatch(str(rule)):
                problem(
                    f"rule {number} of {name} in redis_users is none for commands, keys or channels",
                    "use rules such as +@read, -keys, ~cache:*, &news; the password is a value of its own",
                )
    return problems


class FilterModule:
    """Register the filter with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"redis_contradictions": contradictions}
