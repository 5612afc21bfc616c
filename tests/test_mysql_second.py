"""The second account of a rotation on MariaDB gets exactly the rights of the first."""

from __future__ import annotations

from plugin import load

second = load("roles/mysql/module_utils/mysql_second.py")

LINES = [
    "GRANT USAGE ON *.* TO `up.load`@`%` IDENTIFIED BY PASSWORD '*6BB4837EB74329' REQUIRE SSL",
    "GRANT SELECT (`id`, `name`) ON `db`.`up.load` TO `up.load`@`%`",
    "GRANT SELECT, INSERT ON `db`.* TO `up.load`@`%` WITH GRANT OPTION",
]


def test_rights_are_copied_and_passwords_are_not() -> None:
    assert second.copied(LINES, "up.load", "up.load_next", "%") == [
        "GRANT USAGE ON *.* TO `up.load_next`@`%` REQUIRE SSL",
        "GRANT SELECT (`id`, `name`) ON `db`.`up.load` TO `up.load_next`@`%`",
        "GRANT SELECT, INSERT ON `db`.* TO `up.load_next`@`%` WITH GRANT OPTION",
    ]


def test_nobody_else_is_touched() -> None:
    other = "GRANT SELECT ON `db`.* TO `upXload`@`%`"
    assert second.copied([other], "up.load", "up.load_next", "%") == [other]
