"""Where images come from: what a registry, a build and `auto` decide from what the engine holds."""

from __future__ import annotations

from typing import Any

import pytest
from plugin import load

image_plan = load("plugins/filter/flowlite_images.py").image_plan

SERVICES = ["mysql", "redis", "db_init"]
PINS = {"mysql": {"image": "mysql:8.4"}, "redis": {"image": "redis:7.4"}, "rabbitmq": {"image": "rabbitmq:4.2"}}
BUILDS = {
    "mysql": {"image": "flowlite/mysql:sid", "suite": "sid", "version": "9.7"},
    "redis": {"image": "flowlite/redis:bookworm", "suite": "bookworm", "version": "7.0"},
    "db_init": {
        "image": "flowlite/db-init:trixie",
        "suite": "trixie",
        "registry_image": "flowlite/db-init:python",
        "registry_base": "python:3.13-slim",
    },
}
STAMPS = {"mysql": "m1", "redis": "r1", "db_init": "d1"}

PULLED: dict[str, str] = {"mysql:8.4": "", "redis:7.4": ""}
BUILT = {"flowlite/mysql:sid": "m1", "flowlite/redis:bookworm": "r1", "flowlite/db-init:trixie": "d1"}
BASES = {"flowlite/base:sid": "", "flowlite/base:bookworm": "", "flowlite/base:trixie": ""}
PYTHON = {"flowlite/db-init:python": "d1"}

# source, images on the engine -> source, pull, build, bases
DECISIONS: list[tuple[str, dict[str, str], str, list[str], list[str], list[str]]] = [
    # A fresh machine.
    ("registry", {}, "registry", ["mysql:8.4", "redis:7.4"], ["db_init"], []),
    ("build", {}, "build", [], SERVICES, ["bookworm", "sid", "trixie"]),
    ("auto", {}, "undecided", [], ["db_init"], []),
    # The second run does nothing and asks nobody.
    ("registry", PULLED | PYTHON, "registry", [], [], []),
    ("build", BUILT | BASES, "build", [], [], []),
    ("build", BUILT, "build", [], [], []),
    ("auto", PULLED | PYTHON, "registry", [], [], []),
    ("auto", BUILT | BASES, "build", [], [], []),
    # Both are there: the registry's are maintained.
    ("auto", PULLED | PYTHON | BUILT, "registry", [], [], []),
    # Half of either decides nothing.
    ("auto", {"mysql:8.4": "", **PYTHON}, "undecided", [], ["db_init"], []),
    ("auto", {"flowlite/mysql:sid": "m1"}, "undecided", [], ["db_init"], []),
    # Only what is missing.
    ("registry", {"redis:7.4": ""} | PYTHON, "registry", ["mysql:8.4"], [], []),
    ("build", {"flowlite/mysql:sid": "m1"} | BASES, "build", [], ["redis", "db_init"], []),
    ("build", {"flowlite/base:sid": ""}, "build", [], SERVICES, ["bookworm", "trixie"]),
    # A context that changed since is built again, on the base that is there.
    ("build", BUILT | BASES | {"flowlite/redis:bookworm": "r0"}, "build", [], ["redis"], []),
    ("auto", BUILT | BASES | {"flowlite/mysql:sid": ""}, "build", [], ["mysql"], []),
    ("registry", PULLED | {"flowlite/db-init:python": "d0"}, "registry", [], ["db_init"], []),
]


def present(tags: dict[str, str]) -> list[dict[str, Any]]:
    """Images as the engine describes them; a pulled one has no stamp."""
    return [
        {"RepoTags": [tag], "Labels": {"io.flowlite.context": stamp} if stamp else None} for tag, stamp in tags.items()
    ]


@pytest.mark.parametrize(("source", "tags", "decided", "pull", "build", "bases"), DECISIONS)
def test_decision(
    source: str, tags: dict[str, str], decided: str, pull: list[str], build: list[str], bases: list[str]
) -> None:
    plan = image_plan(present(tags), SERVICES, PINS, BUILDS, STAMPS, source)
    assert plan["source"] == decided
    assert plan["pull"] == pull
    if decided != "undecided":  # asked again once a registry has answered
        assert plan["build"] == build
        assert plan["bases"] == bases


def test_names_of_a_registry_are_those_of_the_mirror() -> None:
    plan = image_plan([], SERVICES, PINS, BUILDS, STAMPS, "registry", "mirror.example.com/")
    assert plan["pull"] == ["mirror.example.com/mysql:8.4", "mirror.example.com/redis:7.4"]
    assert plan["names"] == {
        "mysql": "mirror.example.com/mysql:8.4",
        "redis": "mirror.example.com/redis:7.4",
        "db_init": "flowlite/db-init:python",
    }


def test_image_of_another_mirror_does_not_count() -> None:
    assert image_plan(present(PULLED | PYTHON), SERVICES, PINS, BUILDS, STAMPS, "auto", "m/")["source"] == "undecided"


def test_build_says_which_version_stands_in_for_which() -> None:
    notes = image_plan([], SERVICES, PINS, BUILDS, STAMPS, "build")["notes"]
    assert notes == [
        "mysql 9.7 (Debian sid) stands in for mysql:8.4",
        "redis 7.0 (Debian bookworm) stands in for redis:7.4",
    ]
    assert image_plan([], SERVICES, PINS, BUILDS, STAMPS, "registry")["notes"] == []


def test_only_the_services_asked_for_are_planned() -> None:
    plan = image_plan([], ["redis"], PINS, BUILDS, STAMPS, "build")
    assert plan["names"] == {"redis": "flowlite/redis:bookworm"}
    assert plan["build"] == ["redis"]
    assert plan["bases"] == ["bookworm"]


@pytest.mark.parametrize(("tags", "decided"), [({}, "undecided"), (BUILT, "build"), (PYTHON, "registry")])
def test_what_no_registry_has_does_not_decide_for_it(tags: dict[str, str], decided: str) -> None:
    assert image_plan(present(tags), ["db_init"], PINS, BUILDS, STAMPS, "auto")["source"] == decided


def test_images_without_tags_or_labels_are_no_obstacle() -> None:
    odd = [{"RepoTags": None, "Labels": None}, {"RepoTags": [], "Labels": {}}, {}]
    assert image_plan(odd, ["redis"], PINS, BUILDS, STAMPS, "auto")["source"] == "undecided"
