"""What a statement has changed on the clone, and which live rows that would not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate import probes
from gate.findings import DESTROYS, FAILS

# Kind, what, the better way where it is not the usual one.
Effect = tuple[str, str, str]


class Effects:
    """The difference between two looks at a clone, asked of the live table."""

    def __init__(self, cursor: Any, table: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Take the table and both looks, as `read_schema` gives them."""
        self.cursor, self.table, self.before, self.after = cursor, table, before, after
        self.old, self.new = before["columns"], after["columns"]

    def key_changed(self) -> bool:
        """Whether the table is put in the order of another primary key."""
        return bool(self.before["indexes"].get("PRIMARY") != self.after["indexes"].get("PRIMARY"))

    def misfits(self, live_by_clone: dict[str, str]) -> Iterator[Effect]:
        """Everything in the live rows that the statement would stumble over."""
        yield from self._columns()
        yield from self._unique()
        yield from self._foreign_keys(live_by_clone)
        for name, clause in self.after["checks"].items():
            if name not in self.before["checks"] and self._known(clause):
                bad = probes.violations(self.cursor, self.table, clause)
                if bad:
                    yield FAILS, f"{bad} rows of {self.table} break the check {clause}", "correct these rows first"

    def _columns(self) -> Iterator[Effect]:
        for name, column in self.new.items():
            earlier = self.old.get(name)
            if earlier is None:
                continue
            if earlier["nullable"] and not column["nullable"]:
                empty = probes.nulls(self.cursor, self.table, name)
                if empty:
                    yield FAILS, f"{empty} of the rows have no value in {self.table}.{name}", "fill them first"
            if (earlier["type"], earlier["collation"]) != (column["type"], column["collation"]):
                refused, others = probes.converted(self.cursor, self.table, name, earlier, column)
                if refused:
                    what = f"a value of {self.table}.{name} does not fit into {column['type']}: {refused}"
                    yield FAILS, what, "correct these rows first"
                elif others:
                    yield DESTROYS, f"{others} values of {self.table}.{name} would become others", ""

    def _unique(self) -> Iterator[Effect]:
        for name, index in self.after["indexes"].items():
            same = self.before["indexes"].get(name) == index and all(
                self.old.get(part) == self.new.get(part) for part in index["columns"]
            )
            columns = [column for column in index["columns"] if column]
            if same or not index["unique"] or len(columns) != len(index["columns"]):
                continue
            if any(column.partition("(")[0] not in self.old for column in columns):
                continue
            twice = probes.duplicates(self.cursor, self.table, columns, self.new)
            if twice:
                what = f"{twice} values of {self.table} ({', '.join(columns)}) occur more than once"
                yield FAILS, what, "merge or correct these rows first"

    def _foreign_keys(self, live_by_clone: dict[str, str]) -> Iterator[Effect]:
        for name, key in self.after["foreign_keys"].items():
            if name in self.before["foreign_keys"] or any(column not in self.old for column in key["columns"]):
                continue
            parent, targets = key["references"][0].partition(".")[0], [r.partition(".")[2] for r in key["references"]]
            live = live_by_clone.get(parent)
            # A table that the same migration makes is empty, and every value an orphan.
            if live is None:
                continue
            lost = probes.orphans(self.cursor, self.table, key["columns"], live, targets)
            if lost:
                what = f"{lost} rows of {self.table} name a row of {live} that is not there"
                yield FAILS, what, "delete or correct these rows first"

    def _known(self, clause: str) -> bool:
        """Whether a check can be asked of the table as it is."""
        added = set(self.new) - set(self.old)
        return not any(f"`{name}`" in clause for name in added)
