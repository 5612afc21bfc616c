"""How far a load is: a bar on a terminal, elsewhere a line every few seconds."""

from __future__ import annotations

import sys
import time

from console import say

BAR_WIDTH = 30
TERMINAL_SECONDS = 0.2
# The log of a container that runs for minutes stays readable.
LOG_SECONDS = 5.0


class Progress:
    """Counts rows and tells rate and time left; the first line comes once there is a rate to tell."""

    def __init__(self, total: int) -> None:
        """Starts the clock for `total` rows."""
        self._total = total
        self._done = 0
        self._start = self._told = time.monotonic()
        self._terminal = sys.stdout.isatty()

    def advance(self, rows: int) -> None:
        """Count rows that are committed."""
        self._done += rows
        now = time.monotonic()
        if now - self._told >= (TERMINAL_SECONDS if self._terminal else LOG_SECONDS):
            self._told = now
            self._tell()

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._start

    @property
    def rate(self) -> float:
        """Rows a second since the beginning."""
        return self._done / max(self.seconds, 1e-6)

    def finish(self) -> None:
        """Take the bar off the terminal."""
        if self._terminal:
            print("\r\x1b[K", end="", flush=True)

    def _tell(self) -> None:
        filled = BAR_WIDTH * self._done // self._total
        left = time.strftime("%H:%M:%S", time.gmtime((self._total - self._done) / self.rate))
        line = f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {100 * self._done // self._total} %  "
        line += f"{self._done:,} of {self._total:,} rows, {self.rate:,.0f} rows/s, {left} left"
        if self._terminal:
            print(f"\r{line}\x1b[K", end="", flush=True)
        else:
            say(line)
