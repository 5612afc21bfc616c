"""The wrong inputs in tests/bad_input, and how to find what an answer says about one.

All cases of a file can be given at once; a case that sets something is a wrong inventory by itself too. ``says`` are
words that stand together in one problem of the answer: what is wrong with which variable, and what mends it.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import Any

import yaml

RUNS: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).with_name("bad_input").glob("*.yml"))
}
CASES = [(name, case) for name, given in RUNS.items() for case in given["cases"]]
WRONG_INVENTORIES = [(name, case) for name, case in CASES if case["set"] and not RUNS[name].get("needs_the_host")]


def problems_in(text: str) -> set[str]:
    """The problems that a run of the preflight checks listed."""
    blocks = re.findall(r"problem\(s\), nothing was changed:\n((?: *- .+\n)+)", text)
    return {line.strip().removeprefix("- ") for block in blocks for line in block.splitlines()}


def matching(problems: set[str], case: dict[str, Any], names: dict[str, Any]) -> list[str]:
    """The problems in which all the words of a case stand; ``$name`` in a word stands for one of ``names``."""
    words = [Template(word).substitute(names) for word in case["says"]]
    return [problem for problem in problems if all(word in problem for word in words)]
