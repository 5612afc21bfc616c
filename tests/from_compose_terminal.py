"""A person at a terminal: types a command, answers its prompts, interrupts it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

MYSQL_PROMPT = "mysql> $"
REDIS_PROMPT = r"\d+> $"
CTRL_C = b"\x03"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|[\r\x07]")


def _take_the_terminal() -> None:
    """In the child: Ctrl-C reaches it, also where a parent in the background has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """A command in a terminal of its own; leaving the context ends it."""

    def __init__(self, command: str, directory: Path, environment: dict[str, str]) -> None:
        self._master, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self.shown = ""
        self._seen = 0
        self._process = subprocess.Popen(
            ["bash", "-c", command],
            cwd=directory,
            env=environment,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=_take_the_terminal,
        )
        os.close(terminal)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            # Killed at once, `docker exec` would leave its client, which knows this word, behind in the container.
            deadline = time.monotonic() + 5
            with contextlib.suppress(OSError):
                while self._process.poll() is None and time.monotonic() < deadline:
                    self.type("exit")
                    self._read()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    def expect(self, pattern: str, seconds: float = 20) -> str:
        """What has been shown since the last time, up to the pattern; AssertionError if it does not come."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.shown[self._seen :], re.MULTILINE)):
            going_on = time.monotonic() < deadline and self._read()
            assert going_on, f"no {pattern!r} in: {self.shown[-3000:]}"
        start, self._seen = self._seen, self._seen + found.end()
        return self.shown[start : self._seen]

    def type(self, line: str) -> None:
        """Type a line and press Enter, no sooner than a person can: some prompts forget what was typed before."""
        time.sleep(0.2)
        os.write(self._master, f"{line}\r".encode())

    def interrupt(self, seconds: float = 10) -> None:
        """Press Ctrl-C, and wait until the last of what was started has gone."""
        deadline = time.monotonic() + seconds
        os.write(self._master, CTRL_C)
        while self._group_runs():
            assert time.monotonic() < deadline, "it goes on although it was interrupted"
            self._read(0.1)

    def end(self, seconds: float = 60) -> int:
        """The exit code, once it has ended by itself."""
        deadline = time.monotonic() + seconds
        while self._read() and time.monotonic() < deadline:
            pass
        return self._process.wait(max(1.0, deadline - time.monotonic()))

    def _group_runs(self) -> bool:
        self._process.poll()
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def _read(self, seconds: float = 0.5) -> bool:
        """Take what is shown within a moment; False once nothing can come any more."""
        if not select.select([self._master], [], [], seconds)[0]:
            return self._process.poll() is None
        try:
            read = os.read(self._master, 65536)
        except OSError:
            return False
        # A line editor that starts before it knows the size asks where the cursor is.
        for _ in range(read.count(b"\x1b[6n")):
            os.write(self._master, b"\x1b[1;200R")
        self.shown += _ESCAPES.sub("", read.decode(errors="replace"))
        return bool(read)
