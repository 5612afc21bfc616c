"""A new revision from a changed models.py, in a copy of migrations/."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from revisions import head
from throwaway_database import MIGRATIONS, ThrowawayDatabase


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of migrations/ that the test may change."""
    made = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, made, ignore=shutil.ignore_patterns("__pycache__"))
    return made


def alembic(database: ThrowawayDatabase, directory: Path, *arguments: str) -> str:
    done = database.script("-m", "alembic", *arguments, directory=directory)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.slow_on_mariadb
def test_a_model_becomes_the_next_revision_and_back(migrated: ThrowawayDatabase, copy: Path) -> None:
    assert "No new upgrade operations detected" in alembic(migrated, copy, "check")
    models = copy / "models.py"
    anchor = "\n\nclass TransactionCategory(Base):\n"
    assert anchor in models.read_text()
    added = "    swift: Mapped[str | None] = mapped_column(String(11))\n"
    models.write_text(models.read_text().replace(anchor, added + anchor))
    alembic(migrated, copy, "revision", "--autogenerate", "-m", "swift code of banks")
    number = f"{int(head()) + 1:03d}"
    revision = copy / "versions" / f"{number}_swift_code_of_banks.py"
    assert "op.add_column('Bank', sa.Column('swift', sa.String(length=11), nullable=True))" in revision.read_text()
    alembic(migrated, copy, "upgrade", "head")
    assert "No new upgrade operations detected" in alembic(migrated, copy, "check")
    assert f"{number} (head)" in alembic(migrated, copy, "current")
    alembic(migrated, copy, "downgrade", "-1")
    assert migrated.sql("SHOW COLUMNS FROM `Bank` LIKE 'swift'") == []


def test_a_new_table_gets_the_collation_of_the_server(migrated: ThrowawayDatabase, copy: Path) -> None:
    with (copy / "models.py").open("a") as models:
        models.write(
            '\n\nclass Currency(Base):\n    """A currency."""\n\n    __tablename__ = "Currency"\n'
            "    code: Mapped[str] = mapped_column(AccentSensitive(3), primary_key=True)\n"
            "    title: Mapped[str] = mapped_column(String(50))\n"
        )
    alembic(migrated, copy, "revision", "--autogenerate", "-m", "currencies")
    alembic(migrated, copy, "upgrade", "head")
    found = dict(
        migrated.sql(
            "SELECT column_name, collation_name FROM information_schema.columns "
            "WHERE table_schema = DATABASE() AND table_name = 'Currency'"
        )
    )
    stem = {"mysql": "utf8mb4_0900", "mariadb": "utf8mb4_uca1400"}[migrated.server.flavor.name]
    assert found == {"code": f"{stem}_as_ci", "title": f"{stem}_ai_ci"}


def test_an_id_that_was_asked_for_is_kept(migrated: ThrowawayDatabase, copy: Path) -> None:
    alembic(migrated, copy, "revision", "--autogenerate", "--rev-id", "hotfix", "-m", "x")
    assert (copy / "versions" / "hotfix_x.py").exists()
