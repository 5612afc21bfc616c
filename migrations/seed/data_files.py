"""Reads the YAML files beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

DIRECTORY = Path(__file__).parent


def load(name: str) -> Any:
    """The content of a file, for example `demo/users.yml`."""
    return yaml.safe_load((DIRECTORY / name).read_text(encoding="utf-8"))
