"""The rows of a drill's report: an accident that came to no end is a failed drill, never a missing one."""

from __future__ import annotations

import json

import pytest
from plugin import load

rows = load("roles/drill/filter_plugins/drill_rows.py")


def test_what_an_accident_printed_is_its_row() -> None:
    printed = {"drill": "kill -9: MySQL", "passed": True}
    assert rows.row({"stdout": json.dumps(printed), "item": {"item": "mysql"}}, "kill -9") == printed


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ({"stdout": "", "stderr": "Traceback\nKeyError: 'x'", "rc": 1}, "KeyError: 'x'"),
        ({"msg": "Timeout", "finished": 0}, "Timeout"),
        ({"stdout": "{", "rc": 0}, "it did not end"),
    ],
)
@pytest.mark.parametrize("item", ["mysql", {"key": "mysql", "value": {}}])
def test_one_that_printed_nothing_has_failed(job: dict[str, object], said: str, item: object) -> None:
    row = rows.row({**job, "item": {"item": item}}, "disk full")
    assert row["drill"] == "disk full: mysql"
    assert row["passed"] is False
    assert row["problems"] == [said]


def test_rows_come_in_the_order_of_the_report_and_others_last() -> None:
    given = [{"drill": name} for name in ("bring-up", "b", "a")]
    assert [row["drill"] for row in rows.order(given, ["a", "b"])] == ["a", "b", "bring-up"]


def test_a_duration_is_read_as_seconds() -> None:
    assert rows.seconds("1:02:03.456789") == 3723.5


def test_versions_are_what_servers_say() -> None:
    said = {
        "mysql": "/usr/sbin/mysqld  Ver 9.7.4-1 for Linux on x86_64",
        "rabbitmq": "4.0.5",
        "redis": "Redis server v=7.0.15 sha=00000000:0",
    }
    results = [{"item": {"service": service}, "stdout": text} for service, text in said.items()]
    assert rows.versions(results) == {"mysql": "9.7.4", "rabbitmq": "4.0.5", "redis": "7.0.15"}


def test_the_last_error_of_a_playbook_is_told_on_one_line() -> None:
    text = "[ERROR]: rescued\nOrigin: a\n\n[ERROR]: Task failed: 2 problems:\n- one\n- two\nOrigin: site.yml:3\n\nRECAP"
    assert rows.error(text) == "Task failed: 2 problems: - one - two"
    assert rows.error("PLAY RECAP") == "it named no error"
