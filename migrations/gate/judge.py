"""One statement after the other: tried on the clones, asked of the live rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pymysql
from sqlalchemy import Connection

from gate import probes
from gate.alterations import alters, table_of
from gate.clones import names_by_clone
from gate.effects import Effects
from gate.findings import BLOCKS, DESTROYS, FAILS, Finding
from gate.losses import losses
from gate.names import clone_of, rewrite
from gate.recording import Plan
from gate.settings import Settings
from gate.trial import attempt
from information_schema import read_schema
from sql_text import changes_data, names, significant

# Changes of rows that read a table; the others name each row that they make.
READING = {"UPDATE", "DELETE", "SELECT"}


class Judge:
    """What was seen of a migration so far; the clones are as its statements have made them."""

    def __init__(self, connection: Connection, cursor: Any, live: list[str], settings: Settings) -> None:
        """Take the connection, the clones' cursor, the live tables, and what the operator lets a migration do."""
        self.connection, self.cursor, self.settings = connection, cursor, settings
        self.live = set(live)
        self.live_by_clone = names_by_clone(live)
        self.names = {clone_of(name): name for name in live}
        self.constraints: set[str] = set()
        # Tables whose rows an earlier statement changes: what the live rows say now tells nothing.
        self.changed: set[str] = set()
        looked = read_schema(connection, live).values()
        for name in (name for table in looked for part in ("foreign_keys", "checks") for name in table[part]):
            self._know(name)

    def findings(self, plan: Plan, statement: str) -> Iterator[Finding]:
        """What is wrong with the next statement."""
        for kind, what, better in self._found(plan, statement):
            yield Finding(plan.revision, statement, kind, self._told(what), better)

    def _found(self, plan: Plan, statement: str) -> Iterator[tuple[str, str, str]]:
        words = [token.keyword for token in significant(statement)]
        # What a downgrade destroys has a permission of its own.
        if plan.upgrade and not (words[0] == "DELETE" and "WHERE" in words):
            for lost in losses(self.connection, statement):
                yield DESTROYS, f"destroys {lost}", ""
        if words[0] == "SET":
            self.cursor.execute(statement)
        elif changes_data(statement):
            yield from self._data(statement, READING & set(words))
        elif alters(statement):
            yield from self._alteration(statement)
        elif words[:2] == ["CREATE", "TABLE"] and not {"SELECT", "LIKE"} & set(words):
            yield from self._try(statement)
        elif words[:2] == ["DROP", "TABLE"]:
            self._drop(statement)

    def _alteration(self, statement: str) -> Iterator[tuple[str, str, str]]:
        table = table_of(statement)
        if table not in self.live:
            return
        clone = clone_of(table)
        before = read_schema(self.connection, [clone])[clone]
        trial = attempt(self.cursor, rewrite(statement, self.constraints))
        if trial.failed:
            yield FAILS, f"the server refuses it on an empty table like {table}: {trial.failed}", "correct the revision"
            return
        after = read_schema(self.connection, [clone]).get(clone)
        if after is None:
            yield BLOCKS, f"renames {table}, which every running service uses by that name", ""
            return
        for name in (*after["foreign_keys"], *after["checks"]):
            self._know(name)
        effects = Effects(self.cursor, table, before, after)
        rows = probes.rows_up_to(self.cursor, table, self.settings.row_limit)
        if rows > self.settings.row_limit:
            size = f"its {rows} rows (limit {self.settings.row_limit})"
            if not trial.online:
                yield BLOCKS, f"keeps clients from writing to {table} while the server copies {size}: {trial.why}", ""
            elif effects.key_changed():
                yield BLOCKS, f"writes {table} anew, {size}, in the order of another PRIMARY KEY", ""
        if rows and table not in self.changed:
            yield from effects.misfits(self.live_by_clone)

    def _data(self, statement: str, reads: set[str]) -> Iterator[tuple[str, str, str]]:
        table = table_of(statement)
        used = names(statement) & self.live
        self.changed |= used
        if not reads or not used:
            return
        limit = self.settings.row_limit
        rows = self._explained(statement)
        if rows is None:
            rows = max(probes.rows_up_to(self.cursor, name, limit) for name in used)
        if rows > limit:
            yield BLOCKS, f"locks about {rows} rows of {table} (limit {limit}) until the revision's next step", ""

    def _explained(self, statement: str) -> int | None:
        """The rows that the server would look at; None where it looks at a whole table, or cannot tell."""
        try:
            lines = probes.explain(self.cursor, statement)
        except pymysql.MySQLError:
            # It names a column that an earlier statement makes.
            return None
        if any(line["type"] in {"ALL", "index"} and line["table"] in self.live for line in lines):
            return None
        return sum(int(line["rows"] or 0) for line in lines)

    def _try(self, statement: str) -> Iterator[tuple[str, str, str]]:
        try:
            self.cursor.execute(rewrite(statement, self.constraints))
        except pymysql.MySQLError as error:
            yield FAILS, f"the server refuses it: {error.args[-1]}", "correct the revision"

    def _drop(self, statement: str) -> None:
        dropped = names(statement) & self.live
        self.cursor.execute("SET SESSION foreign_key_checks = 0")
        for table in dropped:
            self.cursor.execute(f"DROP TABLE IF EXISTS `{clone_of(table)}`")
        self.cursor.execute("SET SESSION foreign_key_checks = 1")
        self.live -= dropped

    def _know(self, name: str) -> None:
        clone = name if name in self.names else clone_of(name)
        self.names.setdefault(clone, name)
        self.constraints |= {clone, name}

    def _told(self, text: str) -> str:
        for clone, name in self.names.items():
            text = text.replace(clone, name)
        return text
