"""Filter that decides, from what the engine holds, where each image comes from and what is still to be done."""

from __future__ import annotations

from typing import Any, TypedDict

STAMP = "io.flowlite.context"


class ImagePlan(TypedDict):
    """What roles/container_host does about images.

    ``names`` maps each service to the image that its container runs; ``pull`` lists image names; ``build`` lists
    services; ``bases`` lists Debian suites whose base image is missing; ``notes`` are sentences for the operator.
    """

    source: str
    names: dict[str, str]
    pull: list[str]
    build: list[str]
    bases: list[str]
    notes: list[str]


def _tags(present: list[dict[str, Any]]) -> dict[str, str]:
    """Map every tag the engine holds to the stamp of the context it was built from ('' when pulled)."""
    tags: dict[str, str] = {}
    for image in present:
        labels = image.get("Labels") or {}
        for tag in image.get("RepoTags") or []:
            tags[tag] = labels.get(STAMP, "")
    return tags


def image_plan(
    present: list[dict[str, Any]],
    services: list[str],
    pins: dict[str, dict[str, str]],
    builds: dict[str, dict[str, str]],
    stamps: dict[str, str],
    source: str,
    registry: str = "",
) -> ImagePlan:
    """Return the plan for ``services``; ``source`` is ``registry``, ``build``, or ``auto`` while nothing is decided.

    With ``auto`` the answer's ``source`` is the one whose images are all here already, or ``undecided`` when a
    registry has to be asked first.
    """
    tags = _tags(present)
    pulled = {name: registry + pins[name]["image"] for name in services if name in pins}
    built = {name: builds[name]["image"] for name in services}
    if source == "auto":
        # Where nothing is pulled, the image that was built on the registry's base tells.
        from_registry = pulled or {name: builds[name]["registry_image"] for name in services}
        if all(image in tags for image in from_registry.values()):
            source = "registry"
        elif all(image in tags for image in built.values()):
            source = "build"
        else:
            source = "undecided"
    if source == "registry":
        names = built | pulled
        names |= {name: builds[name]["registry_image"] for name in services if name not in pins}
    else:
        names = built
    to_build = [
        name
        for name, image in names.items()
        if (source == "build" or name not in pins) and tags.get(image) != stamps[name]
    ]
    suites = {builds[name]["suite"] for name in to_build} if source == "build" else set()
    return {
        "source": source,
        "names": names,
        "pull": sorted({image for image in pulled.values() if image not in tags}) if source == "registry" else [],
        "build": to_build,
        "bases": sorted(suite for suite in suites if f"flowlite/base:{suite}" not in tags),
        "notes": [
            f"{name} {builds[name]['version']} (Debian {builds[name]['suite']}) stands in for {pulled[name]}"
            for name in pulled
            if source == "build"
        ],
    }


class FilterModule:
    """Register the filters with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"flowlite_image_plan": image_plan}
