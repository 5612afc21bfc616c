"""Loads a plugin or a script by its file, as Ansible does."""

from __future__ import annotations

import importlib.util
from typing import Any

from ansible_run import ROOT


def load(path: str) -> Any:
    """The module in a file of the project."""
    found = importlib.util.spec_from_file_location(path.rpartition("/")[2].removesuffix(".py"), ROOT / path)
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
