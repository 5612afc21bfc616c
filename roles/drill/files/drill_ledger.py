"""What was sent to a server, what of it was acknowledged and when, and what is found of that after an accident."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Verdict(NamedTuple):
    """The comparison: numbers of writes, each list sorted.

    ``lost`` were acknowledged and are gone; ``excused`` too, but in the last moments before a kill that the server does
    not promise; ``doubled`` are there more than once; ``strange`` are there and were never sent.
    """

    acknowledged: int
    found: int
    lost: list[int]
    excused: list[int]
    doubled: list[int]
    strange: list[int]

    @property
    def problems(self) -> list[str]:
        """What must not be, as sentences; empty where the server kept its word."""
        wrong = {
            "acknowledged and lost": self.lost,
            "found more than once": self.doubled,
            "found but never sent": self.strange,
        }
        return [f"{len(numbers)} {what}, the first is {numbers[0]}" for what, numbers in wrong.items() if numbers]


def compare(
    acknowledged: Mapping[int, float],
    sent: int,
    found: Iterable[int],
    deaths: Sequence[float] = (),
    grace: float = 0.0,
) -> Verdict:
    """Compare a ledger with what is found.

    ``acknowledged`` maps numbers to seconds on one clock, ``deaths`` are on the same; numbers from 1 to ``sent`` were
    sent. What was acknowledged within ``grace`` seconds before a death is excused.
    """
    times = Counter(iter(found))
    gone = sorted(acknowledged.keys() - times.keys())
    excused = [n for n in gone if any(death - grace <= acknowledged[n] <= death for death in deaths) and grace > 0]
    return Verdict(
        acknowledged=len(acknowledged),
        found=len(acknowledged.keys() & times.keys()),
        lost=sorted(set(gone) - set(excused)),
        excused=excused,
        doubled=sorted(number for number, count in times.items() if count > 1),
        strange=sorted(number for number in times if not 1 <= number <= sent),
    )


class Ledger:
    """Shared by the clients that write and the accident that waits for them; keeps a line for each answer in a file."""

    def __init__(self, path: Path) -> None:
        """Open the file anew."""
        self.sent = 0
        # Number and second of each write that the server has answered for.
        self.acknowledged: dict[int, float] = {}
        # Second and text of each that was answered by an error, or whose connection broke.
        self.refused: list[tuple[float, str]] = []
        self._lock = threading.Lock()
        self._file = path.open("w", encoding="utf-8")
        self._began = time.monotonic()

    def take(self) -> int:
        """Return the next number to send; none is sent twice."""
        with self._lock:
            self.sent += 1
            return self.sent

    def acknowledge(self, number: int) -> None:
        """Note that the server has answered for a number."""
        with self._lock:
            now = time.monotonic()
            self.acknowledged[number] = now
            self._file.write(f"{now - self._began:.4f} {number} acknowledged\n")

    def refuse(self, number: int, error: Exception) -> None:
        """Note that nobody knows whether the server has it."""
        with self._lock:
            now, said = time.monotonic(), " ".join(f"{type(error).__name__}: {error}".split())
            self.refused.append((now, said))
            self._file.write(f"{now - self._began:.4f} {number} {said}\n")

    @property
    def last(self) -> float:
        """When a write was acknowledged last."""
        with self._lock:
            return max(self.acknowledged.values(), default=0.0)

    def after(self, moment: float) -> list[float]:
        """Return when writes were acknowledged after a moment, in order."""
        with self._lock:
            return sorted(at for at in self.acknowledged.values() if at > moment)

    def close(self) -> None:
        """Have the file on the disk."""
        with self._lock:
            self._file.close()
