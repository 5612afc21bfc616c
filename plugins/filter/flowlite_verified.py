"""Filters that sort what playbooks/verify.yml saw by service, each fine, drifted or broken."""

from __future__ import annotations

from typing import Any

# What an operator wants to know of a server beside its problems.
SHOWN: tuple[str, ...] = (
    "version",
    "connections",
    "memory_used",
    "keys",
    "queues",
    "server",
    "revision",
    "head",
    "tables",
)
SHOWN += ("containers", "directory")
REMEDY = "playbooks/site.yml makes it anew; the data stay"


def status(look: dict[str, Any]) -> str:
    """Return how a service is: broken is what does not answer or does not do its work."""
    problems = _problems(look)
    unseen = look.get("reachable", True) is False or ("server" in look and look["server"] is None)
    if unseen or look.get("failed", False) or any(each.get("broken") for each in problems):
        return "broken"
    return "drift" if problems else "fine"


def _problems(look: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what differs, and what is there that nobody declared."""
    return [*look.get("problems", []), *look.get("undeclared", [])]


def sections(looks: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a section for each look that was taken."""
    return [
        {
            "name": name,
            "status": status(look),
            "facts": {key: look[key] for key in SHOWN if look.get(key) is not None},
            "problems": [{key: problem[key] for key in ("what", "remedy")} for problem in _problems(look)],
        }
        for name, look in looks.items()
        if "problems" in look
    ]


def containers(engine: dict[str, Any], prefix: str, services: list[str]) -> list[dict[str, str]]:
    """Return name, image and status of the services' containers."""
    names = {f"{prefix}-{service}" for service in services}
    return [
        {"name": name, "image": entry["Image"], "status": entry["Status"]}
        for entry in sorted(engine.get("containers") or [], key=lambda entry: str(entry["Names"]))
        for name in [entry["Names"][0].lstrip("/")]
        if name in names
    ]


def attached(engine: dict[str, Any], name: str, network: str) -> list[dict[str, str]]:
    """Return the networks that a container is in beside its own."""
    found = [
        other
        for entry in engine.get("containers") or []
        if f"/{name}" in entry["Names"]
        for other in (entry.get("NetworkSettings") or {}).get("Networks") or {}
    ]
    return [
        {"what": f"container {name} is in network {other} too", "remedy": f"docker network disconnect {other} {name}"}
        for other in sorted(found)
        if other != network
    ]


def container_differences(name: str, created: dict[str, Any], files: dict[str, Any]) -> list[dict[str, str]]:
    """Return what the tasks that make a container would change, asked in check mode with differences.

    Of environment variables only the names are told: a container that was made by hand may have secrets in them.
    """
    diff = created.get("diff") or {}
    before, after = (diff.get(key) or {} for key in ("before", "after"))
    problems = []
    for kind in sorted(before.keys() | after.keys()):
        found, wanted = before.get(kind), after.get(kind)
        if kind == "env":
            differing = sorted({entry.partition("=")[0] for entry in set(found or []) ^ set(wanted or [])})
            words = f"environment variables are not as declared: {', '.join(differing)}"
        else:
            show = _shown_size if kind.startswith("memory") else _shown
            words = f"{kind} is {show(found)}, declared is {show(wanted)}"
        problems.append({"what": f"container {name}: {words}", "remedy": REMEDY})
    problems += [
        {"what": f"container {name}: file {file} is not as declared", "remedy": "playbooks/site.yml writes it"}
        for file in files.get("written") or []
    ]
    return problems


def package_differences(files: dict[str, Any], unit: str) -> list[dict[str, str]]:
    """Return which of a service's files differ, from the task that writes them, asked in check mode."""
    remedy = "playbooks/site.yml puts it right; if it was edited by hand, put that into the environment's variables"
    problems = [
        {"what": f"{path}, of service {unit}, is not as declared", "remedy": remedy}
        for path in [*files.get("made", []), *files.get("written", [])]
    ]
    if files.get("restart") and not files.get("written"):
        what = f"service {unit} was started before its files were written, and runs on older ones"
        problems.append({"what": what, "remedy": "playbooks/site.yml restarts it"})
    return problems


def files_look(written: dict[str, Any], directory: str) -> dict[str, Any]:
    """Return a look at the services' environment files, from the task that writes them, asked in check mode."""
    if "changed" not in written or written.get("skipped"):
        return {}
    names = written.get("written") or ([""] if written["changed"] else [])
    remedy = "playbooks/site.yml writes it; if it was edited by hand, put that into the environment's variables"
    return {
        "directory": directory,
        "problems": [
            {"what": f"{directory}/{name} is not as declared, or not for its owner only", "remedy": remedy}
            for name in names
        ],
    }


def _shown_size(value: Any) -> str:
    """Return bytes as MiB; 0 is no limit."""
    return f"{int(value) / 2**20:g} MiB" if value else "unlimited"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        value = [f"{key}: {each}" for key, each in value.items()]
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return str(value) if value not in (None, "") else "none"


class FilterModule:
    """Register the filters with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {
            "flowlite_sections": sections,
            "flowlite_containers": containers,
            "flowlite_attached": attached,
            "flowlite_files_look": files_look,
            "flowlite_container_differences": container_differences,
            "flowlite_package_differences": package_differences,
        }
