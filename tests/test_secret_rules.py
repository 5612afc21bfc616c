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
    ("cambiame-antes-de-produccion", "", "placeholder"),
    ("flowlite_redis_pass_2024-production", "", "development default"),
    ("a" * 22, "", "only 1 different"),
    ("ab-ab_ba-ab_ab-ba_ab", "", "only 4 different"),
    ("kQ7vT2pX" * 3, "", "repeats one piece"),
    ("kQ7vT2pX" * 2 + "kQ7v", "", "repeats one piece"),
    ("abcdefghijklmnopqrstuvwxyz", "", "is a sequence"),
    ("1234567890-0987654321", "", "is a sequence"),
    ("0f6c1e9a7b3d5c2e8f40", "", ""),
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
    for environment, words in (("local", local), ("production", elsewhere)):
        problems = rules.secret_problems(["mysql_password"], {"mysql_password": value}, environment)
        assert len(problems) == bool(words), problems
        assert all(problem.startswith("mysql_password ") and words in problem for problem in problems)
        assert not any(str(value).strip() and str(value) in problem for problem in problems)


def test_secret_without_a_value_is_left_to_the_specification() -> None:
    assert rules.secret_problems(["mysql_password", "redis_users[].password"], {}, "production") == []


@pytest.mark.parametrize("value", ["", "rootpassword", GENERATED[:-1], "a" * 22])
def test_remedy_is_named(value: str) -> None:
    (problem,) = rules.secret_problems(["mysql_password"], {"mysql_password": value}, "staging")
    assert "make secrets ENV=staging" in problem


def test_secrets_in_a_list_are_looked_at() -> None:
    users = [{"name": "upload", "password": GENERATED}, {"name": "insight", "password": "insight"}]
    (problem,) = rules.secret_problems(["redis_users[].password"], {"redis_users": users}, "staging")
    assert problem.startswith("redis_users[insight].password has 7 characters")
    assert rules.is_secret("redis_users", ["redis_users[].password"])
    assert not rules.is_secret("redis_port", ["redis_users[].password"])


@pytest.mark.parametrize(("secret", "reason", "words"), UNREADABLE)
def test_unreadable(secret: bool, reason: str, words: str) -> None:
    problem = rules.unreadable_problem("mysql_password", secret, "Its password.", reason, "production")
    assert problem.startswith("mysql_password ")
    assert problem.endswith(": Its password.")
    assert words in problem
    assert "hunter2" not in problem
    assert ("make secrets ENV=production" in problem) == ("vault_" in reason)


def test_local_has_no_vault_to_fill() -> None:
    reason = "'vault_mysql_password' is undefined"
    assert "make" not in rules.unreadable_problem("mysql_password", True, "Its password.", reason, "local")
