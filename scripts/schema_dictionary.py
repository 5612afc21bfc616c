"""The data dictionary as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import CheckConstraint, Column, Table

from information_schema import Schema
from revisions import pending
from schema_history import History
from schema_meaning import index_purpose, table_meaning, unique_keys

NOTE = "<!-- Written by scripts/schema_docs.py (make docs) from migrations/: models.py, golden/, versions/. -->"
HEAD = f"""# Database schema

{NOTE}

![Entity diagram](schema.svg)

What the tables mean, what each index is for, and the revision that brought each part. `alembic upgrade head` makes it;
`playbooks/verify.yml` compares a database with it.
"""


def dictionary(tables: Sequence[Table], mysql: Schema, mariadb: Schema, history: History) -> str:
    """The whole page; `mysql` and `mariadb` are the golden schemas."""
    lines = [HEAD, *_overview(tables, mysql, mariadb, history)]
    for table in tables:
        lines += _table(table, mysql[table.name], mariadb[table.name], history)
    return "\n".join(lines) + "\n"


def _overview(tables: Sequence[Table], mysql: Schema, mariadb: Schema, history: History) -> Iterator[str]:
    rows = [
        (f"[{table.name}](#{table.name.lower()})", table_meaning(table), history.since(table.name)) for table in tables
    ]
    yield from _grid(("table", "meaning", "since"), rows)
    every = [both for table in tables for both in [(mysql[table.name], mariadb[table.name])]]
    engines = sorted({_both(one["engine"], other["engine"]) for one, other in every})
    collations = sorted({_both(one["collation"], other["collation"]) for one, other in every})
    yield f"Engine: {'; '.join(engines)}. Collation where none is named: {'; '.join(collations)}."
    yield "What MariaDB has otherwise is named beside it. NO ACTION and RESTRICT are one to InnoDB: a row that others"
    yield "refer to cannot be deleted."
    yield ""
    yield "## Revisions"
    yield ""
    yield from _grid(("revision", "what it brings"), [(each.revision, each.doc) for each in pending(None)])


def _table(table: Table, mysql: dict[str, Any], mariadb: dict[str, Any], history: History) -> Iterator[str]:
    def since(name: str) -> str:
        return history.since(table.name, name)

    yield f"## {table.name}"
    yield ""
    yield f"{table_meaning(table)} Since revision {history.since(table.name)}."
    yield ""
    rows: list[tuple[str, ...]] = [
        (
            f"`{column.name}`",
            _type(column.name, mysql, mariadb),
            "yes" if mysql["columns"][column.name]["nullable"] else "no",
            _both(*(_default(schema["columns"][column.name]["default"]) for schema in (mysql, mariadb))),
            _key(column),
            _cell(column.doc or ""),
            since(column.name),
        )
        for column in table.columns
    ]
    yield from _grid(("column", "type", "null", "default", "key", "meaning", "since"), rows)
    rows = [
        (
            f"`{name}`",
            ", ".join(f"`{column}`" for column in index["columns"]),
            "yes" if index["unique"] else "no",
            _cell(index_purpose(table, name)),
            history.since(table.name) if name == "PRIMARY" else since(name),
        )
        for name, index in sorted(mysql["indexes"].items(), key=lambda item: (item[0] != "PRIMARY", item[0]))
    ]
    yield from _grid(("index", "columns", "unique", "serves", "since"), rows)
    keys = sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
    rows = [
        (
            f"`{key.name}`",
            ", ".join(f"`{each.parent.name}` → `{each.target_fullname}`" for each in key.elements),
            _both(*(schema["foreign_keys"][str(key.name)]["on_delete"] for schema in (mysql, mariadb))),
            since(str(key.name)),
        )
        for key in keys
    ]
    yield from _grid(("foreign key", "columns", "on delete", "since"), rows)
    checks = [check for check in table.constraints if isinstance(check, CheckConstraint) and check.name]
    rows = [
        (f"`{check.name}`", f"`{_cell(str(check.sqltext))}`", since(str(check.name)))
        for check in sorted(checks, key=lambda check: str(check.name))
    ]
    yield from _grid(("check", "rule", "since"), rows)


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, none where it has no rows."""
    if rows:
        yield f"| {' | '.join(heads)} |"
        yield "| " + " | ".join("---" for _ in heads) + " |"
        yield from (f"| {' | '.join(row)} |" for row in rows)
        yield ""


def _type(name: str, mysql: dict[str, Any], mariadb: dict[str, Any]) -> str:
    shown = _both(*(schema["columns"][name]["type"] for schema in (mysql, mariadb)))
    own = [schema["columns"][name]["collation"] for schema in (mysql, mariadb)]
    if own != [None, None] and own != [mysql["collation"], mariadb["collation"]]:
        shown += f", collation {_both(*own)}"
    return shown


def _default(value: str | None) -> str | None:
    # MariaDB writes NULL for none, and functions in lower case with parentheses.
    if value is None or value == "NULL":
        return None
    return value.upper().removesuffix("()") if value.endswith("()") else value


def _both(mysql: str | None, mariadb: str | None) -> str:
    if mysql == mariadb:
        return f"`{mysql}`" if mysql is not None else ""
    return f"`{mysql}` (MariaDB: `{mariadb}`)"


def _key(column: Column[Any]) -> str:
    keys = ["primary"] if column.primary_key else ["unique"] if [column] in unique_keys(column.table) else []
    return ", ".join([*keys, *(f"→ `{key.target_fullname}`" for key in column.foreign_keys)])


def _cell(text: str) -> str:
    """Text for a cell, which a pipe would end."""
    return text.replace("|", "\\|")
