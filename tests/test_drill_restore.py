"""What a drill tells of a restore that is not like its receipt."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest
from ansible_run import ROOT

sys.path.append(str(ROOT / "roles/drill/files"))
restore = importlib.import_module("drill_restore")

RECEIPT = {"mysql": {"tables": {"Bank": {"rows": 3, "checksum": 7}, "Insights": {"rows": 2, "checksum": 8}}}}
ENVIRONMENT = {"RABBITMQ_QUEUE": "batch_processed"}


class Broker:
    """A server that has the queue, or refuses it."""

    parameters = None

    def __init__(self, there: bool) -> None:
        self.there = there

    def __enter__(self) -> Broker:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def channel(self) -> Broker:
        return self

    def queue_declare(self, name: str, passive: bool) -> None:
        assert passive
        if not self.there:
            raise restore.pika.exceptions.ChannelClosedByBroker(404, f"no queue '{name}'")


class Keys:
    """A server that has keys with these numbers."""

    def __init__(self, numbers: range) -> None:
        self.numbers = numbers

    def found(self, expected: int) -> list[int]:
        return list(self.numbers)


ALL = range(1, restore.KEYS + 1)


@pytest.mark.parametrize(
    ("tables", "keys", "queue", "found", "problem"),
    [
        ({}, ALL, True, 1005, ""),
        ({"Insights": None}, ALL, True, 1003, "table Insights is missing"),
        ({"Insights": (1, 9)}, ALL, True, 1004, "table Insights has 1 rows, 2 were saved"),
        ({"Bank": (4, 9)}, ALL, True, 1005, "table Bank has 4 rows, 3 were saved"),
        ({"Bank": (3, 9)}, ALL, True, 1005, "table Bank has other rows than were saved"),
        ({}, range(2, 1002), True, 1004, "999 of 1000 keys are there"),
        ({}, ALL, False, 1005, "queue batch_processed: "),
    ],
)
def test_compare(
    monkeypatch: pytest.MonkeyPatch,
    tables: dict[str, tuple[int, int] | None],
    keys: range,
    queue: bool,
    found: int,
    problem: str,
) -> None:
    there = {name: kept for name, kept in {"Bank": (3, 7), "Insights": (2, 8), **tables}.items() if kept}

    def ask(env: dict[str, str], statement: str) -> list[tuple[Any, ...]]:
        if statement == "SHOW TABLES":
            return [(name,) for name in there]
        name = statement.split("`")[1]
        return [(there[name][0],)] if "COUNT" in statement else [(name, there[name][1])]

    monkeypatch.setattr(restore, "ask", ask)
    monkeypatch.setattr(restore, "Redis", lambda env: Keys(keys))
    monkeypatch.setattr(restore, "RabbitMQ", lambda env: Broker(queue))
    monkeypatch.setattr(restore.pika, "BlockingConnection", lambda parameters: Broker(queue))
    compared = restore.compare(ENVIRONMENT, RECEIPT)
    assert (compared["expected"], compared["found"]) == (1005, found)
    assert len(compared["problems"]) == bool(problem)
    assert problem in str(compared["problems"])
