"""The report as one HTML page that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2

# Units of a plot's view box.
WIDTH, HEIGHT, MARGIN = 160.0, 36.0, 4.0
PLOTS = (
    ("problems", "Problems", ""),
    ("rows", "Rows in all tables", ""),
    ("connections", "Connections", ""),
    ("seconds", "Duration of the check", " s"),
)
TITLES = {
    "host": "Host and containers",
    "mysql": "MySQL",
    "schema": "Schema and data",
    "rabbitmq": "RabbitMQ",
    "redis": "Redis",
    "certificates": "Certificates",
    "service_env": "Environment files",
}


def points(values: list[float | None]) -> list[tuple[float, float]]:
    """Return where a plot's values lie in its view box, newest at the right edge; a value that is missing has none."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, span = min(known), (max(known) - min(known)) or 1
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    # A plot that never moves runs along the middle: at the foot it would read as nothing.
    flat = max(known) == min(known)
    return [
        (
            round(WIDTH - MARGIN - step * (len(values) - 1 - place), 1),
            round(HEIGHT / 2 if flat else HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN), 1),
        )
        for place, value in enumerate(values)
        if value is not None
    ]


def number(value: float | None) -> str:
    """Return a number for a person, a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def size(amount: int) -> str:
    """Return bytes as MiB."""
    return f"{amount / 2**20:,.1f} MiB"


def plot(title: str, unit: str, values: list[float | None]) -> dict[str, Any]:
    """Return what the template draws."""
    known = [value for value in values if value is not None]
    # Between different numbers only: "3 to 3" tells nothing.
    span = f"{number(min(known))} to {number(max(known))}{unit}" if known and min(known) != max(known) else ""
    return {
        "title": title,
        "now": number(values[-1]) + (unit if values[-1] is not None else ""),
        "span": span,
        "points": points(values),
    }


def page(run: dict[str, Any], before: list[dict[str, Any]]) -> str:
    """Return the page of a run; ``before`` are earlier ones, oldest first."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "size": size}
    runs = [*before, {key: run[key] for key in ("written", "verdict", "totals")}]
    return environment.get_template("page.html.j2").render(
        run=run,
        runs=runs,
        titles=TITLES,
        several_hosts=len({section["host"] for section in run["sections"]}) > 1,
        plots=[plot(title, unit, [each["totals"][key] for each in runs]) for key, title, unit in PLOTS],
        width=WIDTH,
        height=HEIGHT,
    )
