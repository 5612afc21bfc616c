#!/usr/bin/python
"""Module: see which of our revisions the tables of an old database are those of, and whether all rows would fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible.module_utils.adopt_mysql import columns
from ansible.module_utils.backup_mysql import quoted, rows
from ansible.module_utils.backup_pipes import CommandFailed
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: adopt_mysql_look
short_description: Judge an old database
description:
  - Changes nothing. What C(alembic_version) says is a hint only; what counts is the tables.
options:
  client: {description: The client with its login., type: list, elements: str, required: true}
  database: {description: The old database., type: str, required: true}
  golden: {description: Our tables at the newest revision., type: dict, required: true}
  first: {description: Id of the first revision., type: str, required: true}
  later_tables: {description: Tables that a later revision adds., type: list, elements: str, required: true}
author: Flowlite
"""

UNIQUE = {
    "User": ["email", "username"],
    "Bank": ["bank_name"],
    "TransactionCategory": ["description"],
    "InsightCategory": ["description"],
}
VALUES = {
    "TransactionBatch": "BINARY process_status NOT IN ('pending', 'processing', 'completed', 'error')",
    "Transaction": "BINARY transaction_type NOT IN ('income', 'expense') OR value < 0",
}


def differences(found: dict[str, list[str]], golden: dict[str, Any], later: list[str]) -> Iterator[str]:
    """Say what of the tables is not as one of our revisions has it."""
    for table in sorted(found.keys() - golden.keys()):
        yield f"table {table} is none of Flowlite's: move it to another database, or drop it"
    for table in sorted(golden.keys() - found.keys() - set(later)):
        yield f"table {table} is missing"
    for table in sorted(found.keys() & golden.keys()):
        ours = golden[table]["columns"]
        if more := sorted(set(found[table]) - ours.keys()):
            yield f"table {table} has columns that ours has not, whose values would be lost: {', '.join(more)}"
        needed = {name for name, column in ours.items() if not column["nullable"] and column["default"] is None}
        if less := sorted(needed - set(found[table])):
            yield f"table {table} lacks columns: {', '.join(less)}"


def misfits(client: list[str], database: str, ours: dict[str, Any]) -> Iterator[str]:
    """Say which rows our keys and constraints would refuse."""

    def count(query: str) -> int:
        return int(rows(client, query)[0][0])

    for table, names in UNIQUE.items():
        for name in names:
            # As our key compares them, not as the old table does: josé is not jose.
            collation = ours[table]["columns"][name]["collation"]
            place = f"{quoted(database)}.{quoted(table)}"
            column = f"CONVERT({quoted(name)} USING utf8mb4) COLLATE {collation}"
            if twice := count(
                f"SELECT COUNT(*) FROM (SELECT 1 FROM {place} GROUP BY {column} HAVING COUNT(*) > 1) AS twice"
            ):
                yield f"{twice} value(s) of {table}.{name} occur more than once: merge or rename these rows"
    for table, wrong in VALUES.items():
        if refused := count(f"SELECT COUNT(*) FROM {quoted(database)}.{quoted(table)} WHERE {wrong}"):
            yield f"{refused} row(s) of {table} have values that are not allowed: {wrong}"
    for table, about in ours.items():
        for key in about["foreign_keys"].values():
            (column,), (reference,) = key["columns"], key["references"]
            target, _, member = reference.partition(".")
            if orphans := count(
                f"SELECT COUNT(*) FROM {quoted(database)}.{quoted(table)} AS a LEFT JOIN "
                f"{quoted(database)}.{quoted(target)} AS b ON a.{quoted(column)} = b.{quoted(member)} "
                f"WHERE a.{quoted(column)} IS NOT NULL AND b.{quoted(member)} IS NULL"
            ):
                yield f"{orphans} row(s) of {table} name a {target} in {column} that is not there"


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "client": {"type": "list", "elements": "str", "required": True},
            "database": {"type": "str", "required": True},
            "golden": {"type": "dict", "required": True},
            "first": {"type": "str", "required": True},
            "later_tables": {"type": "list", "elements": "str", "required": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    client, database, golden = given["client"], given["database"], given["golden"]
    try:
        ((version, there),) = rows(
            client,
            f"SELECT @@version, COUNT(*) FROM information_schema.schemata WHERE schema_name = '{database}'",
        )
        if there == "0":
            module.fail_json(msg=f"MySQL has no database {database}: name the old one in adopt_database")
        found = columns(client, database)
        said = rows(
            client,
            "SELECT COUNT(*) FROM information_schema.tables "
            f"WHERE table_schema = '{database}' AND table_name = 'alembic_version'",
        )
        revision = ""
        if said[0][0] == "1":
            named = rows(client, f"SELECT version_num FROM {quoted(database)}.alembic_version")
            revision = " ".join(row[0] for row in named)
        problems = list(differences(found, golden, given["later_tables"]))
        if problems and found:
            named = f"revision {revision}" if revision else "no revision"
            problems.insert(
                0, f"alembic_version names {named}, and the tables of {database} are those of none of our revisions"
            )
        if not found:
            problems = [f"{database} has no tables: name the old database in adopt_database, or start without adoption"]
        if not problems:
            problems = list(misfits(client, database, {table: golden[table] for table in found}))
    except CommandFailed as error:
        module.fail_json(msg=f"MySQL: {error}")
    later = set(found) & set(given["later_tables"])
    module.exit_json(
        changed=False,
        version=version,
        revision=revision,
        loads_into="heads" if later else given["first"],
        columns=found,
        problems=problems,
    )


if __name__ == "__main__":
    main()
