"""A headless Chromium, asked over the DevTools protocol by a pair of pipes: nothing but the program is needed."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Without its own sandbox, which root cannot have: the only page it sees is one that we wrote.
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe")


class Chromium:
    """One tab of a running browser, and the events that came while it was asked."""

    def __init__(self, read: int, write: int) -> None:
        """Take the ends of the pipes."""
        self.answers = os.fdopen(read, "rb")
        self.questions = os.fdopen(write, "wb")
        self.number = 0
        self.session = ""
        self.events: list[dict[str, Any]] = []

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield what the browser says."""
        rest = b""
        while block := self.answers.read1(1 << 20):
            *whole, rest = (rest + block).split(b"\0")
            yield from map(json.loads, whole)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the answer to a command of the protocol."""
        self.number += 1
        question = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            question["sessionId"] = self.session
        self.questions.write(json.dumps(question).encode() + b"\0")
        self.questions.flush()
        for message in self.messages():
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return dict(message["result"])
            self.events.append(message)
        raise RuntimeError(f"{method}: the browser ended")

    def evaluate(self, script: str) -> Any:
        """Return the value of an expression on the page."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def open(self, url: str) -> None:
        """Load a page to its end."""
        self.events.clear()
        self.ask("Page.navigate", url=url)
        self.evaluate("new Promise(done => document.readyState == 'complete' ? done() : window.onload = done)")

    def look(self, width: int, height: int, scheme: str, phone: bool) -> None:
        """Give the page a screen, and its reader a taste."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
        self.ask("Emulation.setDeviceMetricsOverride", **screen)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path: Path, height: int) -> None:
        """Keep what is seen of the page, from its top down to a height."""
        width = self.evaluate("innerWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self.ask("Page.captureScreenshot", format="webp", quality=80, clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))


@contextlib.contextmanager
def chromium(program: str = "chromium") -> Iterator[Chromium]:
    """Start the browser with a profile of its own, and end it."""
    (asked_out, asked_in), (told_out, told_in) = os.pipe(), os.pipe()

    def place_pipes() -> None:
        # The protocol's places. Copies first: one of the ends may lie there already.
        ends = os.dup(asked_out), os.dup(told_in)
        os.dup2(ends[0], 3)
        os.dup2(ends[1], 4)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            [program, *OPTIONS, f"--user-data-dir={profile}"],
            preexec_fn=place_pipes,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(asked_out)
        os.close(told_in)
        tab = Chromium(told_out, asked_in)
        try:
            target = tab.ask("Target.createTarget", url="about:blank")["targetId"]
            tab.session = tab.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                tab.ask(f"{domain}.enable")
            yield tab
        finally:
            browser.terminate()
            browser.wait(10)
