"""Filters that read what the programs in migrations/ print."""

from __future__ import annotations

import json
from typing import Any

MARK = "FLOWLITE_RESULT "


def result(output: str) -> dict[str, Any]:
    """Return the last result line of a program's output, or an empty dictionary when there is none."""
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    return dict(json.loads(lines[-1].removeprefix(MARK))) if lines else {}


def last_run(output: str) -> str:
    """Return the part of the one-shot container's log that belongs to its last run."""
    return output.rsplit("\n=== ", 1)[-1].strip()


def look(output: str) -> dict[str, Any]:
    """Return what check_database saw: its result, whether anything differs, and what a run would do about it.

    ``output`` is that of check_database, or of init_and_seed, which ends with the same check.
    """
    seen = result(output)
    seen = seen.get("check", seen)
    if not seen:
        reason = f": {output.strip()[-500:]}" if output.strip() else ": nothing is staged yet"
        return {
            "differs": True,
            "problems": [{"what": f"schema and data cannot be looked at{reason}", "remedy": "run playbooks/site.yml"}],
            "prediction": "the schema would be brought to head and the data loaded",
        }
    rows = sum((seen["seed_pending"] or {}).values())
    # Only where generated transactions were asked for.
    rows += (seen.get("generated") or {}).get("missing", 0)
    problems = list(seen["problems"])
    if rows and not problems:
        problems = [{"what": f"{rows} seeded rows are missing or edited", "remedy": "run playbooks/seed.yml"}]
    revisions = ", ".join(f"{item['revision']} ({item['message']})" for item in seen["pending"])
    return {
        **seen,
        "differs": bool(problems),
        "problems": problems,
        "prediction": f"revisions to run: {revisions or 'none'}; rows to load or mend: {rows}",
    }


class FilterModule:
    """Register the filters with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {
            "flowlite_result": result,
            "flowlite_last_run": last_run,
            "flowlite_schema_look": look,
        }
