"""What the gate has found, in words for the operator."""

from __future__ import annotations

from dataclasses import dataclass

from sql_text import one_line

BLOCKS, DESTROYS, FAILS = "blocks", "destroys", "fails"
WINDOW = 'accept it for a quiet hour, with -e \'{"db_schema_waived_revisions": ["%s"]}\' (by hand --waive %s)'
DESTROYED = "let the code stop using it first and take a backup; then " + WINDOW
# By a word of the statement or of the server's reason, the first that occurs.
BETTER = (
    (
        "foreign_key_checks",
        "SET SESSION foreign_key_checks = 0 before it in the revision adds it online; no orphans exist",
    ),
    ("FULLTEXT", "index a table of its own that is filled beside this one"),
    ("CHECK", "let the services check the value, or make the constraint with a new column"),
    ("CHARACTER SET", "add a column of the wanted character set, fill it in small parts, let the code use it"),
    ("PRIMARY", "make a table with the wanted key, fill it in small parts, let the code use it"),
    (
        "column type",
        "add a column of the wanted type, fill it in small parts, let the code use it, drop the old one later",
    ),
    ("UPDATE", "change the rows in parts of some thousand by primary key, outside of the migration"),
    ("DELETE", "delete the rows in parts of some thousand by primary key, outside of the migration"),
)


@dataclass(frozen=True)
class Finding:
    """Why a statement of a revision must not be run as it is; `kind` is blocks, destroys or fails."""

    revision: str
    statement: str
    kind: str
    what: str
    better: str = ""

    def __str__(self) -> str:
        """One paragraph: what, why, how many rows, the better way."""
        return f"{self.revision} `{one_line(self.statement, 160)}`: {self.what}. Better: {self._better()}"

    def _better(self) -> str:
        if self.better:
            return self.better
        window = WINDOW % (self.revision, self.revision)
        if self.kind == DESTROYS:
            return DESTROYED % (self.revision, self.revision)
        text = f"{self.what} {self.statement}".upper()
        way = next((way for word, way in BETTER if word.upper() in text), "")
        return f"{way}; or {window}" if way else window
