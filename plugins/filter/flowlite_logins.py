"""Filters over the logins whose passwords are rotated."""

from __future__ import annotations

from typing import Any


def old_and_new(logins: list[dict[str, Any]], old: list[str]) -> list[dict[str, Any]]:
    """Return C(name), C(old) and C(new) of each login, from what is in force now and what was before."""
    return [
        {"name": login["name"], "old": before, "new": login["password"]}
        for login, before in zip(logins, old, strict=True)
    ]


def not_renewed(logins: list[dict[str, Any]], old: list[str]) -> list[str]:
    """Return who would keep the password: it is written somewhere else than where rotated ones are kept."""
    return [entry["name"] for entry in old_and_new(logins, old) if entry["old"] == entry["new"]]


class FilterModule:
    """Register the filters with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"flowlite_old_and_new": old_and_new, "flowlite_not_renewed": not_renewed}
