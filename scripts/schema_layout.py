"""Where the boxes of the entity diagram stand: found by a search that always ends at the same picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from schema_entities import Entity, Relation

# Names of tables, from the left column to the right one, each from top to bottom.
Columns = tuple[tuple[str, ...], ...]
GAP = 34
STARTS = 6


def placements(entities: Mapping[str, Entity], relations: Sequence[Relation]) -> list[Columns]:
    """The best that were found: in three columns where every relation keeps to neighbouring ones, else in two."""
    for count in (3, 2):
        found = {_improved(start, entities, relations) for start in _starts(list(entities), count)}
        near = [columns for _, columns in sorted(found) if all(_distance(columns, each) < 2 for each in relations)]
        if near:
            return near
    raise AssertionError("two columns are always neighbours")


def tops(columns: Columns, entities: Mapping[str, Entity]) -> dict[str, int]:
    """The upper edge of each box; shorter columns are spread over the height of the longest."""
    height = max(_height(column, entities) for column in columns)
    found = {}
    for column in columns:
        spare = height - _height(column, entities)
        gap, y = (spare // (len(column) - 1), 0) if len(column) > 1 else (0, spare // 2)
        for name in column:
            found[name] = y
            y += entities[name].height + GAP + gap
    return found


def _height(column: Sequence[str], entities: Mapping[str, Entity]) -> int:
    return sum(entities[name].height + GAP for name in column) - GAP


def _starts(names: list[str], count: int) -> Iterator[Columns]:
    for step in range(count, count + STARTS):
        buckets: list[list[str]] = [[] for _ in range(count)]
        for index, name in enumerate(names):
            buckets[(index + index // step) % count].append(name)
        yield tuple(map(tuple, buckets))


def _improved(columns: Columns, entities: Mapping[str, Entity], relations: Sequence[Relation]) -> tuple[int, Columns]:
    """Move or exchange boxes as long as that makes the picture better."""
    best = (_cost(columns, entities, relations), columns)
    while True:
        better = min((_cost(other, entities, relations), other) for other in _neighbours(best[1]))
        if better >= best:
            return best
        best = better


def _neighbours(columns: Columns) -> Iterator[Columns]:
    names = [name for column in columns for name in column]
    for one, other in combinations(names, 2):
        exchange = {one: other, other: one}
        yield tuple(tuple(exchange.get(name, name) for name in column) for column in columns)
    for name in names:
        without = [[other for other in column if other != name] for column in columns]
        for index, column in enumerate(without):
            for place in range(len(column) + 1):
                moved = [*without[:index], [*column[:place], name, *column[place:]], *without[index + 1 :]]
                if all(moved):
                    yield tuple(map(tuple, moved))


def _distance(columns: Columns, relation: Relation) -> int:
    (child,) = (index for index, column in enumerate(columns) if relation.child in column)
    (parent,) = (index for index, column in enumerate(columns) if relation.parent in column)
    return abs(child - parent)


def _cost(columns: Columns, entities: Mapping[str, Entity], relations: Sequence[Relation]) -> int:
    """Small for a low picture with short lines that do not cross."""
    top = tops(columns, entities)
    where = {name: (index, place) for index, column in enumerate(columns) for place, name in enumerate(column)}
    total = 3 * max(_height(column, entities) for column in columns)
    ends = []
    for relation in relations:
        (child, child_place), (parent, parent_place) = where[relation.child], where[relation.parent]
        y = top[relation.child] + entities[relation.child].row_at(relation.column)
        target = top[relation.parent] + entities[relation.parent].row_at(relation.target)
        total += abs(y - target)
        if child == parent:
            total += 60 if abs(child_place - parent_place) == 1 else 600
        elif abs(child - parent) > 1:
            total += 5000
        else:
            left, right = (y, target) if child < parent else (target, y)
            ends.append((min(child, parent), left, right))
    crossed = sum(a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0 for a, b in combinations(ends, 2))
    return total + 200 * crossed
