"""An accident under acknowledged writes; prints what came of it as one JSON object, a row of the drill's report.

drill_accidents.py killed SERVICE ENVIRONMENT_FILE CONTAINER LEDGER
drill_accidents.py full SERVICE ENVIRONMENT_FILE CONTAINER LEDGER HOLDER LEAVE
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drill_containers import fill, free, kill, process
from drill_ledger import Ledger, compare
from drill_servers import SERVERS, Client, RabbitMQ, Server, close, settings

NAMES = {"mysql": "MySQL", "rabbitmq": "RabbitMQ", "redis": "Redis"}
WRITES = 10_000
KILL_AT = (3_000, 6_000)
# Before the disk is full, and after it is not any more.
AROUND_FULL = 500
# Without an answer for so many seconds the clients are stopped by the disk.
STILL = 5
# The longest that a server may take to do what is waited for.
PATIENCE = 150


class Writers:
    """Clients that write numbers until they are told to stop, and log in again after every failure."""

    def __init__(self, server: Server, ledger: Ledger) -> None:
        """As many clients as the server has."""
        self._server, self._ledger = server, ledger
        self._over = threading.Event()
        # Daemons: one that hangs for ever is told as such, and does not keep the drill.
        self._threads = [threading.Thread(target=self._write, daemon=True) for _ in range(server.clients)]

    def __enter__(self) -> Writers:
        """Begin."""
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Let each finish its write; raises TimeoutError where one hangs, unless something else was wrong before."""
        self._over.set()
        deadline = time.monotonic() + PATIENCE
        for each in self._threads:
            each.join(max(0.0, deadline - time.monotonic()))
        hanging = sum(each.is_alive() for each in self._threads)
        if hanging and kind is None:
            raise TimeoutError(f"{hanging} of {len(self._threads)} clients had no answer within {PATIENCE} s")

    def _write(self) -> None:
        client: Client | None = None
        while not self._over.is_set():
            number = self._ledger.take()
            try:
                client = client or self._server.connect()
                client.write(number)
            except Exception as error:
                self._ledger.refuse(number, error)
                close(client)
                client = None
                time.sleep(0.1)
            else:
                self._ledger.acknowledge(number)
        close(client)


def wait(what: str, condition: Callable[[], object]) -> None:
    """Wait until something holds; raises TimeoutError that says what did not."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {PATIENCE} s")
        time.sleep(0.02)


def killed(server: Server, ledger: Ledger, container: str) -> dict[str, Any]:
    """Kill the server twice under its clients, and wait each time until it acknowledges again by itself."""
    deaths, seconds, at = [], [], []
    with Writers(server, ledger):
        for count in KILL_AT:
            wait(f"{count} {server.unit} acknowledged", lambda: len(ledger.acknowledged) >= count)  # noqa: B023
            began = time.monotonic()
            victim = kill(container)
            dead = time.monotonic()
            at.append(len(ledger.acknowledged))
            wait("an acknowledgement after the kill", lambda: ledger.after(dead))  # noqa: B023
            seconds.append(round(ledger.after(dead)[0] - dead, 1))
            if process(container) == victim:
                raise RuntimeError(f"{container}: process {victim} was not killed")
            deaths.append(min((moment for moment, _ in ledger.refused if moment >= began), default=dead))
        wait(f"{WRITES} {server.unit} acknowledged", lambda: len(ledger.acknowledged) >= WRITES)
    verdict = compare(
        ledger.acknowledged, ledger.sent, server.found(len(ledger.acknowledged)), deaths, grace=server.grace
    )
    times = " and ".join(map(str, at))
    return {
        "did": f"{server.clients} client(s) writing; server process killed after {times} acknowledged {server.unit}",
        "excused": len(verdict.excused),
        "verdict": verdict,
        "seconds": max(seconds),
        "problems": verdict.problems,
    }


def full(server: Server, ledger: Ledger, container: str, holder: str, directory: str, leave: int) -> dict[str, Any]:
    """Fill the disk under a server's clients, give room again, and wait until they are acknowledged by themselves."""
    before = process(container)
    with Writers(server, ledger):
        wait("writes on a disk with room", lambda: len(ledger.acknowledged) >= AROUND_FULL)
        try:
            fill(holder, directory, leave)
            wait("a full disk stops the clients", lambda: time.monotonic() - ledger.last > STILL)
            stopped = len(ledger.acknowledged)
        finally:
            room = time.monotonic()
            free(holder, directory)
        wait("an acknowledgement after there is room", lambda: ledger.after(room))
        seconds = round(ledger.after(room)[0] - room, 1)
        wait("writes as before", lambda: len(ledger.after(room)) >= AROUND_FULL)
    verdict = compare(ledger.acknowledged, ledger.sent, server.found(len(ledger.acknowledged)))
    problems = verdict.problems
    refused = [text for _, text in ledger.refused]
    if isinstance(server, RabbitMQ):
        problems += [f"a publisher was refused, not blocked: {refused[0]}"] if refused else []
        problems += [] if server.blocked else ["no publisher was told that it is blocked"]
    waited = "all made to wait" if not refused else f"{len(refused)} writes refused ({refused[-1]})"
    process_is = "the same process" if process(container) == before else "restarted by itself"
    return {
        "did": f"{server.clients} client(s) writing; disk filled after {stopped} acknowledged {server.unit}: {waited}; "
        f"room again: {process_is}",
        "excused": 0,
        "verdict": verdict,
        "seconds": seconds,
        "problems": problems,
    }


def main() -> None:
    """Prepare, have the accident, and print the row, also of a drill that came to no end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("accident", choices=["killed", "full"])
    parser.add_argument("service", choices=SERVERS)
    parser.add_argument("environment", type=Path)
    parser.add_argument("container")
    parser.add_argument("ledger", type=Path)
    parser.add_argument("holder", nargs="?", default="")
    parser.add_argument("leave", nargs="?", type=int, default=0)
    given = parser.parse_args()
    server = SERVERS[given.service](settings(given.environment))
    ledger = Ledger(given.ledger)
    kind = "kill -9" if given.accident == "killed" else "disk full"
    row: dict[str, Any] = {"drill": f"{kind}: {NAMES[given.service]}", "unit": server.unit}
    try:
        server.prepare()
        if given.accident == "killed":
            came = killed(server, ledger, given.container)
        else:
            came = full(server, ledger, given.container, given.holder, f"/{given.service}", given.leave)
        server.remove()
    except Exception as error:
        unknown = {"did": "came to no end", "acknowledged": len(ledger.acknowledged), "found": None, "lost": None}
        row |= {**unknown, "excused": 0, "seconds": None, "problems": [f"{type(error).__name__}: {error}"]}
    else:
        verdict = came.pop("verdict")
        row |= {"acknowledged": verdict.acknowledged, "found": verdict.found, "lost": len(verdict.lost), **came}
    ledger.close()
    print(json.dumps(row | {"passed": not row["problems"]}))


if __name__ == "__main__":
    main()
