"""Rules for the host a deployment goes to: whose containers and ports are there already."""

from __future__ import annotations

from typing import Any

LABEL = "io.flowlite.deployment"


def _containers(engine: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {container["Names"][0].lstrip("/"): container for container in engine.get("containers") or []}


def container_problems(prefix: str, services: set[str], engine: dict[str, Any]) -> list[str]:
    """Name containers that have our names and that this project did not make."""
    problems = []
    containers = _containers(engine)
    for service in sorted(services):
        name = f"{prefix}-{service}"
        labels = containers.get(name, {}).get("Labels") or {}
        if name in containers and labels.get(LABEL) != prefix:
            maker = labels.get("com.docker.compose.project")
            origin = f"of the compose project '{maker}'" if maker else "that this project did not create"
            problems.append(
                f"there is a container {name} {origin}: remove it (docker compose down there keeps its data volumes; "
                f"docker rm -f {name}), or deploy beside it with another flowlite_name_prefix and other ports"
            )
    return problems


def ports_to_probe(
    prefix: str, ports: dict[str, dict[str, Any]], engine: dict[str, Any]
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Split ``{variable: {role, port, address}}`` into ports to probe on the host and problems known already.

    A port that our own running container publishes is settled; one that another container publishes is a problem
    that can be named better than by the host's list of sockets.
    """
    publishers = {
        int(port["PublicPort"]): name
        for name, container in _containers(engine).items()
        if container.get("State") == "running"
        for port in container.get("Ports") or []
        if port.get("PublicPort")
    }
    probe, problems = {}, []
    for variable, entry in ports.items():
        owner = publishers.get(int(entry["port"]))
        if owner == f"{prefix}-{entry['role']}":
            continue
        if owner:
            problems.append(
                f"{variable} {entry['port']} is published by the container {owner}: stop it (docker stop {owner}), or "
                f"give {variable} another value (local: inventories/local/group_vars/all/90_local.yml)"
            )
        else:
            probe[variable] = {"address": entry["address"], "port": int(entry["port"])}
    return probe, problems
