"""Specifications, defaults, shared variables and the roles' own files speak of the same variables."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_run import ROLES, ROOT
from plugin import load
from specifications import DEFAULTS, OPTIONS, RULES, SHARED, used_names

rules = load("plugins/flowlite_rules/input_rules.py")

EVERY = [(role, name) for role in ROLES for name in OPTIONS[role]]
PREFIXES = {role: tuple(RULES[role].get("prefixes", [f"{role}_"])) for role in ROLES}
READERS = [
    path
    for pattern in ("roles/*/tasks/*", "roles/*/templates/*", "roles/*/vars/[!i]*", "playbooks/*", "plugins/action/*")
    for path in ROOT.glob(pattern)
    if path.is_file()
]
ALL_OPTIONS = {name for options in OPTIONS.values() for name in options}


def not_to_be_set(spec: dict[str, Any]) -> bool:
    return "Not to be set" in str(spec["description"])


@pytest.mark.parametrize("role", ROLES)
def test_every_default_is_specified(role: str) -> None:
    assert DEFAULTS[role].keys() - OPTIONS[role].keys() == set()


@pytest.mark.parametrize(("role", "name"), EVERY)
def test_every_option_has_a_value_or_is_required(role: str, name: str) -> None:
    spec = OPTIONS[role][name]
    if not_to_be_set(spec):
        assert name not in DEFAULTS[role]
        assert not spec.get("required")
    elif spec.get("required"):
        # A secret may refer to the vault; anything else that has a default need not be given.
        assert name not in DEFAULTS[role] or name in RULES[role]["secrets"]
    else:
        assert name in DEFAULTS[role]


@pytest.mark.parametrize(("role", "name"), EVERY)
def test_names_begin_as_the_rules_say(role: str, name: str) -> None:
    assert name.startswith(PREFIXES[role])


@pytest.mark.parametrize(("role", "name"), EVERY)
def test_description_is_a_sentence(role: str, name: str) -> None:
    description = rules.first_sentence(OPTIONS[role][name]["description"])
    assert re.fullmatch(r"\S+ \S.*\S", description)
    assert description.endswith((".", ")"))


@pytest.mark.parametrize(("role", "name"), EVERY)
def test_default_fits_its_type(role: str, name: str) -> None:
    spec, value = OPTIONS[role][name], DEFAULTS[role].get(name)
    if value is not None and "{{" not in str(value):
        assert rules.specification_problems({name: spec}, {name: value}) == {}
    # Two defaults would drift apart.
    assert "default" not in spec or spec["default"] == value


@pytest.mark.parametrize("name", SHARED)
def test_shared_variable_is_specified(name: str) -> None:
    specs = [options[name] for options in OPTIONS.values() if name in options]
    assert len(specs) == 1
    if "{{" not in str(SHARED[name]):
        assert rules.specification_problems({name: specs[0]}, {name: SHARED[name]}) == {}


@pytest.mark.parametrize("name", SHARED)
def test_shared_variable_agrees_with_the_default(name: str) -> None:
    for defaults in DEFAULTS.values():
        if name in defaults and not name.startswith("db_schema_"):  # follows the server's, by reference
            assert defaults[name] == SHARED[name]


@pytest.mark.parametrize("role", ROLES)
def test_rules_speak_of_options(role: str) -> None:
    ports: dict[str, str] = RULES[role].get("ports", {})
    named = {*RULES[role].get("patterns", {}), *RULES[role].get("secrets", []), *ports, *ports.values()}
    assert named - OPTIONS[role].keys() == set()


@pytest.mark.parametrize("role", ROLES)
def test_passwords_are_secrets_and_required(role: str) -> None:
    passwords = {name for name in OPTIONS[role] if name.endswith("_password")}
    assert passwords == set(RULES[role].get("secrets", []))
    assert all(OPTIONS[role][name].get("required") for name in passwords)


@pytest.mark.parametrize("role", ROLES)
def test_patterns_accept_the_defaults(role: str) -> None:
    values = {name: value for name, value in (DEFAULTS[role] | SHARED).items() if "{{" not in str(value)}
    patterns = {name: rule for name, rule in RULES[role].get("patterns", {}).items() if name in OPTIONS[role]}
    assert rules.pattern_problems(patterns, values) == []


@pytest.mark.parametrize("role", ROLES)
def test_defaults_are_short(role: str) -> None:
    path = ROOT / f"roles/{role}/defaults/main.yml"
    assert len(path.read_text(encoding="utf-8").splitlines()) < 80


@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # a grant's backslash, which Jinja keeps
@pytest.mark.parametrize("role", ROLES)
def test_every_public_variable_in_use_is_specified(role: str) -> None:
    ours = tuple({prefix for each in PREFIXES.values() for prefix in each})
    assert [(path, name) for path, name in used_names(role) if name.startswith(ours) and name not in ALL_OPTIONS] == []


@pytest.mark.parametrize(("role", "name"), EVERY)
def test_every_option_is_read_by_something(role: str, name: str) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in READERS)
    assert re.search(rf"\b{name}\b", text)
