"""Rules for secrets. None of the sentences shows one."""

from __future__ import annotations

import re
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
PLACEHOLDER = re.compile(r"change[_-]?me|placeholder|example|secret|password|todo|^x+$|<.*>", re.IGNORECASE)
SECRET_LENGTH = 20


def unreadable_problem(name: str, secret: bool, about: str, reason: str) -> str:
    """Say why a variable's value cannot be read; what a secret holds is never quoted."""
    if "decrypt" in reason:
        return f"{name} is encrypted and cannot be read: name the password (--vault-password-file): {about}"
    if secret and not re.fullmatch(r"'vault_\w+' is undefined", reason):
        return f"{name} cannot be read: text with {{{{ or {{% in it needs the tag !unsafe before it: {about}"
    return f"{name} refers to something that is not there ({reason.removesuffix('.')}): {about}"


def secret_problems(names: list[str], values: dict[str, Any], local: bool) -> list[str]:
    """Check the secrets that have a value; in local only an unusable one is refused."""
    found = ((name, _secret_problem(values[name], local)) for name in names if name in values)
    return [f"{name} {problem}" for name, problem in found if problem]


def _secret_problem(value: Any, local: bool) -> str | None:
    if not isinstance(value, str):
        return "is no text: put quotes around it, YAML reads it as something else"
    if not value.strip():
        return "is empty: set it in the environment's vault.yml (local: 10_environment.yml)"
    if re.search(r"[\x00-\x1f\x7f]", value):
        return "holds a control character or a line break: a server reads it as the end of the password"
    if not value.isascii() or value != value.strip():
        # PyMySQL and the RabbitMQ modules send them as Latin-1, and rabbitmqctl trims: another password would be set.
        return "has a letter outside ASCII or a space at an end: servers and clients read those differently"
    if local:
        return None
    if value.lower() in KNOWN_SECRETS or PLACEHOLDER.search(value):
        return "is a development default or a placeholder: put a generated one into the environment's vault.yml"
    if len(value) < SECRET_LENGTH:
        return f"has {len(value)} characters, outside local at least {SECRET_LENGTH} are wanted: generate one"
    return None
