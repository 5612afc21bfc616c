"""What a drill tells of an accident, on servers that break their promise in one way each."""

from __future__ import annotations

import importlib
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_run import ROOT

sys.path.append(str(ROOT / "roles/drill/files"))
accidents: Any = importlib.import_module("drill_accidents")
ledgers: Any = importlib.import_module("drill_ledger")


class Store:
    """A server in memory, of which something may be wrong."""

    unit = "things"

    def __init__(self, wrong: str = "", grace: float = 0.0) -> None:
        self.wrong, self.grace = wrong, grace
        # Of several one may be answered after another has seen the death.
        self.clients = 1 if grace else 2
        self.kept: list[int] = []
        self.blocked: list[str] = []
        self.open = threading.Event()
        self.open.set()
        self.down = self.full = False
        self.process = 100
        self.lock = threading.Lock()

    def connect(self) -> Store:
        return self

    def close(self) -> None:
        pass

    def write(self, number: int) -> None:
        time.sleep(0.001)
        if self.wrong == "hangs" and number == 5:
            threading.Event().wait()
        if self.full:
            self.blocked += [] if self.wrong == "blocks nobody" else ["no room"]
            self.open.wait()
            if self.wrong == "refuses":
                raise OSError("refused once there is room")
        if self.down:
            raise OSError("gone")
        with self.lock:
            self.kept.append(number)

    def found(self, expected: int) -> list[int]:
        return self.kept * 2 if self.wrong == "doubles" else self.kept

    def kill(self, container: str) -> int:
        victim = self.process
        self.down = True
        time.sleep(0.02)
        with self.lock:
            self.kept = {"loses the first": self.kept[1:], "loses the last": self.kept[:-1]}.get(self.wrong, self.kept)
        self.process += self.wrong != "does not die"
        if self.wrong != "does not come back":
            threading.Timer(0.05, lambda: setattr(self, "down", False)).start()
        return victim

    def fill(self, *_: object) -> None:
        if self.wrong != "has room":
            self.open.clear()
            self.full = True

    def free(self, *_: object) -> None:
        with self.lock:
            self.kept = self.kept[1:] if self.wrong == "loses the first" else self.kept
        if self.wrong != "stays full":
            self.full = False
            self.open.set()


class Broker(Store, accidents.RabbitMQ):
    """One that must block its publishers."""


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Have an accident, and return its problems, or how it came to no end."""
    for name, value in {"WRITES": 150, "KILL_AT": (40, 80), "AROUND_FULL": 30, "STILL": 0.3}.items():
        monkeypatch.setattr(accidents, name, value)

    def run(accident: str, server: Store, says: str) -> Any:
        # Nobody waits in vain but where that is what is to be told.
        monkeypatch.setattr(accidents, "PATIENCE", 0.5 if "within 0.5 s" in says else 30)
        for name in ("kill", "fill", "free"):
            monkeypatch.setattr(accidents, name, getattr(server, name))
        monkeypatch.setattr(accidents, "process", lambda container: server.process)
        more = () if accident == "killed" else ("holder", "/redis", 1)
        try:
            return getattr(accidents, accident)(server, ledgers.Ledger(tmp_path / "ledger"), "c", *more)["problems"]
        except (TimeoutError, RuntimeError) as error:
            return str(error)

    return run


@pytest.mark.parametrize(
    ("wrong", "grace", "says"),
    [
        ("", 0.0, "[]"),
        ("loses the first", 0.0, "2 acknowledged and lost"),
        ("loses the first", 0.02, "2 acknowledged and lost"),
        ("loses the last", 0.0, "2 acknowledged and lost"),
        ("loses the last", 0.5, "[]"),
        ("doubles", 0.0, "found more than once"),
        ("does not die", 0.0, "c: process 100 was not killed"),
        ("does not come back", 0.0, "an acknowledgement after the kill: not within 0.5 s"),
        ("hangs", 0.0, "1 of 2 clients had no answer within 0.5 s"),
    ],
)
def test_killed(told: Callable[..., Any], wrong: str, grace: float, says: str) -> None:
    assert says in str(told("killed", Store(wrong, grace), says))


@pytest.mark.parametrize(
    ("kind", "wrong", "says"),
    [
        (Store, "", "[]"),
        (Store, "refuses", "[]"),
        (Store, "loses the first", "1 acknowledged and lost"),
        (Store, "has room", "a full disk stops the clients: not within 0.5 s"),
        (Store, "stays full", "an acknowledgement after there is room: not within 0.5 s"),
        (Broker, "", "[]"),
        (Broker, "refuses", "a publisher was refused, not blocked: OSError: refused once there is room"),
        (Broker, "blocks nobody", "no publisher was told that it is blocked"),
    ],
)
def test_disk_full(told: Callable[..., Any], kind: type[Store], wrong: str, says: str) -> None:
    assert says in str(told("full", kind(wrong), says))
