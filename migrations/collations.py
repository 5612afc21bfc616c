"""Character set and collations by the server's flavor.

Import it before any table is created: it adds them to every CREATE TABLE, whatever the database's default is.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeDecorator, TypeEngine


def is_mariadb(dialect: Dialect) -> bool:
    """Whether the server is MariaDB; the dialect's name does not tell, since URLs say mysql on both."""
    return bool(getattr(dialect, "is_mariadb", False))


def flavor(dialect: Dialect) -> str:
    """`mysql` or `mariadb`."""
    return "mariadb" if is_mariadb(dialect) else "mysql"


def default_collation(dialect: Dialect) -> str:
    """Case-insensitive, since services look for BANCOLOMBIA and mean Bancolombia."""
    # MariaDB takes the MySQL name without a word and stores another collation.
    return "utf8mb4_uca1400_ai_ci" if is_mariadb(dialect) else "utf8mb4_0900_ai_ci"


def accent_sensitive_collation(dialect: Dialect) -> str:
    """Case-insensitive, but josé is not jose."""
    return "utf8mb4_uca1400_as_ci" if is_mariadb(dialect) else "utf8mb4_0900_as_ci"


class AccentSensitive(TypeDecorator[str]):
    """VARCHAR(length) for logins: josé's must never find jose's account."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type with the flavor's collation."""
        length = cast(String, self.impl_instance).length
        return dialect.type_descriptor(String(length, accent_sensitive_collation(dialect)))


@compiles(CreateTable, "mysql", "mariadb")
def _create_table(element: CreateTable, compiler: Any, **options: Any) -> str:
    statement = compiler.visit_create_table(element, **options).rstrip()
    return f"{statement} ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={default_collation(compiler.dialect)}\n\n"
