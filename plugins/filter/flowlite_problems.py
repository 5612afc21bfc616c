"""Filter that lays a list of problems out for a person."""

from __future__ import annotations


def problem_list(problems: list[dict[str, str]]) -> str:
    """Return one line per problem: what is wrong, then what mends it."""
    return "\n".join(f"✗ {problem['what']}\n  → {problem['remedy']}" for problem in problems)


class FilterModule:
    """Register the filter with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"flowlite_problem_list": problem_list}
