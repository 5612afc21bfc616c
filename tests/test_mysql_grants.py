"""Rights of MySQL accounts are compared whatever order, quotes and columns SHOW GRANTS prints."""

from __future__ import annotations

import pytest
from plugin import load

grants = load("roles/mysql/module_utils/mysql_grants.py")

DECLARED = {"*.*": ["RELOAD"], "*": ["SELECT", "LOCK TABLES"], "User": ["SELECT (email, active)", "UPDATE"]}
TABLES = {"User", "Bank"}
PRINTED = [
    "GRANT RELOAD ON *.* TO `backup`@`%`",
    r"GRANT LOCK TABLES, SELECT ON `flowlite\_db`.* TO `backup`@`%`",
    "GRANT SELECT (`active`, `email`), UPDATE ON `flowlite_db`.`User` TO `backup`@`%`",
]
# What MySQL and MariaDB print where there is more, or less; and the words that name it.
DIFFERENT = [
    ([*PRINTED, "GRANT FILE ON *.* TO `backup`@`%`"], ["on *.* that are not declared: FILE"]),
    ([*PRINTED, "GRANT DELETE ON `flowlite_db`.`Bank` TO `backup`@`%`"], ["`Bank` that are not declared: DELETE"]),
    ([*PRINTED, "GRANT SELECT ON `flowlite_db`.* TO `backup`@`%`"], ["on `flowlite_db`.* that are not declared"]),
    ([*PRINTED, "GRANT `upload`@`%`,`insight`@`%` TO `backup`@`%`"], ["declared: roles `upload`@`%`,`insight`@`%`"]),
    (
        [*PRINTED[:2], PRINTED[2].replace("`email`", "`email`, `password`")],
        ["SELECT (active, email, password)", "lacks"],
    ),
    ([*PRINTED[:2], PRINTED[2] + " WITH GRANT OPTION"], ["declared: GRANT OPTION"]),
    (PRINTED[1:], ["lacks rights on *.*: RELOAD"]),
    (PRINTED[:2], ["lacks rights on `flowlite_db`.`User`: SELECT (active, email), UPDATE"]),
    ([], ["lacks rights on *.*", r"lacks rights on `flowlite\_db`.*", "lacks rights on `flowlite_db`.`User`"]),
]


def found(lines: list[str], tables: set[str] = TABLES) -> list[str]:
    wanted = grants.declared(DECLARED, "flowlite_db")
    return list(grants.differences(grants.read(lines), wanted, "flowlite_db", tables))


@pytest.mark.parametrize(
    "usage",
    [
        "GRANT USAGE ON *.* TO `backup`@`%`",
        "GRANT USAGE ON *.* TO `backup`@`%` IDENTIFIED BY PASSWORD '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'",
    ],
)
def test_what_is_declared_does_not_differ(usage: str) -> None:
    assert found([usage, *reversed(PRINTED)]) == []


def test_names_and_lines_of_mariadb_are_known() -> None:
    lines = ["GRANT BINLOG MONITOR ON *.* TO `backup`@`%`", "SET DEFAULT ROLE `x` FOR `backup`@`%`"]
    assert grants.read(lines) == {"*.*": {"REPLICATION CLIENT"}}


@pytest.mark.parametrize(("lines", "words"), DIFFERENT)
def test_difference_is_named(lines: list[str], words: list[str]) -> None:
    named = found(lines)
    assert len(named) == len(words), named
    assert all(any(word in line for line in named) for word in words), named


def test_right_on_a_missing_table_is_not_missed() -> None:
    assert found(PRINTED[:2], {"Bank"}) == []
    assert found(PRINTED, {"Bank"}) == []


def test_only_rights_on_existing_tables_are_given() -> None:
    wanted = grants.declared(DECLARED, "flowlite_db")
    given = grants.for_module(grants.on_existing(wanted, "flowlite_db", set()))
    assert given == {"*.*": "RELOAD", r"`flowlite\_db`.*": "LOCK TABLES,SELECT"}
    assert grants.for_module({}) == {"*.*": "USAGE"}
