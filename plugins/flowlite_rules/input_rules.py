"""Rules for what an operator gives to the roles. Each function returns sentences; an empty list is approval."""

from __future__ import annotations

import datetime
import difflib
import re
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

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
PLACEHOLDER = re.compile(r"change[_-]?me|placeholder|example|secret|password|todo|xxx|<.*>", re.IGNORECASE)
SECRET_LENGTH = 20
_SPEC_KEYS = ("type", "choices", "required", "elements", "options")


def _spec(spec: dict[str, Any]) -> dict[str, Any]:
    """Keep what the validator understands; the role's defaults are in defaults/main.yml."""
    kept = {key: spec[key] for key in _SPEC_KEYS if key in spec}
    if isinstance(kept.get("options"), dict):
        kept["options"] = {name: _spec(inner) for name, inner in kept["options"].items()}
    return kept


def specification_problems(role: str, options: dict[str, Any], values: dict[str, Any]) -> list[str]:
    """Check types, choices and required variables; a value is never shown, it may be a secret."""
    problems = []
    for name, spec in options.items():
        if name not in values:
            if spec.get("required"):
                problems.append(f"{name} is not set: {_first(spec['description'])}")
            continue
        verdict = ArgumentSpecValidator({name: _spec(spec)}).validate({name: values[name]})
        if verdict.error_messages:
            wanted = f"one of {', '.join(map(str, spec['choices']))}" if "choices" in spec else f"of type {spec['type']}"
            shown = f"'{values[name]}'" if "choices" in spec else f"of type {type(values[name]).__name__}"
            problems.append(f"{name} is {shown}, it must be {wanted}: {_first(spec['description'])}")
    return problems


def _first(description: str | list[str]) -> str:
    return description if isinstance(description, str) else description[0]


def unknown_names(prefixes: list[str], options: set[str], given: set[str]) -> list[str]:
    """Name variables that begin like ours and that no specification knows."""
    problems = []
    for name in sorted(given - options):
        if name.startswith(tuple(prefixes)):
            near = difflib.get_close_matches(name, options, n=1)
            hint = f"did you mean {near[0]}?" if near else "take it out; the role's README lists the names there are"
            problems.append(f"{name} is no variable of this project: {hint}")
    return problems


def pattern_problems(patterns: dict[str, dict[str, str]], values: dict[str, Any]) -> list[str]:
    """Compare names with what the server accepts; ``says`` explains the ``regex`` to a person."""
    return [
        f"{name} is '{values[name]}': {rule['says']}"
        for name, rule in patterns.items()
        if name in values and not re.fullmatch(rule["regex"], str(values[name]))
    ]


def port_problems(ports: dict[str, Any]) -> list[str]:
    """Name each port out of range, and each pair of variables with the same port."""
    problems: list[str] = []
    seen: dict[int, str] = {}
    for name, value in ports.items():
        try:
            number = int(value)
        except (TypeError, ValueError):
            continue  # the specification's type check names it
        if not 1 <= number <= 65535:
            problems.append(f"{name} is {number}: a TCP port is 1 to 65535")
        elif number in seen:
            problems.append(f"{name} and {seen[number]} are both {number}: give one of them another port")
        seen.setdefault(number, name)
    return problems


def secret_problems(names: list[str], values: dict[str, Any], local: bool) -> list[str]:
    """Check the secrets without showing them; in local only an unusable one is refused."""
    found = ((name, _secret_problem(values.get(name), local)) for name in names)
    return [f"{name} {problem}" for name, problem in found if problem]


def _secret_problem(value: Any, local: bool) -> str | None:
    text = "" if value is None else str(value)
    if not text.strip():
        return "is empty: set it in the environment's vault.yml (local: 10_environment.yml)"
    if re.search(r"[\x00-\x1f\x7f]", text):
        return "holds a control character or a line break: a server reads it as the end of the password"
    if local:
        return None
    if text.lower() in KNOWN_SECRETS or PLACEHOLDER.search(text):
        return "is a development default or a placeholder: put a generated one into the environment's vault.yml"
    if len(text) < SECRET_LENGTH:
        return f"has {len(text)} characters, outside local at least {SECRET_LENGTH} are wanted: generate one"
    return None


def expired_pins(release: str, releases: dict[str, Any], today: datetime.date) -> list[str]:
    """Name each pinned series of the release that is past its end of life on ``today``."""
    return [
        f"{pin['image']} (flowlite_release: {release}) gets no security fixes since {pin['end_of_life']}: "
        "choose flowlite_release: current, or say flowlite_accept_eol: true"
        for pin in releases.get(release, {}).values()
        if pin["end_of_life"] and datetime.date.fromisoformat(str(pin["end_of_life"])) < today
    ]
