"""A copy of migrations/ with revisions that somebody writes later."""

from __future__ import annotations

import shutil
from pathlib import Path

from forked_alembic import Done, alembic
from throwaway_database import MIGRATIONS, ThrowawayDatabase

HEADER = '''"""{message}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"
branch_labels = None
depends_on = None


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
{downgrade}
'''


class Copy:
    """A copy of migrations/ in a directory of a test."""

    def __init__(self, directory: Path, database: ThrowawayDatabase) -> None:
        self.directory = directory / "migrations"
        self.database = database
        shutil.copytree(MIGRATIONS, self.directory, ignore=shutil.ignore_patterns("__pycache__"))
        self._last = "003"

    def add(self, upgrade: list[str], downgrade: list[str] | None = None) -> str:
        """Add a revision of these lines of Python; its number."""
        number = f"{int(self._last) + 1:03d}"
        body = {
            name: "\n".join(f"    {line}" for line in lines or ["pass"])
            for name, lines in (("upgrade", upgrade), ("downgrade", downgrade or []))
        }
        text = HEADER.format(message="later", revision=number, down=self._last, **body)
        (self.directory / "versions" / f"{number}_later.py").write_text(text)
        self._last = number
        return number

    def add_sql(self, upgrade: list[str], downgrade: list[str] | None = None) -> str:
        """Add a revision of SQL statements; its number."""
        return self.add(*([f"op.execute({line!r})" for line in lines] for lines in (upgrade, downgrade or [])))

    def alembic(self, *arguments: str, kill_at: int = 0) -> Done:
        """Run a command of Alembic on the copy."""
        return alembic(self.directory / "alembic.ini", *arguments, kill_at=kill_at)
