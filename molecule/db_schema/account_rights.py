"""Try each verb on each table as each account, and compare with what it may: by the server's answer, not by its grants.

Reads ``{"port", "database", "accounts": [{"name", "password"}]}`` on standard input. Nothing is kept: what is allowed
changes no row, or is rolled back. Fails with a line for each verb that is allowed or denied against the table below.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pymysql

# S, I, U, D: SELECT, INSERT, UPDATE, DELETE. What is not listed is denied.
MAY = {
    "upload": {
        "Transaction": "SI",
        "TransactionBatch": "SIU",
        "FileUploadHistory": "SI",
        "Bank": "S",
        "TransactionCategory": "S",
    },
    "insight": {"Insights": "SID", "InsightCategory": "S", "Transaction": "S", "TransactionCategory": "S"},
    "identity": {"User": "SIU", "UserInfo": "SIU", "Role": "S"},
    "dashboard": dict.fromkeys(
        ("Transaction", "TransactionBatch", "TransactionCategory", "Bank", "Insights", "InsightCategory"), "S"
    ),
    "migrations": {"*": "SIUD"},
    "backup": {"*": "S"},
}
DDL = (
    "CREATE TABLE rights_probe (id INT PRIMARY KEY)",
    "ALTER TABLE rights_probe ADD COLUMN note INT",
    "CREATE INDEX ix_probe ON rights_probe (note)",
    "TRUNCATE TABLE rights_probe",
    "DROP TABLE rights_probe",
)
# Refused to every one of them, the accounts for schema and backup included.
NEVER = (
    "SELECT COUNT(*) FROM mysql.user",
    "CREATE USER rights_probe IDENTIFIED BY 'x'",
    "CREATE DATABASE rights_probe",
    "CREATE DATABASE `flowliteXdb`",
    "GRANT SELECT ON *.* TO CURRENT_USER()",
    "SET GLOBAL max_connections = 200",
    "SELECT 1 INTO OUTFILE '/tmp/rights_probe'",
    "CREATE TRIGGER rights_probe BEFORE INSERT ON `Bank` FOR EACH ROW SET @x = 1",
    "SHUTDOWN",
)
# Column by column: only IdentityService compares passwords.
COLUMNS = {
    "SELECT id_user, username, email, role, active FROM `User` LIMIT 0": {"upload", "identity", "migrations", "backup"},
    "SELECT password FROM `User` LIMIT 0": {"identity", "migrations", "backup"},
}
# Access to a database, table, column or command; and a trigger of somebody who is no administrator (1419).
DENIED = {1044, 1045, 1142, 1143, 1227, 1370, 1410, 1419}


def statements(cursor: Any, database: str) -> dict[str, dict[str, str]]:
    """Return for each table its four statements; each asks for one right and changes no row."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = %s AND ordinal_position = 1 AND table_name NOT IN ('alembic_version', 'rights_probe')",
        [database],
    )
    return {
        table: {
            "S": f"SELECT * FROM `{table}` LIMIT 0",
            "I": f"INSERT INTO `{table}` () VALUES ()",
            "U": f"UPDATE `{table}` SET `{column}` = '' LIMIT 0",
            "D": f"DELETE FROM `{table}` LIMIT 0",
        }
        for table, column in cursor.fetchall()
    }


def denied(cursor: Any, statement: str) -> bool:
    """Try it; an error of another kind, such as a column without a default, comes after the rights were found."""
    try:
        cursor.execute(statement)
    except pymysql.MySQLError as error:
        return error.args[0] in DENIED
    finally:
        cursor.connection.rollback()
    return False


def try_all(name: str, cursor: Any, tables: dict[str, dict[str, str]]) -> tuple[int, list[str]]:
    """Try all as one account; return how many were tried, and what came out wrong."""
    may = MAY[name]
    tried = [
        (statement, verb in may.get(table, may.get("*", "")))
        for table, verbs in tables.items()
        for verb, statement in verbs.items()
    ]
    tried += [(statement, name == "migrations") for statement in DDL]
    tried += [(statement, name in allowed) for statement, allowed in COLUMNS.items()]
    tried += [(statement, False) for statement in NEVER]
    wrong = [
        f"{name}: {statement} is {'denied' if allowed else 'allowed'}"
        for statement, allowed in tried
        if denied(cursor, statement) == allowed
    ]
    return len(tried), wrong


def main() -> int:
    """Try everything; return the exit code."""
    given = json.load(sys.stdin)
    passwords = {account["name"]: account["password"] for account in given["accounts"]}
    assert passwords.keys() == MAY.keys(), "the table above and the declared accounts differ"
    count = 0
    problems: list[str] = []
    login = {"host": "127.0.0.1", "port": given["port"], "database": given["database"]}
    with pymysql.connect(user="migrations", password=passwords["migrations"], **login) as connection:
        tables = statements(connection.cursor(), given["database"])
    assert len(tables) == 10, f"tables: {sorted(tables)}"
    for name, password in passwords.items():
        with pymysql.connect(user=name, password=password, **login) as connection:
            tried, wrong = try_all(name, connection.cursor(), tables)
            count, problems = count + tried, problems + wrong
    print("\n".join([*problems, f"{count} tried, {len(problems)} wrong"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
