"""Rights of a MySQL account: as they are declared, as SHOW GRANTS prints them, and what differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

Grants = dict[str, set[str]]

SERVER = "*.*"
# What MariaDB calls a right of ours.
MARIADB_NAMES = {"BINLOG MONITOR": "REPLICATION CLIENT"}
# Column names have commas too: only those outside parentheses part the privileges.
_COMMA = re.compile(r",\s*(?![^(]*\))")
_GRANT = re.compile(r"GRANT (?P<privileges>.+) ON (?P<target>\S+\.\S+) TO .*?(?P<option> WITH GRANT OPTION)?")


def target(table: str, database: str) -> str:
    """Return where a declared right counts, as SHOW GRANTS prints it.

    In a right on a whole database _ is a wildcard and must be escaped; in one on a table it is not.
    """
    if table == SERVER:
        return SERVER
    escaped = database.replace("_", r"\_")
    return f"`{escaped}`.*" if table == "*" else f"`{database}`.`{table}`"


def declared(privileges: dict[str, list[str]], database: str) -> Grants:
    """Return declared rights in the form in which they are compared."""
    return {target(table, database): {_plain(each) for each in named} for table, named in privileges.items()}


def roles(lines: Iterable[str]) -> list[str]:
    """Return the roles in the lines of SHOW GRANTS, as REVOKE takes them."""
    # MariaDB adds a line with the default role.
    granted = (line for line in lines if line.startswith("GRANT ") and not _GRANT.fullmatch(line))
    return [line.removeprefix("GRANT ").partition(" TO ")[0] for line in granted]


def read(lines: Iterable[str]) -> Grants:
    """Return the rights in the lines of SHOW GRANTS; granted roles are a right of that name on the server."""
    lines = list(lines)
    found: Grants = {SERVER: {f"roles {each}" for each in roles(lines)}}
    for match in filter(None, map(_GRANT.fullmatch, lines)):
        names = {_plain(each) for each in _COMMA.split(match["privileges"])} - {"USAGE"}
        names |= {"GRANT OPTION"} if match["option"] else set()
        if names:
            found.setdefault(match["target"], set()).update(names)
    return found


def on_existing(wanted: Grants, database: str, tables: set[str]) -> Grants:
    """Return the rights that can be given now: a right on a table needs the table."""
    on_tables = f"`{database}`.`"
    existing = {target(table, database) for table in tables}
    return {place: named for place, named in wanted.items() if not place.startswith(on_tables) or place in existing}


def differences(found: Grants, wanted: Grants, database: str, tables: set[str]) -> Iterator[str]:
    """Say what an account has too much, and what it lacks; a right stays when its table is dropped, and may."""
    for place in sorted(found.keys() | wanted.keys()):
        if extra := found.get(place, set()) - wanted.get(place, set()):
            yield f"has rights on {place} that are not declared: {', '.join(sorted(extra))}"
    for place, named in sorted(on_existing(wanted, database, tables).items()):
        if missing := named - found.get(place, set()):
            yield f"lacks rights on {place}: {', '.join(sorted(missing))}"


def for_module(wanted: Grants) -> dict[str, str]:
    """Return rights as community.mysql.mysql_user takes them."""
    return {place: ",".join(sorted(named)) for place, named in wanted.items()} or {SERVER: "USAGE"}


def by_column(wanted: Grants) -> bool:
    """Return whether some of the rights are on columns."""
    return any("(" in each for named in wanted.values() for each in named)


def _plain(privilege: str) -> str:
    """Return a privilege without quotes; its columns in order."""
    name, bracket, columns = privilege.replace("`", "").strip().partition("(")
    if not bracket:
        return MARIADB_NAMES.get(name.strip(), name.strip())
    return f"{name.strip()} ({', '.join(sorted(each.strip() for each in columns.rstrip(')').split(',')))})"
