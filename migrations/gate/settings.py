"""What the operator lets a migration do."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

ROW_LIMIT = 100_000


@dataclass(frozen=True)
class Settings:
    """Above `row_limit` rows a change must leave a table readable and writable, unless its revision is waived."""

    row_limit: int = ROW_LIMIT
    waived: frozenset[str] = frozenset()


def arguments_of(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add the gate's options."""
    made.add_argument(
        "--online-row-limit",
        type=int,
        default=ROW_LIMIT,
        metavar="ROWS",
        help=f"above it no change may copy or lock a table (default: {ROW_LIMIT})",
    )
    made.add_argument("--waive", action="append", default=[], metavar="REVISION", help="whose blocking is accepted")
    return made


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The settings that the options name."""
    return Settings(arguments.online_row_limit, frozenset(arguments.waive))
