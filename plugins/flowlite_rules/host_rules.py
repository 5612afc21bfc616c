"""Rules for the host a deployment goes to: whose containers and ports are there already."""

from __future__ import annotations

from typing import Any

LABEL = "io.flowlite.deployment"
ANY = ("0.0.0.0", "::")


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


def _publishers(port: int, engine: dict[str, Any]) -> list[tuple[str, str]]:
    """Name the running containers that publish a TCP port, each with the address it is published on."""
    return [
        (name, published.get("IP") or ANY[0])
        for name, container in _containers(engine).items()
        if container.get("State") == "running"
        for published in container.get("Ports") or []
        if published.get("PublicPort") == port and published.get("Type", "tcp") == "tcp"
    ]


def ports_to_probe(
    prefix: str, ports: dict[str, dict[str, Any]], engine: dict[str, Any]
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Split ``{variable: {role, port, address}}`` into ports to probe on the host and problems known already.

    An entry may name the ``user`` as whom the host's own service runs.
    A port that our own running container publishes is settled; one that another container publishes is a problem
    that can be named better than by the host's list of sockets.
    """
    probe: dict[str, dict[str, Any]] = {}
    problems = []
    for variable, entry in ports.items():
        publishers = _publishers(int(entry["port"]), engine)
        if f"{prefix}-{entry['role']}" in dict(publishers):
            continue
        wanted = entry["address"]
        owners = [name for name, address in publishers if address == wanted or {address, wanted} & set(ANY)]
        if owners:
            problems.append(
                f"{variable} {entry['port']} is published by the container {owners[0]}: stop it "
                f"(docker stop {owners[0]}), or give {variable} another value "
                "(local: inventories/local/group_vars/all/90_local.yml)"
            )
        else:
            probe[variable] = {"address": wanted, "port": int(entry["port"])}
            if entry.get("user"):
                probe[variable]["user"] = entry["user"]
    return probe, problems


def taken_problems(ports: dict[str, dict[str, Any]]) -> list[str]:
    """Name the ports ``{variable: {address, port}}`` that a program on the host has."""
    return [
        f"{name} {entry['port']} on {entry['address']} is taken by a program on the host: stop it "
        f"(ss -ltnp 'sport = :{entry['port']}' names it), or give {name} another value "
        "(local: inventories/local/group_vars/all/90_local.yml)"
        for name, entry in ports.items()
    ]


def foreign_problems(addresses: dict[str, str]) -> list[str]:
    """Name the variables ``{variable: address}`` whose address the host does not have."""
    return [
        f"{name} is {address}, which is no address of this host: take one that it has (ip address lists them), "
        "or 0.0.0.0 for all"
        for name, address in addresses.items()
    ]
