"""The entity diagram as SVG, in light and dark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from schema_entities import CHARACTER, HEADER, MARKS, ROW, Entity, Relation
from schema_layout import Columns, placements, tops
from schema_routes import Line, Point, courses, faults, gap_widths, route

MARGIN = 28
LEGEND = 44
RADIUS = 7
STYLE = """
    .page { fill: #ffffff; } .box { fill: #ffffff; stroke: #c4ccd6; } .head { fill: #e8f0fb; stroke: #c4ccd6; }
    .name { fill: #0b3a75; font: 600 13px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
    .column { fill: #1f2328; } .type, .note { fill: #59636e; } .stripe { fill: #f6f8fa; }
    .column, .type { font: 12px ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace; }
    .null { font-style: italic; } .note { font: 12px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
    .mark { font: 700 9px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
    .PK { fill: #9a5b00; } .FK { fill: #0969da; } .UQ { fill: #1a7f37; }
    .line { fill: none; } .ring { fill: #ffffff; } .line, .ring { stroke: #6e7b8a; stroke-width: 1.4; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; } .box { fill: #151b23; stroke: #3d444d; } .head { fill: #1c2d45; stroke: #3d444d; }
      .name { fill: #cfe2ff; } .column { fill: #e6edf3; } .type, .note { fill: #9198a1; } .stripe { fill: #1a212a; }
      .PK { fill: #e3b341; } .FK { fill: #6cb6ff; } .UQ { fill: #57c975; }
      .ring { fill: #0d1117; } .line, .ring { stroke: #8b96a5; }
    }
"""
NOTES = ("PK primary key", "FK foreign key", "UQ unique, alone or with others", "italic: may be null")
ENDS = (("one", False, True), ("none or one", True, True), ("any number", True, False))


@dataclass(frozen=True)
class Picture:
    """Where everything is: columns of boxes with their left and right edges, the top of each box, the lines."""

    columns: Columns
    spans: list[Point]
    top: dict[str, int]
    lines: list[Line]
    width: int
    bottom: int


def compose(entities: Mapping[str, Entity], relations: Sequence[Relation]) -> Picture:
    """Find a place for every box and a way for every line: the picture whose lines disturb each other least."""
    pictures = (_compose(columns, entities, relations) for columns in placements(entities, relations))
    return min(pictures, key=lambda picture: faults(picture.lines))


def _compose(columns: Columns, entities: Mapping[str, Entity], relations: Sequence[Relation]) -> Picture:
    top = {name: y + MARGIN for name, y in tops(columns, entities).items()}
    every = courses(columns, relations)
    gaps = gap_widths(columns, every)
    spans, x = [], MARGIN
    for column, gap in zip(columns, gaps, strict=False):
        width = max(entities[name].width for name in column)
        spans.append((x + gap, x + gap + width))
        x += gap + width
    bottom = max(top[name] + entities[name].height for name in entities)
    return Picture(columns, spans, top, route(every, entities, top, spans), x + gaps[-1] + MARGIN, bottom)


def diagram(entities: Mapping[str, Entity], relations: Sequence[Relation]) -> str:
    """The picture: deterministic, so that a test can compare it."""
    picture = compose(entities, relations)
    parts = [part for line in picture.lines for part in _line(line)]
    for column, (left, right) in zip(picture.columns, picture.spans, strict=True):
        for name in column:
            parts += _box(entities[name], left, picture.top[name], right - left)
    parts += _legend(MARGIN, picture.bottom + LEGEND - 8)
    return _page(picture.width, picture.bottom + LEGEND + MARGIN // 2, parts)


def _page(width: int, height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    body = "\n".join(f"  {part}" for part in parts)
    return (
        f'{head} role="img" aria-labelledby="title">\n'
        f'  <title id="title">Entity diagram of the Flowlite database</title>\n'
        f"  <style>{STYLE}  </style>\n"
        f'  <rect class="page" width="{width}" height="{height}" rx="8"/>\n{body}\n</svg>\n'
    )


def _box(entity: Entity, x: int, y: int, width: int) -> Iterator[str]:
    yield f'<g id="{entity.name}"><title>{escape(entity.meaning)}</title>'
    yield f'<rect class="box" x="{x}" y="{y}" width="{width}" height="{entity.height}" rx="6"/>'
    right, low = x + width, y + HEADER
    yield (
        f'<path class="head" d="M{x} {low}V{y + 6}q0 -6 6 -6H{right - 6}q6 0 6 6V{low}z"/>'
        f'<text class="name" x="{x + 12}" y="{y + 20}">{entity.name}</text>'
    )
    for index, row in enumerate(entity.rows):
        middle = y + entity.row_at(row.name)
        if index % 2:
            yield f'<rect class="stripe" x="{x + 1}" y="{middle - ROW // 2}" width="{width - 2}" height="{ROW}"/>'
        for position, mark in enumerate(row.marks):
            yield f'<text class="mark {mark}" x="{x + 12 + 18 * position}" y="{middle + 3}">{mark}</text>'
        null = " null" if row.nullable else ""
        yield f'<text class="column{null}" x="{x + MARKS}" y="{middle + 4}">{row.name}</text>'
        yield f'<text class="type{null}" x="{right - 10}" y="{middle + 4}" text-anchor="end">{row.type}</text>'
    yield "</g>"


def _line(line: Line) -> Iterator[str]:
    relation, (start, one, other, end) = line.relation, line.points
    out, back = (1 if one[0] > start[0] else -1), (1 if end[0] > other[0] else -1)
    down = 1 if other[1] > one[1] else -1
    bend = min(RADIUS, abs(other[1] - one[1]) // 2)
    path = f"M{start[0]} {start[1]}H{one[0] - out * bend}q{out * bend} 0 {out * bend} {down * bend}"
    path += f"V{other[1] - down * bend}q0 {down * bend} {back * bend} {down * bend}H{end[0]}"
    if not bend:
        path = f"M{start[0]} {start[1]}H{end[0]}"
    label = f"{relation.child}.{relation.column} → {relation.parent}.{relation.target} ({relation.name})"
    yield f'<g id="{relation.name}"><title>{escape(label)}</title><path class="line" d="{path}"/>'
    yield from _end(*start, out, none=True, single=relation.single)
    yield from _end(*end, -back, none=relation.optional, single=True)
    yield "</g>"


def _end(x: int, y: int, out: int, *, none: bool, single: bool) -> Iterator[str]:
    """The mark of an end at a box's edge; `out` leads away from the box."""
    if single:
        yield f'<path class="line" d="M{x + 9 * out} {y - 5}v10"/>'
    else:
        yield f'<path class="line" d="M{x} {y - 6}L{x + 12 * out} {y}L{x} {y + 6}"/>'
    if none:
        yield f'<circle class="ring" cx="{x + 17 * out}" cy="{y}" r="4"/>'
    else:
        yield f'<path class="line" d="M{x + 14 * out} {y - 5}v10"/>'


def _legend(x: int, y: int) -> Iterator[str]:
    for text, none, single in ENDS:
        yield f'<path class="line" d="M{x} {y - 4}h34"/>'
        yield f'<path class="line" d="M{x} {y - 11}v14"/>'
        yield from _end(x, y - 4, 1, none=none, single=single)
        yield f'<text class="note" x="{x + 42}" y="{y}">{text}</text>'
        x += 62 + round(CHARACTER * len(text))
    parts = "".join(f'<tspan dx="18">{part}</tspan>' for part in NOTES)
    yield f'<text class="note" x="{x}" y="{y}">{parts}</text>'
