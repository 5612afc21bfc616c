"""Filters that turn what the checks saw into problems and facts for a person."""

from __future__ import annotations

from typing import Any


def problem_list(problems: list[dict[str, Any]]) -> str:
    """Return one line per problem: what is wrong, then what mends it."""
    return "\n".join(f"✗ {problem['what']}\n  → {problem['remedy']}" for problem in problems)


def container_problems(engine: dict[str, Any], prefix: str, services: list[str]) -> list[dict[str, Any]]:
    """Return what is wrong with the services' containers, from ``community.docker.docker_host_info``."""
    if not engine.get("can_talk_to_docker"):
        remedy = "start it, then run playbooks/site.yml"
        return [{"what": "no container engine answers", "remedy": remedy, "broken": True}]
    containers = {entry["Names"][0].lstrip("/"): entry["Status"] for entry in engine.get("containers") or []}
    problems: list[dict[str, Any]] = []
    for name in (f"{prefix}-{service}" for service in services):
        status = containers.get(name, "missing")
        if not status.startswith("Up") or "(healthy)" not in status:
            log = "" if status == "missing" else f"; docker logs {name} says why"
            what = f"container {name} is not healthy: {status}"
            problems.append({"what": what, "remedy": f"run playbooks/site.yml{log}", "broken": True})
    return problems


def facts(looks: dict[str, Any]) -> dict[str, Any]:
    """Return what the looks at the services found, without their problems and Ansible's own keys."""
    hidden = {"problems", "changed", "failed", "skipped", "skip_reason", "warnings", "deprecations", "false_condition"}
    return {name: {key: look[key] for key in look if key not in hidden} for name, look in looks.items() if look}


class FilterModule:
    """Register the filters with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {
            "flowlite_problem_list": problem_list,
            "flowlite_container_problems": container_problems,
            "flowlite_facts": facts,
        }
