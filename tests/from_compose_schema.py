"""Judges of the commands that check, migrate and fill the database."""

from __future__ import annotations

import re
from functools import cache

from ansible_run import docker
from from_compose_stack import Stack, judges

TABLES = {
    *("Bank", "InsightCategory", "Insights", "Role", "Transaction", "TransactionBatch", "TransactionCategory"),
    *("User", "UserInfo", "alembic_version"),
}
FIRST = "Running upgrade  -> 001, Initial schema for Flowlite database"
ALL_WELL = "✓ Toda la infraestructura está funcionando correctamente"


def tables(stack: Stack) -> set[str]:
    """The tables that are there."""
    return {row[0] for row in stack.mysql("SHOW TABLES")}


@judges("python scripts/check_infrastructure.py")
def check(stack: Stack, command: str) -> None:
    stack.alembic("alembic -x allow_data_loss=true downgrade base")
    before = stack.run(command)
    problems = set(re.findall(r"✗ .*", before.stdout))
    assert before.returncode != 0, before.stdout
    assert len(problems) == 2, f"the database alone lacks something: {problems}"
    assert any("the schema is at revision none" in problem for problem in problems), problems
    assert any("tables missing: Bank" in problem for problem in problems), problems
    assert ALL_WELL not in before.stdout, before.stdout


@judges("python scripts/check_infrastructure.py --verbose")
def check_verbose(stack: Stack, command: str) -> None:
    lines = stack.output(command).splitlines()
    ((rows,),) = stack.mysql("SELECT COUNT(*) FROM `Transaction`")
    assert lines[-1] == ALL_WELL, lines[-1]
    for pattern in (f"Transaction: {rows}", r"connections: \d+", r"version: [\d.]+", r"server: [\d.]+ \(\w+\)"):
        assert any(re.fullmatch(pattern, line.strip()) for line in lines), f"no {pattern} in {lines}"


@judges("python scripts/init_database.py")
def init(stack: Stack, command: str) -> None:
    stack.alembic("alembic -x allow_data_loss=true downgrade base")
    printed = stack.output(command)
    assert "✓ Revision" in printed, printed
    assert FIRST in docker("logs", f"{stack.prefix}-db-init")
    assert stack.revision() == stack.head
    assert tables(stack) >= TABLES


@judges("python scripts/seed_database.py --clean")
def seed(stack: Stack, command: str) -> None:
    stack.mysql("INSERT INTO Bank VALUES (UUID(), 'Banco de Prueba')")
    stack.mysql("DELETE FROM Insights")
    stack.output(command)
    assert stack.mysql("SELECT COUNT(*) FROM Bank WHERE bank_name = 'Banco de Prueba'") == [["0"]]
    found = {row[0] for row in stack.mysql("SELECT email FROM `User`")}
    assert found >= {"juan.perez@example.com", "maria.lopez@example.com", "admin@flowlite.com"}, found
    assert stack.mysql("SELECT COUNT(*) > 0 FROM Insights") == [["1"]]


@judges('export DATABASE_URL="mysql+pymysql://flowlite_user:flowlite_password@localhost:3306/flowlite_db"')
def url(stack: Stack, command: str) -> None:
    assert stack.output(f"{command}; alembic current", stack.migrations).endswith(f"{stack.head} (head)\n")


@judges("alembic upgrade head")
def upgrade(stack: Stack, command: str) -> None:
    stack.alembic("alembic -x allow_data_loss=true downgrade base")
    printed = stack.alembic(command)
    assert FIRST in printed, printed
    assert stack.revision() == stack.head
    assert tables(stack) >= TABLES


@judges("alembic history")
def history(stack: Stack, command: str) -> None:
    lines = stack.alembic(command).splitlines()
    assert lines[-1] == "<base> -> 001, Initial schema for Flowlite database", lines
    assert f"-> {stack.head} (head)" in lines[0], lines


@cache
def _revisions(stack: Stack) -> list[str]:
    """From the first to the newest."""
    return re.findall(r"-> (\w+)", stack.alembic("alembic history"))[::-1]


@judges("alembic downgrade -1")
def one_back(stack: Stack, command: str) -> None:
    stack.bring_to_head()
    stack.alembic(command)
    assert stack.revision() == _revisions(stack)[-2]


@judges("alembic downgrade <revision_id>")
def back_to(stack: Stack, command: str) -> None:
    stack.bring_to_head()
    stack.alembic(command.replace("<revision_id>", "001"))
    assert stack.revision() == "001"
    assert tables(stack) == TABLES, tables(stack)


@judges("alembic downgrade base")
def all_back(stack: Stack, command: str) -> None:
    stack.bring_to_head()
    stack.alembic(command)
    assert stack.revision() == ""
    assert tables(stack) == {"alembic_version"}, tables(stack)


@judges('alembic revision --autogenerate -m "descripcion de los cambios"')
def autogenerate(stack: Stack, command: str) -> None:
    stack.bring_to_head()
    copy = stack.copy_of_migrations("changed")
    models = copy / "models.py"
    anchor = "\n\nclass TransactionCategory(Base):\n"
    text = models.read_text(encoding="utf-8")
    assert text.count(anchor) == 1
    added = "    swift: Mapped[str | None] = mapped_column(String(11))\n"
    models.write_text(text.replace(anchor, added + anchor), encoding="utf-8")
    known = set((copy / "versions").glob("*.py"))
    stack.alembic(command, copy)
    (made,) = set((copy / "versions").glob("*.py")) - known
    assert made.name == f"{int(stack.head) + 1:03d}_descripcion_de_los_cambios.py"
    stack.alembic("alembic upgrade head", copy)
    try:
        assert stack.mysql("SHOW COLUMNS FROM Bank LIKE 'swift'")[0][:2] == ["swift", "varchar(11)"]
    finally:
        stack.alembic("alembic downgrade -1", copy)
