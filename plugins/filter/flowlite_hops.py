"""Filters that say whether a server of one version may start on data that another version wrote."""

from __future__ import annotations

import re
from bisect import bisect

# Newest feature flag in RabbitMQ's data -> the series that brought it. RabbitMQ writes its version nowhere else.
RABBITMQ_FLAGS = {
    "rabbitmq_4.3.0": (4, 3),
    "rabbitmq_4.2.0": (4, 2),
    "rabbitmq_4.1.0": (4, 1),
    "rabbitmq_4.0.0": (4, 0),
    "message_containers": (3, 13),
    "restart_streams": (3, 12),
    "direct_exchange_routing_v2": (3, 11),
    "stream_queue": (3, 10),
}
# Series that a RabbitMQ series can be upgraded from in place (its release notes).
RABBITMQ_FROM = {
    (3, 11): [(3, 10)],
    (3, 12): [(3, 11)],
    (3, 13): [(3, 12)],
    (4, 0): [(3, 13)],
    (4, 1): [(3, 13), (4, 0)],
    (4, 2): [(3, 13), (4, 0), (4, 1)],
    (4, 3): [(4, 2)],
}
# MySQL goes up by one long-term series at a time, and never back.
MYSQL_SERIES = [(5, 7), (8, 0), (8, 4), (9, 0)]
Version = tuple[int, int]


def _version(text: str) -> Version | None:
    match = re.search(r"(\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2])) if match else None


def data_version(service: str, text: str) -> Version | None:
    """Return the series that wrote the data, from what the version probe printed; None when there are no data."""
    if service == "rabbitmq":
        return next((series for flag, series in RABBITMQ_FLAGS.items() if flag in text), None)
    return _version(text)


def supported(service: str, old: Version, new: Version) -> bool:
    """Return whether the server supports starting series ``new`` on data of series ``old``."""
    if new == old:
        return True
    if new < old:
        return False
    if service == "mysql":
        return bisect(MYSQL_SERIES, new) - bisect(MYSQL_SERIES, old) <= 1
    if service == "rabbitmq":
        return old in RABBITMQ_FROM.get(new, [])
    return True


def _written_by(service: str, data: str, running: Version | None) -> Version | None:
    # The mark in the data may be older than what a newer server has added to them since: Redis keeps its snapshot.
    return max(filter(None, (data_version(service, data), running)), default=None)


def _lines(probe: str) -> dict[str, str]:
    kinds = ("data ", "server ", "flavors ")
    return dict(line.split(" ", 1) for line in probe.splitlines() if line.startswith(kinds))


def hop_problem(probe: str, service: str, name: str, backend: str = "container", running: str = "") -> str:
    """Return why the hop that ``probe`` describes is refused, or an empty string.

    ``probe`` is what the image or the host printed, with the data at hand: lines that begin with ``data`` and
    ``server``, and where it is known ``flavors`` with who wrote the data and who is to read them. ``running`` has a
    line ``server`` of the one that has worked on the data until now; empty when none is there.
    """
    lines = _lines(probe)
    written_by, _, read_by = lines.get("flavors", "").partition(" ")
    if written_by != read_by:
        return (
            f"{name}: the data were written by {written_by}, and the server is {read_by}, which cannot read them. "
            f"Set mysql_flavor: {written_by} (of packages), or move the data by a dump. Nothing was stopped or changed."
        )
    at_work = _version(_lines(running).get("server", ""))
    old, new = _written_by(service, lines.get("data", ""), at_work), _version(lines.get("server", ""))
    if old is None or new is None or supported(service, old, new):
        return ""
    before, after = (".".join(map(str, version)) for version in (old, new))
    if new < old:
        way = "downgrades are not supported by the server"
    elif service == "rabbitmq":
        way = "the server does not support that hop at once. playbooks/upgrade.yml takes definitions and messages over"
    else:
        # Of MySQL.
        first = MYSQL_SERIES[bisect(MYSQL_SERIES, old)]
        way = f"the server does not support that hop at once; first to series {first[0]}.{first[1]}"
    if backend == "package":
        return (
            f"{name}: the data on this host were written by {service} {before}, apt installs {service} {after}: {way}. "
            f"Name a repository that has series {before} or the next one ({service}_apt_repository), or move the data "
            "by a backup. Nothing was stopped or changed."
        )
    return (
        f"{name}: the data volume was written by {service} {before}, the image is {service} {after}: {way}. "
        f"Choose an image of series {before} or of the next series (flowlite_release, flowlite_releases), or move the "
        "data by a backup. Nothing was stopped or changed."
    )


def hop_plan(
    probe: str, running: str, service: str, name: str, backend: str, differs: bool, predicts: bool = False
) -> dict[str, str]:
    """Return how a service gets from the server that runs to the one that is declared.

    ``running`` has a line ``server`` of what runs, ``probe`` the one of what is declared and a line ``data``.
    ``way`` is empty where nothing is to be done, else ``in place``, ``moved`` (RabbitMQ over a gap), ``later`` (a dry
    run that has not the declared server at hand) or ``refused``, with the reason as ``problem``.
    """
    before, after = (_lines(text).get("server", "").strip() for text in (running, probe))
    plan = {"service": service, "runs": _named(before), "declared": _named(after), "way": "", "problem": ""}
    if not before:
        problem = f"{name} does not run: without it there is no backup. playbooks/verify.yml says what is wrong"
        return plan | {"way": "refused", "problem": problem}
    if not differs:
        return plan | {"declared": plan["runs"]}
    if not after and predicts:
        return plan | {"way": "later"}
    if not after:
        return plan | {"way": "refused", "problem": f"{name}: the declared server does not tell its version"}
    problem = hop_problem(probe, service, name, backend, running)
    old, new = _written_by(service, _lines(probe).get("data", ""), _version(before)), _version(after)
    if problem and service == "rabbitmq" and old and new and old < new:
        return plan | {"way": "moved"}
    return plan | {"way": "refused" if problem else "in place", "problem": problem}


def _named(server: str) -> str:
    match = re.search(r"\d+\.\S+", server)
    return match[0] if match else "unknown"


class FilterModule:
    """Register the filter with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"flowlite_hop_problem": hop_problem, "flowlite_hop_plan": hop_plan}
