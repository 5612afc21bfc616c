"""The tables of docs/from-compose.md, read as a person reads them."""

from __future__ import annotations

import re

from ansible_run import ROOT

PAGE = (ROOT / "docs" / "from-compose.md").read_text(encoding="utf-8")


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def rows(*columns: str) -> list[list[str]]:
    """The rows of every table whose header begins with these columns."""
    found: list[list[str]] = []
    wanted = False
    for line in PAGE.splitlines():
        if not line.startswith("|"):
            wanted = False
        elif _cells(line)[: len(columns)] == list(columns):
            wanted = True
        elif wanted and not re.fullmatch(r"[|\s:-]+", line):
            found.append(_cells(line))
    return found


def code(cell: str) -> str:
    """What a cell has between backticks, all of it: a command is one piece of code and nothing else."""
    found = re.fullmatch(r"(`+) ?(.+?) ?\1", cell)
    return found[2] if found else ""


def block(language: str, containing: str) -> str:
    """The block of code of a language that contains a text."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (found,) = [str(text) for text in blocks if containing in text]
    return found


# What the docker-compose project had: what there is now.
COMMANDS = {code(old): code(new) for old, new, *_ in rows("docker-compose project", "now")}
