"""One run of playbooks/verify.yml, put together from what its hosts saw."""

from __future__ import annotations

import datetime
from typing import Any

FINE, DRIFT, BROKEN = "fine", "drift", "broken"
_WORST_LAST = (FINE, DRIFT, BROKEN)


def worst(statuses: list[str]) -> str:
    """Return the worst of some statuses; nothing seen at all is broken."""
    return max(statuses, key=_WORST_LAST.index, default=BROKEN)


def run_of(hosts: dict[str, list[dict[str, Any]] | None], started: float, now: datetime.datetime) -> dict[str, Any]:
    """Return a run; ``hosts`` has the sections that each host saw, None where it could not be looked at."""
    sections = []
    for host, seen in hosts.items():
        unseen = {"what": f"{host} could not be looked at", "remedy": "its error stands above, in the play's output"}
        sections += [
            {"host": host, **section}
            for section in (seen or [{"name": "host", "status": BROKEN, "facts": {}, "problems": [unseen]}])
        ]
    facts = [section["facts"] for section in sections]
    rows = [count for each in facts for count in each.get("tables", {}).values() if count is not None]
    connections = [each["connections"] for each in facts if "connections" in each]
    return {
        "written": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verdict": worst([section["status"] for section in sections]),
        "sections": sections,
        # What the plots show; null where it could not be counted.
        "totals": {
            "problems": sum(len(section["problems"]) for section in sections),
            "rows": sum(rows) if rows else None,
            "connections": sum(connections) if connections else None,
            "seconds": round(now.timestamp() - started, 1),
        },
    }
