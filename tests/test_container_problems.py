"""What a person reads about containers, problems and facts, and the closing lines of a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from plugin import load

problems = load("plugins/filter/flowlite_problems.py")
summary = load("plugins/callback/flowlite_summary.py")

STATUS = [
    ("Up 3 minutes (healthy)", ""),
    ("Up 3 minutes (unhealthy)", "docker logs flowlite-mysql"),
    ("Up 2 seconds (health: starting)", "docker logs flowlite-mysql"),
    ("Up 3 minutes", "docker logs flowlite-mysql"),
    ("Up 3 minutes (Paused)", "docker logs flowlite-mysql"),
    ("Exited (137) 2 minutes ago", "docker logs flowlite-mysql"),
    ("Restarting (1) 2 seconds ago", "docker logs flowlite-mysql"),
    ("Created", "docker logs flowlite-mysql"),
]


@pytest.mark.parametrize(("status", "log"), STATUS)
def test_container(status: str, log: str) -> None:
    listed = [{"Names": ["/flowlite-mysql"], "Status": status}, {"Names": ["/flowlite-mysql-2"], "Status": "Created"}]
    found = problems.container_problems({"can_talk_to_docker": True, "containers": listed}, "flowlite", ["mysql"])
    assert len(found) == bool(log)
    assert all(status in each["what"] and log in each["remedy"] and "site.yml" in each["remedy"] for each in found)


def test_missing_container_has_no_log() -> None:
    found = problems.container_problems({"can_talk_to_docker": True, "containers": []}, "flowlite", ["redis"])
    what = "container flowlite-redis is not healthy: missing"
    assert found == [{"what": what, "remedy": "run playbooks/site.yml", "broken": True}]


@pytest.mark.parametrize("engine", [{}, {"can_talk_to_docker": False}, {"failed": True, "msg": "no socket"}])
def test_engine_that_does_not_answer_is_one_problem(engine: dict[str, Any]) -> None:
    found = problems.container_problems(engine, "flowlite", ["mysql", "redis"])
    assert [each["what"] for each in found] == ["no container engine answers"]


def test_problems_are_listed_with_their_remedies() -> None:
    listed = problems.problem_list([{"what": "a is wrong", "remedy": "mend a"}, {"what": "b", "remedy": "c"}])
    assert listed == "✗ a is wrong\n  → mend a\n✗ b\n  → c"
    assert problems.problem_list([]) == ""


def test_facts_are_what_the_looks_found() -> None:
    looks = {"mysql": {"version": "9.7", "problems": [], "changed": False, "failed": False}, "redis": {}}
    assert problems.facts(looks) == {"mysql": {"version": "9.7"}}


def closing_lines(failures: dict[str, int], dark: dict[str, int], custom: dict[str, Any]) -> list[str]:
    """What the callback prints at the end of a play with these statistics."""
    lines: list[str] = []
    callback = summary.CallbackModule()
    callback._display = SimpleNamespace(display=lines.append)
    callback.v2_playbook_on_stats(SimpleNamespace(failures=failures, dark=dark, custom=custom))
    return lines


LINES = {"_run": {"flowlite_summary": ["ready", "✓ all"]}}


@pytest.mark.parametrize(
    ("failures", "dark", "custom", "lines"),
    [
        ({}, {}, LINES, ["ready", "✓ all"]),
        ({"db": 1}, {}, LINES, []),
        ({}, {"db": 1}, LINES, []),
        ({}, {}, {}, []),
        ({}, {}, {"_run": {"other": 1}}, []),
    ],
)
def test_closing_lines(
    failures: dict[str, int], dark: dict[str, int], custom: dict[str, Any], lines: list[str]
) -> None:
    assert closing_lines(failures, dark, custom) == lines
