"""Rules for hosts and repositories of the package back-end."""

from __future__ import annotations

from typing import Any

PLATFORMS = ("Debian 12", "Debian 13", "Debian sid", "Ubuntu 22.04", "Ubuntu 24.04")
REPOSITORY = {"uris", "suites", "components", "signed_by"}


def platform_name(facts: dict[str, Any]) -> str:
    """Return distribution and release as ``PLATFORMS`` has them."""
    name, version = facts.get("distribution", "unknown"), str(facts.get("distribution_version", ""))
    if name == "Debian":
        version = "sid" if version.endswith("sid") else version.partition(".")[0]
    return f"{name} {version}"


def platform_problems(facts: dict[str, Any]) -> list[str]:
    """Name what the host lacks for packages to be installed on it."""
    problems = []
    if (name := platform_name(facts)) not in PLATFORMS:
        problems.append(
            f"this host is {name}: the package back-end installs on {', '.join(PLATFORMS)}; take such a host, "
            "or flowlite_backend: container"
        )
    if facts.get("user_uid") != 0:
        problems.append(
            "installing packages needs root on this host: set ansible_become: true for a user with sudo, "
            "or ansible_user: root"
        )
    return problems


def old_package_problems(
    role: str, too_old: dict[str, str], values: dict[str, Any], facts: dict[str, Any]
) -> list[str]:
    """Name a platform whose packages are too old for a role, unless a repository with newer ones is given."""
    name, variable = platform_name(facts), f"{role}_apt_repository"
    if name not in too_old or values.get(variable):
        return []
    return [f"{name} {too_old[name]}: name a repository that has it in {variable}"]


def repository_problems(role: str, values: dict[str, Any]) -> list[str]:
    """Check the description of a vendor's APT repository."""
    variable = f"{role}_apt_repository"
    given = values.get(variable)
    if not isinstance(given, dict) or not given:
        return []
    problems = [
        f"{variable} has no {name}: give uris, suites, components and signed_by (address or path of the vendor's key)"
        for name in ("uris", "suites", "signed_by")
        if not given.get(name)
    ]
    return problems + [
        f"{variable} has {name}, which is none of {', '.join(sorted(REPOSITORY))}: take it out"
        for name in sorted(given.keys() - REPOSITORY)
    ]
