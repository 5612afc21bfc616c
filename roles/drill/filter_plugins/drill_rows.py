"""Filters: rows of the drill's report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

Row = dict[str, Any]


def row(job: dict[str, Any], kind: str) -> Row:
    """Return what an accident printed; one that printed nothing has failed, with what it said instead."""
    try:
        return dict(json.loads(job["stdout"]))
    except (KeyError, ValueError):
        which = job["item"]["item"]
        said = str(job.get("stderr") or job.get("msg") or "it did not end").strip().splitlines()[-1:]
        return {
            "drill": f"{kind}: {which['key'] if isinstance(which, dict) else which}",
            "did": "came to no end",
            "unit": "",
            "acknowledged": None,
            "found": None,
            "lost": None,
            "excused": 0,
            "seconds": None,
            "passed": False,
            "problems": said,
        }


def order(rows: list[Row], names: list[str]) -> list[Row]:
    """Return rows in the order of names; what has another name comes last."""
    return sorted(rows, key=lambda each: names.index(each["drill"]) if each["drill"] in names else len(names))


def seconds(delta: str) -> float:
    """Return a command's duration, h:mm:ss.ffffff, in seconds."""
    hours, minutes, rest = delta.split(":")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(rest), 1)


def error(text: str) -> str:
    """Return the last error that a playbook's output names, on one line."""
    said = re.findall(r"\[ERROR\]: (.*?)(?=\nOrigin:|\n\n|\Z)", text, re.DOTALL)
    return " ".join(said[-1].split()) if said else "it named no error"


def versions(results: list[dict[str, Any]]) -> dict[str, str]:
    """Return the first version number that each server's answer has."""
    found = {each["item"]["service"]: re.search(r"\d+\.\d+\.\d+", each["stdout"]) for each in results}
    return {service: match[0] for service, match in found.items() if match}


def disk(service: str, prefix: str) -> str:
    """Return where a container has the data volume of a deployment's service."""
    return f"{prefix}_{service}_data:/{service}"


class FilterModule:
    """What tasks call."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {
            "flowlite_drill_disk": disk,
            "flowlite_drill_error": error,
            "flowlite_drill_order": order,
            "flowlite_drill_row": row,
            "flowlite_drill_seconds": seconds,
            "flowlite_drill_versions": versions,
        }
