"""What requirements.txt and requirements.yml promise holds in the environment that runs the project."""

from __future__ import annotations

import importlib.util
import json
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from ansible_run import ROOT, run
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

COLLECTIONS = yaml.safe_load((ROOT / "requirements.yml").read_text(encoding="utf-8"))["collections"]
PINS = [Requirement(line) for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()]


def installed(collection: str) -> str:
    """The version of a collection in the `ansible` package."""
    spec = importlib.util.find_spec("ansible_collections")
    assert spec
    assert spec.submodule_search_locations
    manifest = Path(*spec.submodule_search_locations, *collection.split("."), "MANIFEST.json")
    return str(json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"])


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda entry: entry["name"])
def test_range_holds_for_the_installed_collection(collection: dict[str, str]) -> None:
    assert SpecifierSet(collection["version"]).contains(installed(collection["name"]))


def test_galaxy_has_nothing_to_do(tmp_path: Path) -> None:
    # No server answers there: whatever had to be fetched would fail.
    nowhere = ["--server", "http://127.0.0.1:9", "--timeout", "1"]
    done = run("ansible-galaxy", "collection", "install", "-r", "requirements.yml", *nowhere)
    assert done.returncode == 0, done.stderr
    assert "Nothing to do" in done.stdout


@pytest.mark.parametrize("pin", PINS, ids=str)
def test_pin_is_installed(pin: Requirement) -> None:
    assert [specifier.operator for specifier in pin.specifier] == ["=="]
    if pin.marker is None or pin.marker.evaluate():
        assert pin.specifier.contains(version(pin.name), prereleases=True)
