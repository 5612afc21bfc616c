"""Rules for what an operator gives to the roles. Each function returns sentences; an empty list is approval."""

from __future__ import annotations

import datetime
import difflib
import ipaddress
import re
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

_SPEC_KEYS = ("type", "choices", "required", "elements", "options")


def _spec(spec: dict[str, Any]) -> dict[str, Any]:
    """Keep what the validator understands; the role's defaults are in defaults/main.yml."""
    kept = {key: spec[key] for key in _SPEC_KEYS if key in spec}
    if isinstance(kept.get("options"), dict):
        kept["options"] = {name: _spec(inner) for name, inner in kept["options"].items()}
    return kept


def specification_problems(options: dict[str, Any], values: dict[str, Any]) -> dict[str, str]:
    """Check types, choices and required variables, one sentence a variable; what may be a secret is not shown."""
    problems = {}
    for name, spec in options.items():
        about = first_sentence(spec["description"])
        if name not in values:
            if spec.get("required"):
                problems[name] = f"{name} is not set: {about}"
        elif values[name] is None:
            problems[name] = f"{name} has no value: give it one, or take the line out: {about}"
        elif wrong := _type_problem(name, spec, values[name]):
            problems[name] = f"{name} {wrong}: {about}"
    return problems


def _type_problem(name: str, spec: dict[str, Any], value: Any) -> str:
    given = next((kind.__name__ for kind in (bool, int, float, str, list, dict) if isinstance(value, kind)), "unknown")
    wanted = str(spec["type"])
    # The validator reads text as a list or dictionary, and yes as the number 1; the roles do not.
    misread = (wanted in ("list", "dict") and given != wanted) or (wanted in ("int", "float") and given == "bool")
    errors = ArgumentSpecValidator({name: _spec(spec)}).validate({name: value}).error_messages
    if not errors and not misread:
        return ""
    if "choices" in spec:
        return f"is '{value}', it must be one of {', '.join(map(str, spec['choices']))}"
    if given == wanted:  # the mistake is inside
        return f"is a {wanted} that does not fit ({errors[-1].removesuffix('.')})"
    return f"is of type {given}, it must be of type {wanted}"


def first_sentence(description: str | list[str]) -> str:
    """Return what a specification says first about a variable, without the documentation's markup."""
    return re.sub(r"\b[BCIV]\(([^)]*)\)", r"\1", description if isinstance(description, str) else description[0])


def unknown_names(prefixes: list[str], options: set[str], given: set[str]) -> list[str]:
    """Name variables that begin like ours and that no specification knows."""
    problems = []
    for prefix, name in ((prefix, name) for name in sorted(given - options) for prefix in prefixes):
        if name.startswith(prefix):
            # Compared without the prefix, which would make any two of our names alike.
            candidates = {option.removeprefix(prefix): option for option in options if option.startswith(prefix)}
            near = difflib.get_close_matches(name.removeprefix(prefix), candidates, n=1)
            hint = f"did you mean {candidates[near[0]]}?" if near else "take it out; the role's README lists the names"
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


def address_problems(addresses: dict[str, Any]) -> list[str]:
    """Name each address that the engine could not publish a port on."""
    problems = []
    for name, value in addresses.items():
        try:
            ipaddress.IPv4Address(str(value))
        except ValueError:
            problems.append(
                f"{name} is '{value}': give an IPv4 address of the host, such as 127.0.0.1, or 0.0.0.0 for all"
            )
    return problems


def expired_pins(release: Any, releases: dict[str, Any], today: datetime.date) -> list[str]:
    """Name each pinned series of the release that is past its end of life on ``today``."""
    way_out = "pin a newer series in flowlite_releases" if release == "current" else "choose flowlite_release: current"
    return [
        f"{pin['image']} (flowlite_release: {release}) gets no security fixes since {pin['end_of_life']}: "
        f"{way_out}, or say flowlite_accept_eol: true"
        for pin in releases.get(release, {}).values()
        if pin.get("end_of_life") and datetime.date.fromisoformat(str(pin["end_of_life"])) < today
    ]
