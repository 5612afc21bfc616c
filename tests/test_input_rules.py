"""The rules for input alone, where their combinations would be too many for runs of the preflight checks."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from plugin import load

rules = load("plugins/flowlite_rules/input_rules.py")

PORTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"a_port": 1, "b_port": 65535}, []),
    ({"a_port": "3306", "b_port": 3307}, []),
    ({"a_port": 0}, ["a_port is 0"]),
    ({"a_port": -1}, ["a_port is -1"]),
    ({"a_port": 65536}, ["a_port is 65536"]),
    ({"a_port": "65536"}, ["a_port is 65536"]),
    ({"a_port": 80, "b_port": "80"}, ["b_port and a_port are both 80"]),
    ({"a_port": 80, "b_port": 80, "c_port": 80}, ["b_port and a_port are both 80", "c_port and a_port are both 80"]),
    ({"a_port": 80, "b_port": 0, "c_port": 80}, ["b_port is 0", "c_port and a_port are both 80"]),
    # The specification names these.
    ({"a_port": "many", "b_port": None, "c_port": [80]}, []),
]

TYPES: list[tuple[dict[str, Any], Any, str]] = [
    ({"type": "int"}, 5, ""),
    ({"type": "int"}, "5", ""),
    ({"type": "int"}, 5.5, "is of type float, it must be of type int"),
    ({"type": "int"}, True, "is of type bool, it must be of type int"),
    ({"type": "int"}, "", "is of type str, it must be of type int"),
    ({"type": "float"}, "0.5", ""),
    ({"type": "float"}, 2, ""),
    ({"type": "float"}, False, "is of type bool, it must be of type float"),
    ({"type": "bool"}, "yes", ""),
    ({"type": "bool"}, 1, ""),
    ({"type": "bool"}, "perhaps", "is of type str, it must be of type bool"),
    ({"type": "list"}, "a,b", "is of type str, it must be of type list"),
    ({"type": "list", "elements": "int"}, [1, "2"], ""),
    ({"type": "list", "elements": "int"}, [1, "two"], "is a list that does not fit"),
    ({"type": "dict"}, "a=b", "is of type str, it must be of type dict"),
    ({"type": "dict"}, [], "is of type list, it must be of type dict"),
    ({"type": "str", "choices": ["a", "b"]}, "b", ""),
    ({"type": "str", "choices": ["a", "b"]}, "c", "is 'c', it must be one of a, b"),
    ({"type": "str"}, None, "has no value"),
    ({"type": "str", "required": True}, None, "has no value"),
]

EXPIRY = [
    ("seed", datetime.date(2026, 4, 30), []),
    ("seed", datetime.date(2026, 5, 1), ["mysql:8.0", "choose flowlite_release: current"]),
    ("current", datetime.date(2032, 5, 1), ["mysql:8.4", "pin a newer series in flowlite_releases"]),
    ("unknown", datetime.date(2032, 5, 1), []),
]
RELEASES = {
    "seed": {"mysql": {"image": "mysql:8.0", "end_of_life": "2026-04-30"}, "redis": {"image": "redis:7"}},
    "current": {
        "mysql": {"image": "mysql:8.4", "end_of_life": "2032-04-30"},
        "redis": {"image": "x", "end_of_life": ""},
    },
}

UNKNOWN = [
    ({"mysql_port", "redis_port", "_mysql_x", "__mysql_look", "mysqlx"}, []),
    ({"mysql_prot"}, ["did you mean mysql_port?"]),
    ({"mysql_something_else"}, ["take it out"]),
    ({"mysql_prot", "mysql_usr"}, ["mysql_port?", "mysql_user?"]),
]


@pytest.mark.parametrize(("ports", "expected"), PORTS)
def test_ports(ports: dict[str, Any], expected: list[str]) -> None:
    problems = rules.port_problems(ports)
    assert len(problems) == len(expected)
    assert all(problem.startswith(start) for problem, start in zip(problems, expected, strict=True))


@pytest.mark.parametrize(("spec", "value", "words"), TYPES)
def test_types(spec: dict[str, Any], value: Any, words: str) -> None:
    problems = rules.specification_problems({"x": {**spec, "description": ["What x is.", "More."]}}, {"x": value})
    assert ("x" in problems) == bool(words)
    assert words in problems.get("x", "")
    assert not words or problems["x"].endswith(": What x is.")


def test_value_that_may_be_a_secret_is_not_shown() -> None:
    options = {"type": "list", "elements": "dict", "options": {"password": {"type": "str", "required": True}}}
    for value in (
        ["hunter2hunter2"],
        [{"pasword": "hunter2hunter2"}],
        {"password": "hunter2hunter2"},
        "hunter2hunter2",
    ):
        problems = rules.specification_problems({"users": {**options, "description": "Users."}}, {"users": value})
        assert "users" in problems
        assert "hunter2" not in problems["users"]


def test_only_a_required_variable_may_not_be_missing() -> None:
    options = {"a": {"type": "str", "required": True, "description": "A."}, "b": {"type": "str", "description": "B."}}
    assert rules.specification_problems(options, {}) == {"a": "a is not set: A."}


def test_markup_of_the_documentation_is_not_shown() -> None:
    assert rules.first_sentence("Is C(seed) or I(current) or none (see B(README)).") == (
        "Is seed or current or none (see README)."
    )


@pytest.mark.parametrize(("given", "expected"), UNKNOWN)
def test_unknown_names(given: set[str], expected: list[str]) -> None:
    problems = rules.unknown_names(["mysql_"], {"mysql_port", "mysql_user", "mysql_memory"}, given)
    assert len(problems) == len(expected)
    assert all(words in problem for problem, words in zip(problems, expected, strict=True))


@pytest.mark.parametrize(("release", "today", "words"), EXPIRY)
def test_end_of_life(release: str, today: datetime.date, words: list[str]) -> None:
    problems = rules.expired_pins(release, RELEASES, today)
    assert len(problems) == bool(words)
    assert all(word in problems[0] for word in words)


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "10.1.2.3"])
def test_address_is_taken(address: str) -> None:
    assert rules.address_problems({"bind_address": address}) == []


@pytest.mark.parametrize(
    "address", ["localhost", "", "10.1.2", "10.1.2.3.4", "10.1.2.256", "127.0.0.1:3306", "eth0", "::1"]
)
def test_address_is_refused(address: str) -> None:
    assert len(rules.address_problems({"bind_address": address})) == 1


def test_pattern_holds_for_the_whole_value() -> None:
    pattern = {"x": {"regex": "[a-z]+", "says": "use letters"}}
    assert rules.pattern_problems(pattern, {"x": "abc"}) == []
    assert rules.pattern_problems(pattern, {}) == []
    for value in ("abc\n", "abc1", "", 12):
        assert rules.pattern_problems(pattern, {"x": value}) == [f"x is '{value}': use letters"]
