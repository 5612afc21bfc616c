"""Looks at a report as a person does, in a light and a dark room, at a desk and on a phone, and fails if it is not fit.

look_at_page.py PAGE SCREENSHOTS: the directory gets a picture of each look; the page's JSON lies beside it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from chromium import Chromium, chromium

DESK, PHONE = (1100, 900), (390, 844)
LOOKS = {
    "light": (*DESK, "light", False),
    "dark": (*DESK, "dark", False),
    "phone-light": (*PHONE, "light", True),
    "phone-dark": (*PHONE, "dark", True),
}
# A picture shows no more than a person scrolls.
TALLEST = 2400
# Of WCAG, for text of usual size.
CONTRAST = 4.5
SMALLEST_LETTERS = 12

# Each visible piece of text with colour, what is behind it, size and right edge.
TEXTS = """
(() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number)
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = numbers(getComputedStyle(each).backgroundColor)
      if (colour.length == 3 || colour[3] > 0) return colour.slice(0, 3)
    }
    return [255, 255, 255]
  }
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim()
    const range = document.createRange()
    range.selectNodeContents(walker.currentNode)
    const box = range.getBoundingClientRect()
    if (!text || !box.width) continue
    const element = walker.currentNode.parentElement, style = getComputedStyle(element)
    found.push({text, colour: numbers(style.color).slice(0, 3), behind: behind(element),
                size: parseFloat(style.fontSize), right: box.right, left: box.left})
  }
  return found
})()
"""


def luminance(colour: list[float]) -> float:
    """Return how light a colour is, as WCAG defines it."""
    linear = [c / 12.92 if (c := part / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[float], other: list[float]) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def check_content(tab: Chromium, page: Path, run: dict[str, Any], looks: str) -> None:
    """All that the JSON has stands on the page."""
    shown = tab.evaluate("document.body.innerText.replace(/\\s+/g, ' ')")
    wanted = [problem[key] for section in run["sections"] for problem in section["problems"] for key in problem]
    wanted += [section["facts"]["version"] for section in run["sections"] if "version" in section["facts"]]
    missing = [text for text in wanted if " ".join(text.split()) not in shown]
    assert not missing, f"{looks}: not on the page: {missing}"
    count = tab.evaluate("document.querySelectorAll('section.card').length")
    assert count == len(run["sections"]), f"{looks}: {count} cards, {len(run['sections'])} sections"
    problems = tab.evaluate("document.querySelectorAll('.problems li').length")
    assert problems == run["totals"]["problems"], f"{looks}: {problems} problems are listed"
    assert tab.evaluate("document.querySelectorAll('figure').length") == 4, f"{looks}: plots are missing"
    runs = len([path for path in page.parent.glob("verify-*.json") if not path.is_symlink()])
    ticks = tab.evaluate("document.querySelectorAll('.ticks i').length")
    assert ticks == (runs if runs > 1 else 0), f"{looks}: {ticks} runs are shown, {runs} are kept"


def check_form(tab: Chromium, width: int, scheme: str, looks: str) -> None:
    """Everything fits, and can be read."""
    assert tab.evaluate("innerWidth") == width, f"{looks}: the page is laid out for another width"
    assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"{looks}: wider than the screen"
    texts = tab.evaluate(TEXTS)
    assert len(texts) > 40, f"{looks}: {len(texts)} pieces of text"
    cut = [each["text"] for each in texts if each["right"] > width or each["left"] < 0]
    assert not cut, f"{looks}: beyond the edge: {cut}"
    pale = [each["text"] for each in texts if contrast(each["colour"], each["behind"]) < CONTRAST]
    assert not pale, f"{looks}: too little contrast: {pale}"
    small = [each["text"] for each in texts if each["size"] < SMALLEST_LETTERS]
    assert not small, f"{looks}: too small: {small}"
    light = [luminance(each["behind"]) > 0.5 for each in texts]
    assert all(light) if scheme == "light" else not any(light), f"{looks}: not {scheme}"


def check_quiet(tab: Chromium, url: str, looks: str) -> None:
    """The page fetched nothing but itself, and the browser has nothing to say against it."""
    fetched = [each["params"]["request"]["url"] for each in tab.events if each["method"] == "Network.requestWillBeSent"]
    assert fetched == [url], f"{looks}: fetched {fetched}"
    said = [
        each["params"]
        for each in tab.events
        if each["method"] in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
    ]
    assert not said, f"{looks}: the console says {said}"


def main() -> None:
    """Look at the page that is named."""
    page, pictures = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    run = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    pictures.mkdir(parents=True, exist_ok=True)
    with chromium() as tab:
        for looks, (width, height, scheme, phone) in LOOKS.items():
            tab.look(width, height, scheme, phone)
            tab.open(page.as_uri())
            length = tab.evaluate("document.documentElement.scrollHeight")
            tab.screenshot(pictures / f"report-{looks}.webp", min(length, TALLEST))
            # What is folded away must fit too.
            tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
            check_content(tab, page, run, looks)
            check_form(tab, width, scheme, looks)
            check_quiet(tab, page.as_uri(), looks)
    print(f"{len(LOOKS)} looks at {page.name}")


if __name__ == "__main__":
    main()
