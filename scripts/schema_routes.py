"""The lines of the entity diagram: each runs in the gap beside its two boxes, on a track of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations

from schema_entities import HEADER, Entity, Relation
from schema_layout import Columns

Point = tuple[int, int]
# From a box to the first track (the marks of the ends stand there), and between tracks.
STUB = 32
TRACK = 14
# Lines that are nearer than this look like one.
NEAR = 5
# Where lines reach the parent's box: its key first, then its heading.
PORTS = (HEADER + 13, HEADER - 3, 11)


@dataclass(frozen=True)
class Line:
    """A relation's corners, from the child's box to the parent's."""

    relation: Relation
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Course:
    """A relation in the gap left of column `gap`; a side is -1 for the left of a box, 1 for its right."""

    relation: Relation
    gap: int
    child: int
    child_side: int
    parent: int
    parent_side: int


def courses(columns: Columns, relations: Sequence[Relation]) -> list[Course]:
    """The gap for each relation: the one between its boxes, or the emptier one beside the column that has both."""
    where = {name: index for index, column in enumerate(columns) for name in column}
    used: dict[int, int] = defaultdict(int)
    found = []
    for relation in sorted(relations, key=lambda each: where[each.child] == where[each.parent]):
        child, parent = where[relation.child], where[relation.parent]
        if child == parent:
            gap = min((child, child + 1), key=lambda each: used[each])
            side = -1 if gap == child else 1
            found.append(Course(relation, gap, child, side, parent, side))
        else:
            gap = max(child, parent)
            side = 1 if child < parent else -1
            found.append(Course(relation, gap, child, side, parent, -side))
        used[gap] += 1
    return found


def gap_widths(columns: Columns, every: Sequence[Course]) -> list[int]:
    """The width of the gap before each column and of the one after the last."""
    counts = [sum(course.gap == gap for course in every) for gap in range(len(columns) + 1)]
    inner = [2 * STUB + TRACK * max(count - 1, 0) for count in counts[1:-1]]
    outer = [STUB + TRACK * (count - 1) if count else 0 for count in (counts[0], counts[-1])]
    return [outer[0], *inner, outer[1]]


def route(
    every: Sequence[Course], entities: Mapping[str, Entity], top: Mapping[str, int], spans: Sequence[Point]
) -> list[Line]:
    """The lines; `spans` has the left and the right edge of each column."""
    heights = dict(_heights(every, entities, top))
    lines: list[Line] = []
    for gap in range(len(spans) + 1):
        mine = [course for course in every if course.gap == gap]
        first, step = (spans[0][0] - STUB, -TRACK) if gap == 0 else (spans[gap - 1][1] + STUB, TRACK)
        tracks = tuple(first + step * index for index in range(len(mine)))
        # Past six lines there are too many orders to try.
        orders = permutations(tracks) if len(mine) <= 6 else iter([tracks])
        lines += min((_lines(mine, order, heights, spans) for order in orders), key=faults)
    return lines


def faults(lines: Iterable[Line]) -> int:
    """How badly lines disturb each other: 1 for a crossing, 100 for two that run on top of each other."""
    return sum(
        _fault(a, b)
        for one, other in combinations(lines, 2)
        for a in pairwise(one.points)
        for b in pairwise(other.points)
    )


def _fault(a: tuple[Point, Point], b: tuple[Point, Point]) -> int:
    # How far apart the two are, sideways and in height; negative where they overlap.
    apart = [
        max(min(p), min(q)) - min(max(p), max(q))
        for p, q in zip(zip(*a, strict=True), zip(*b, strict=True), strict=True)
    ]
    upright = [line[0][0] == line[1][0] for line in (a, b)]
    if upright[0] != upright[1]:
        return int(max(apart) <= 0)
    along, across = (apart[1], apart[0]) if upright[0] else (apart[0], apart[1])
    return 100 * (along <= 0 and across < NEAR)


def _heights(
    every: Sequence[Course], entities: Mapping[str, Entity], top: Mapping[str, int]
) -> Iterator[tuple[Relation, Point]]:
    """The height at which each line leaves the child's box, and at which it reaches the parent's."""
    start = {c.relation: top[c.relation.child] + entities[c.relation.child].row_at(c.relation.column) for c in every}
    arriving: dict[tuple[str, int], list[Relation]] = defaultdict(list)
    for course in every:
        arriving[course.relation.parent, course.parent_side].append(course.relation)
    for (parent, _), found in arriving.items():
        ports = sorted(PORTS[: len(found)]) if len(found) <= len(PORTS) else _spread(len(found))
        for relation, port in zip(sorted(found, key=lambda each: start[each]), ports, strict=True):
            yield relation, (start[relation], top[parent] + port)


def _spread(count: int) -> list[int]:
    return [PORTS[-1] + (PORTS[0] - PORTS[-1]) * index // (count - 1) for index in range(count)]


def _lines(
    mine: Sequence[Course], tracks: Sequence[int], heights: Mapping[Relation, Point], spans: Sequence[Point]
) -> list[Line]:
    lines = []
    for course, x in zip(mine, tracks, strict=True):
        y, target = heights[course.relation]
        start = spans[course.child][course.child_side > 0]
        end = spans[course.parent][course.parent_side > 0]
        lines.append(Line(course.relation, ((start, y), (x, y), (x, target), (end, target))))
    return lines
