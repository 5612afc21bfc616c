"""What makes a secret unusable, and that no sentence about one shows it."""

from __future__ import annotations

from typing import Any

import pytest
from plugin import load

rules = load("plugins/flowlite_rules/secret_rules.py")

GENERATED = "r8Zt-4kQ_w2Vb9Xn6Lc1"
# value, the words about it in local, and elsewhere
VALUES: list[tuple[Any, str, str]] = [
    (GENERATED, "", ""),
    (GENERATED * 3, "", ""),
    ("with spaces, 'quotes' and %: inside", "", ""),
    (" a space at an end of it", "space at an end", "space at an end"),
    ("contraseña-de-veinte-letras", "outside ASCII", "outside ASCII"),
    (GENERATED[:-1], "", "has 19 characters"),
    ("", "is empty", "is empty"),
    ("   ", "is empty", "is empty"),
    (f"{GENERATED}\n", "control character", "control character"),
    (f"{GENERATED}\t", "control character", "control character"),
    ("\x00" + GENERATED, "control character", "control character"),
    (12345678901234567890, "is no text", "is no text"),
    (True, "is no text", "is no text"),
    ([GENERATED], "is no text", "is no text"),
    ("rootpassword", "", "development default"),
    ("FLOWLITE_PASSWORD", "", "development default"),
    ("guest", "", "development default"),
    ("change-me-before-production", "", "placeholder"),
    ("Placeholder-for-the-vault", "", "placeholder"),
    ("<ask the operator for it>", "", "placeholder"),
    ("xxxxxxxxxxxxxxxxxxxxxxxx", "", "placeholder"),
    ("my-very-secret-passphrase", "", "placeholder"),
]
# name is secret, why it cannot be read, words that follow
UNREADABLE = [
    (True, "'vault_mysql_password' is undefined", "refers to something that is not there ('vault_mysql_password'"),
    (True, "'hunter2' is undefined", "!unsafe"),
    (True, "Syntax error in template: unexpected 'hunter2'", "!unsafe"),
    (True, "Attempting to decrypt but no vault secrets found.", "--vault-password-file"),
    (False, "'vault_mysql_prot' is undefined", "('vault_mysql_prot' is undefined)"),
    (False, "Syntax error in template: unexpected end", "Syntax error"),
]


@pytest.mark.parametrize(("value", "local", "elsewhere"), VALUES)
def test_secret(value: Any, local: str, elsewhere: str) -> None:
    for where, words in ((True, local), (False, elsewhere)):
        problems = rules.secret_problems(["mysql_password"], {"mysql_password": value}, where)
        assert len(problems) == bool(words), problems
        assert all(problem.startswith("mysql_password ") and words in problem for problem in problems)
        assert not any(str(value).strip() and str(value) in problem for problem in problems)


def test_secret_without_a_value_is_left_to_the_specification() -> None:
    assert rules.secret_problems(["mysql_password"], {}, False) == []


@pytest.mark.parametrize(("secret", "reason", "words"), UNREADABLE)
def test_unreadable(secret: bool, reason: str, words: str) -> None:
    problem = rules.unreadable_problem("mysql_password", secret, "Its password.", reason)
    assert problem.startswith("mysql_password ")
    assert problem.endswith(": Its password.")
    assert words in problem
    assert "hunter2" not in problem
