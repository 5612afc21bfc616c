"""Filters that find the containers of an old deployment in what the engine says."""

from __future__ import annotations

import re
from typing import Any

LABEL = "io.flowlite.deployment"
SERVICES = ("mysql", "rabbitmq", "redis", "db-init")
# Names of old containers while they are being adopted, and afterwards.
ADOPTING, ADOPTED = "-adopting", "-before-adoption"


def _named(engine: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {container["Names"][0].lstrip("/"): container for container in engine.get("containers") or []}


def old_services(engine: dict[str, Any], prefix: str, own: str, suffix: str = "") -> list[str]:
    """Return the services of which there is an old container, one that no deployment of ours made."""
    containers = _named(engine)
    return [
        service
        for service in SERVICES
        if (found := containers.get(f"{prefix}-{service}{suffix}")) is not None
        and (found.get("Labels") or {}).get(LABEL) not in (prefix, own)
    ]


def as_ours(engine: dict[str, Any], prefix: str, own: str) -> dict[str, Any]:
    """Return what the engine would say if the old containers were ours: their names and ports will be free."""
    old = {f"{prefix}-{service}": f"{own}-{service}" for service in old_services(engine, prefix, own)}
    containers = [
        {**container, "Names": [f"/{old[name]}"], "Labels": {LABEL: own}} if name in old else container
        for name, container in _named(engine).items()
    ]
    return {**engine, "containers": containers}


def volumes_of(inspected: list[dict[str, Any]]) -> list[str]:
    """Return the volumes of inspected containers."""
    return sorted(mount["Name"] for each in inspected for mount in each["Mounts"] if mount["Type"] == "volume")


def redis_secret(inspected: dict[str, Any]) -> str:
    """Return the password that a Redis container has among its arguments, or in its environment."""
    words = [*(inspected["Config"].get("Entrypoint") or []), *(inspected["Config"].get("Cmd") or [])]
    found = re.search(r"--requirepass[ =]+[\"']?([^\s\"']+)", " ".join(words))
    named = dict(entry.partition("=")[::2] for entry in inspected["Config"].get("Env") or [])
    value = found[1] if found else named.get("REDIS_PASSWORD", "")
    variable = re.fullmatch(r"\$\{?(\w+)\}?", value)
    return str(named.get(variable[1], "") if variable else value)


def node_of(inspected: dict[str, Any]) -> str:
    """Return the name of the node that a RabbitMQ container runs, by which its data are named."""
    named = dict(entry.partition("=")[::2] for entry in inspected["Config"].get("Env") or [])
    return str(named.get("RABBITMQ_NODENAME") or f"rabbit@{inspected['Config']['Hostname']}")


class FilterModule:
    """Register the filters with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {
            "adopt_services": old_services,
            "adopt_as_ours": as_ours,
            "adopt_volumes": volumes_of,
            "adopt_redis_secret": redis_secret,
            "adopt_rabbitmq_node": node_of,
        }
