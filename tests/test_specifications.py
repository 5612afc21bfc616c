"""Specifications, defaults, shared variables and the roles' own files speak of the same variables."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_run import ROLES, ROOT
from plugin import load
from specifications import DEFAULTS, OPTIONS, RULES, SHARED, used_names

rules = load("plugins/flowlite_rules/input_rules.py")

PREFIXES = {role: tuple(RULES[role].get("prefixes", [f"{role}_"])) for role in ROLES}
ALL_OPTIONS = {name: spec for options in OPTIONS.values() for name, spec in options.items()}
READERS = "\n".join(
    path.read_text(encoding="utf-8")
    for pattern in ("roles/*/tasks/*", "roles/*/templates/*", "roles/*/vars/[!i]*", "playbooks/*", "plugins/action/*")
    for path in ROOT.glob(pattern)
    if path.is_file()
)
every_role = pytest.mark.parametrize("role", ROLES)


def not_to_be_set(spec: dict[str, Any]) -> bool:
    return "Not to be set" in str(spec["description"])


def is_settled(role: str, name: str) -> bool:
    """Whether a variable has a default, is asked for, or is none of the operator's."""
    spec, has_default = OPTIONS[role][name], name in DEFAULTS[role]
    if not_to_be_set(spec):
        return not has_default and not spec.get("required")
    if spec.get("required"):  # a secret's default is a reference to the vault
        return not has_default or name in RULES[role]["secrets"]
    return has_default


def misfits(values: dict[str, Any], options: dict[str, Any]) -> dict[str, str]:
    """What the specifications say against values that are no templates."""
    plain = {name: value for name, value in values.items() if "{{" not in str(value)}
    return dict(rules.specification_problems({name: options[name] for name in plain.keys() & options.keys()}, plain))


@every_role
def test_every_default_is_specified(role: str) -> None:
    assert DEFAULTS[role].keys() - OPTIONS[role].keys() == set()


@every_role
def test_every_option_has_a_default_or_is_required(role: str) -> None:
    assert [name for name in OPTIONS[role] if not is_settled(role, name)] == []


@every_role
def test_default_fits_its_type(role: str) -> None:
    assert misfits(DEFAULTS[role], OPTIONS[role]) == {}


@every_role
def test_no_second_default_differs(role: str) -> None:
    second = {name: spec["default"] for name, spec in OPTIONS[role].items() if "default" in spec}
    assert {name: DEFAULTS[role].get(name) for name in second} == second


@every_role
def test_description_is_a_sentence(role: str) -> None:
    said = {name: rules.first_sentence(spec["description"]) for name, spec in OPTIONS[role].items()}
    assert [name for name, text in said.items() if not re.fullmatch(r"\S+ \S.*\S", text) or text[-1] not in ".)"] == []


@every_role
def test_names_begin_as_the_rules_say(role: str) -> None:
    assert [name for name in OPTIONS[role] if not name.startswith(PREFIXES[role])] == []


@every_role
def test_every_option_is_read_by_something(role: str) -> None:
    assert [name for name in OPTIONS[role] if not re.search(rf"\b{name}\b", READERS)] == []


def test_shared_variables_are_specified_once() -> None:
    specified = [name for options in OPTIONS.values() for name in options if name in SHARED]
    assert sorted(specified) == sorted(SHARED)
    assert misfits(SHARED, ALL_OPTIONS) == {}


@every_role
def test_shared_variables_agree_with_the_defaults(role: str) -> None:
    # db_schema_* follow the server's variables there.
    both = {name for name in DEFAULTS[role].keys() & SHARED.keys() if not name.startswith("db_schema_")}
    assert {name: DEFAULTS[role][name] for name in both} == {name: SHARED[name] for name in both}


@every_role
def test_rules_speak_of_options(role: str) -> None:
    ports: dict[str, str] = RULES[role].get("ports", {})
    secrets = {secret.partition("[")[0] for secret in RULES[role].get("secrets", [])}
    named = {*RULES[role].get("patterns", {}), *secrets, *ports, *ports.values()}
    assert named - OPTIONS[role].keys() == set()


@every_role
def test_passwords_are_secrets_and_required(role: str) -> None:
    passwords = {name for name in OPTIONS[role] if name.endswith("_password")}
    inside = {f"{name}[].password" for name, spec in OPTIONS[role].items() if "password" in spec.get("options", {})}
    assert passwords | inside == set(RULES[role].get("secrets", []))
    assert all(OPTIONS[role][name].get("required") for name in passwords)


@every_role
def test_patterns_accept_the_defaults(role: str) -> None:
    values = {name: value for name, value in (DEFAULTS[role] | SHARED).items() if "{{" not in str(value)}
    patterns = {name: rule for name, rule in RULES[role].get("patterns", {}).items() if name in OPTIONS[role]}
    assert rules.pattern_problems(patterns, values) == []


@every_role
def test_defaults_are_short(role: str) -> None:
    path = ROOT / f"roles/{role}/defaults/main.yml"
    assert not path.exists() or len(path.read_text(encoding="utf-8").splitlines()) < 80


@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # a grant's backslash, which Jinja keeps
@every_role
def test_every_public_variable_in_use_is_specified(role: str) -> None:
    ours = tuple({prefix for each in PREFIXES.values() for prefix in each})
    assert [(path, name) for path, name in used_names(role) if name.startswith(ours) and name not in ALL_OPTIONS] == []
