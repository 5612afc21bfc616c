"""How far a rotation of secrets has come, in the YAML file that holds them.

``vault_next`` holds the new secrets until the servers let them in, ``vault_previous`` the old ones from then on until
no server lets these in any more. What stands on the top level is what site.yml declares.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

NEXT, PREVIOUS = "vault_next", "vault_previous"


class Unfit(Exception):
    """The file is not one that can be changed, said for a person."""


def parsed(text: str) -> dict[str, Any]:
    """Return what a file holds; of a value with a tag, its words."""
    try:
        held = yaml.load(text, _Words) or {}
    except yaml.YAMLError:
        held = None
    if not isinstance(held, dict):
        raise Unfit("what it holds is no YAML dictionary")
    return held


class _Words(yaml.SafeLoader):
    """Reads !unsafe and !vault as plain text: nothing is done with such values but to leave them as they are."""


_Words.add_multi_constructor("!", lambda loader, _tag, node: loader.construct_scalar(node))


def changed(text: str, values: dict[str, Any], gone: list[str]) -> str:
    """Return the text with other values of some names, and without others; everything else is left as it is written."""
    before = parsed(text)
    text = text if text.endswith("\n") else text + "\n"
    for name in [*values, *gone]:
        # With the lines of its value, which are indented.
        entry = rf"""^(['"]?){name}\1[ ]*:.*\n(?:[ \t].*\n|\n(?=[ \t]))*"""
        text = re.sub(entry, "", text, flags=re.MULTILINE)
    text += "".join(yaml.safe_dump({name: value}) for name, value in values.items())
    if parsed(text) != {name: value for name, value in before.items() if name not in gone} | values:
        raise Unfit("it is written in a way that cannot be changed line by line: put each name on a line of its own")
    return text


def begun(text: str, new: dict[str, str]) -> str:
    """Return the text with the new secrets noted beside the old ones, which stay in force."""
    return changed(text, {NEXT: new}, [])


def committed(text: str, old: dict[str, str]) -> str:
    """Return the text in which the new secrets are in force, and the old ones noted."""
    held = parsed(text)
    return changed(text, {**held[NEXT], PREVIOUS: old}, [NEXT]) if NEXT in held else text


def finished(text: str) -> str:
    """Return the text in which the old secrets are forgotten."""
    return changed(text, {}, [PREVIOUS]) if PREVIOUS in parsed(text) else text
