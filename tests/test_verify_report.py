"""The report of playbooks/verify.yml: verdict, page, history, and what is told of a container."""

from __future__ import annotations

import datetime
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_run import ROOT
from plugin import load

sys.path.append(str(ROOT / "plugins"))

from flowlite_reports.page import page, points
from flowlite_reports.run import run_of
from flowlite_reports.store import history, save

verified = load("plugins/filter/flowlite_verified.py")

NOW = datetime.datetime(2026, 11, 24, 22, 0, 0, tzinfo=datetime.UTC)
PROBLEM = {"what": "<b>a</b> differs", "remedy": "mend it"}
LOOKS = [
    ({"problems": []}, "fine"),
    ({"problems": [PROBLEM], "reachable": True}, "drift"),
    ({"problems": [], "undeclared": [PROBLEM]}, "drift"),
    ({"problems": [PROBLEM], "reachable": False}, "broken"),
    ({"problems": [PROBLEM], "server": None}, "broken"),
    ({"problems": [{**PROBLEM, "broken": True}]}, "broken"),
]


@pytest.mark.parametrize(("look", "status"), LOOKS)
def test_status(look: dict[str, Any], status: str) -> None:
    assert verified.status(look) == status
    assert run_of({"host": verified.sections({"mysql": look})}, 0, NOW)["verdict"] == status


def made(second: int = 0, **hosts: Any) -> dict[str, Any]:
    """A run, so many seconds after NOW."""
    seen = {"host": verified.sections({"mysql": {"problems": [PROBLEM], "version": "9", "connections": 2}})}
    run = run_of(hosts or seen, NOW.timestamp() - 1, NOW + datetime.timedelta(seconds=second))
    return {"environment": "local", "deployment": "flowlite", **run}


def test_host_that_could_not_be_looked_at_is_broken() -> None:
    run = made(away=None)
    assert (run["verdict"], run["totals"]["problems"]) == ("broken", 1)


def test_page_needs_nothing_else_and_escapes() -> None:
    text = page(made(), [made()])
    assert "&lt;b&gt;a&lt;/b&gt; differs" in text
    assert "mend it" in text
    assert not re.search(r"<script|<link|<img|src=|href=|https?:|@import|url\(", text)
    assert all(words in text for words in ("width=device-width", "prefers-color-scheme: dark", "<polyline"))


def test_history_is_bounded_private_and_linked(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "reports"
    for second in range(4):
        save(directory, made(second), "page", keep=2)
    assert [run["written"][-3:-1] for run in history(directory)] == ["02", "03"]
    assert len(list(directory.iterdir())) == 6
    assert json.loads((directory / "verify-latest.json").read_text())["written"] == "2026-11-24T22:00:03Z"
    assert {oct(path.stat().st_mode & 0o777) for path in directory.iterdir()} == {"0o600"}
    assert oct((tmp_path / "new").stat().st_mode & 0o777) == "0o700"


def test_unreadable_run_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "verify-1.json").write_text("{")
    (tmp_path / "verify-2.json").write_text("{}")
    assert history(tmp_path) == []


def test_points_leave_gaps_and_stay_in_the_box() -> None:
    assert points([1, None, 3]) == [(4.0, 32.0), (156.0, 4.0)]
    assert points([5, 5]) == [(4.0, 18.0), (156.0, 18.0)]
    assert points([None]) == []


def test_differences_of_a_container_tell_no_value_of_its_environment() -> None:
    diff = {"before": {"env": ["A=secret", "B=1"], "memory": 0}, "after": {"env": ["B=1"], "memory": 2**29}}
    found = verified.container_differences("x", {"diff": diff}, {"written": ["a.conf"]})
    assert [each["what"] for each in found] == [
        "container x: environment variables are not as declared: A",
        "container x: memory is unlimited, declared is 512 MiB",
        "container x: file a.conf is not as declared",
    ]


def test_differences_of_a_service() -> None:
    found = verified.package_differences({"made": ["/etc/x"], "written": ["/etc/x/y"], "restart": True}, "redis")
    assert [each["what"] for each in found] == [
        "/etc/x, of service redis, is not as declared",
        "/etc/x/y, of service redis, is not as declared",
    ]
    (late,) = verified.package_differences({"made": [], "written": [], "restart": True}, "redis")
    assert "was started before its files were written" in late["what"]
    assert verified.package_differences({"made": [], "written": [], "restart": False}, "redis") == []


def test_page_shows_the_verdict_of_each_run_and_a_remedy_once() -> None:
    run = made()
    run["sections"][0]["problems"] = [PROBLEM, {**PROBLEM, "what": "another"}]
    text = page(run, [made(), {**made(), "verdict": "broken"}])
    assert [text.count(f'<i class="{verdict}"') for verdict in ("drift", "broken", "fine")] == [2, 1, 0]
    assert text.count("mend it") == 1
