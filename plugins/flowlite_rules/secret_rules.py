"""Rules for secrets. None of the sentences shows one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

# Passwords that the original document or a template shows: everybody knows them.
KNOWN_SECRETS = {
    "rootpassword",
    "flowlite_password",
    "admin",
    "guest",
    "flowlite_redis_pass_2024",
    "flowlite_redis_admin_2024",
    "tu_password_seguro",
    "tu_password_usuario",
    "tu_password_rabbitmq",
    "tu_password_redis",
}
PLACEHOLDER = re.compile(
    r"change[_-]?me|placeholder|replace|example|secret|password|contrasena|cambia|reemplaza|todo|^x+$|<.*>",
    re.IGNORECASE,
)
# They are no better with something before or behind them.
KNOWN_PART = re.compile("flowlite_redis_(pass|admin)", re.IGNORECASE)
SECRET_LENGTH = 20
# 20 random hexadecimal digits have fewer than once in a thousand, 20 of our alphabet practically never.
DIFFERENT_CHARACTERS = 7


def is_secret(name: str, secrets: list[str]) -> bool:
    """Tell whether a variable is a secret or holds some: ``name``, or ``name[].key`` in a list of dictionaries."""
    return name in {secret.partition("[")[0] for secret in secrets}


def unreadable_problem(name: str, secret: bool, about: str, reason: str, environment: str) -> str:
    """Say why a variable's value cannot be read; what a secret holds is never quoted."""
    if "decrypt" in reason:
        return f"{name} is encrypted and cannot be read: name the password (--vault-password-file): {about}"
    missing = re.fullmatch(r"'vault_\w+' is undefined", reason)
    if secret and not missing:
        return f"{name} cannot be read: text with {{{{ or {{% in it needs the tag !unsafe before it: {about}"
    remedy = f"; make secrets ENV={environment} adds what is missing" if missing and environment != "local" else ""
    return f"{name} refers to something that is not there ({reason.removesuffix('.')}){remedy}: {about}"


def secret_problems(names: list[str], values: dict[str, Any], environment: str) -> list[str]:
    """Check the secrets that have a value; in local only an unusable one is refused."""
    found = ((name, _problem(value, environment)) for name, value in _given(names, values))
    return [f"{name} {problem}" for name, problem in found if problem]


def weakness(value: str) -> str | None:
    """Say why a secret is too easy to guess outside local, if it is."""
    if PLACEHOLDER.search(value) or value.lower() in KNOWN_SECRETS or KNOWN_PART.search(value):
        return "is a development default or a placeholder"
    if len(value) < SECRET_LENGTH:
        return f"has {len(value)} characters, outside local at least {SECRET_LENGTH} are wanted"
    different = len(set(value))
    if different < DIFFERENT_CHARACTERS:
        return f"has only {different} different character(s)"
    if any(value[length:] == value[:-length] for length in range(1, min(SECRET_LENGTH, len(value) // 2 + 1))):
        return "repeats one piece"
    if sum(abs(ord(one) - ord(next_)) <= 1 for one, next_ in pairwise(value)) > len(value) / 2:
        return "is a sequence"
    return None


def _given(names: list[str], values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in names:
        variable, in_list, key = name.partition("[].")
        if in_list:
            for entry in values.get(variable, []):
                yield f"{variable}[{entry.get('name')}].{key}", entry.get(key)
        elif name in values:
            yield name, values[name]


def _problem(value: Any, environment: str) -> str | None:
    if not isinstance(value, str):
        return "is no text: put quotes around it, YAML reads it as something else"
    if not value.strip():
        remedy = "set it in 10_environment.yml" if environment == "local" else f"make secrets ENV={environment} sets it"
        return f"is empty: {remedy}"
    if re.search(r"[\x00-\x1f\x7f]", value):
        return "holds a control character or a line break: a server reads it as the end of the password"
    if not value.isascii() or value != value.strip():
        # PyMySQL and the RabbitMQ modules send them as Latin-1, and rabbitmqctl trims: another password would be set.
        return "has a letter outside ASCII or a space at an end: servers and clients read those differently"
    weak = None if environment == "local" else weakness(value)
    if weak:
        return f"{weak}: take it out of the environment's vault.yml and run make secrets ENV={environment}"
    return None
