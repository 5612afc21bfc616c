"""What the CIS benchmark for MySQL asks that can be seen by a login and is no declared setting or account.

The numbers are those of the CIS Oracle MySQL Community Server 8.0 benchmark; docs/operations.md has the whole table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

EXAMPLE_DATABASES = ("test", "sakila", "world", "world_x", "employees", "menagerie")
# The server's and the distribution's own accounts, and root on the socket.
OWN = ("root", "mysql.sys", "mysql.session", "mysql.infoschema", "mariadb.sys", "mysql", "debian-sys-maint")
ADMINISTRATIVE = (
    "FILE", "PROCESS", "SUPER", "SHUTDOWN", "RELOAD", "CREATE USER", "CREATE ROLE", "DROP ROLE",
    "REPLICATION SLAVE", "REPLICATION CLIENT", "SYSTEM_USER", "ROLE_ADMIN", "SYSTEM_VARIABLES_ADMIN",
    "CONNECTION_ADMIN", "BINLOG_ADMIN", "CLONE_ADMIN", "SET_ANY_DEFINER", "SET_USER_ID",
    # MariaDB's names.
    "BINLOG ADMIN", "BINLOG MONITOR", "BINLOG REPLAY", "CONNECTION ADMIN", "FEDERATED ADMIN", "READ_ONLY ADMIN",
    "REPLICATION MASTER ADMIN", "REPLICATION SLAVE ADMIN", "SET USER", "SLAVE MONITOR",
)  # fmt: skip
# Weak, or gone from the next series. On MariaDB mysql_native_password is what its accounts use.
OLD_LOGINS = {"MySQL": ("mysql_native_password", "sha256_password"), "MariaDB": ("mysql_old_password",)}
SOCKET_LOGINS = ("auth_socket", "unix_socket")


def weaknesses(cursor: Any, declared: list[str]) -> Iterator[tuple[str, str]]:
    """Return what is wrong and what mends it; ``declared`` are the accounts whose rights are compared elsewhere."""
    yield from _databases_and_plugins(cursor)
    yield from _logins(cursor)
    yield from _powers(cursor, [*OWN, *declared])


def undeclared(cursor: Any, declared: list[str]) -> list[dict[str, str]]:
    """Return accounts that nobody declared, but those that are named as a weakness."""
    powerful = _powerful(cursor, [*OWN, *declared])
    cursor.execute("SELECT user, host FROM mysql.user WHERE user NOT IN %s ORDER BY 1, 2", [["", *OWN, *declared]])
    return [
        {"what": f"MySQL has account {name}, which nobody declared", "remedy": f"DROP USER {name}, if nobody needs it"}
        for name in (f"'{user}'@'{host}'" for user, host in cursor.fetchall())
        if name not in powerful
    ]


def _databases_and_plugins(cursor: Any) -> Iterator[tuple[str, str]]:
    cursor.execute("SELECT schema_name FROM information_schema.schemata WHERE schema_name IN %s", [EXAMPLE_DATABASES])
    for (name,) in cursor.fetchall():  # 4.2
        yield f"MySQL has the example database {name}", f"DROP DATABASE {name}, as root"
    cursor.execute(
        "SELECT plugin_name FROM information_schema.plugins "
        "WHERE plugin_name = 'daemon_memcached' AND plugin_status = 'ACTIVE'"
    )
    for (name,) in cursor.fetchall():  # 4.7
        yield f"MySQL has the plugin {name}, which asks nobody for a password", f"UNINSTALL PLUGIN {name}"
    cursor.execute("SHOW GLOBAL VARIABLES WHERE variable_name = 'have_symlink' AND value = 'YES'")
    for _ in cursor.fetchall():  # 4.6
        yield "MySQL follows symbolic links to tables outside its data directory", "take symbolic-links out of my.cnf"


def _logins(cursor: Any) -> Iterator[tuple[str, str]]:
    cursor.execute("SELECT VERSION()")
    flavor = "MariaDB" if "MariaDB" in cursor.fetchone()[0] else "MySQL"
    cursor.execute("SELECT user, host, plugin FROM mysql.user WHERE user <> '' AND plugin IN %s", [OLD_LOGINS[flavor]])
    for user, host, plugin in cursor.fetchall():  # 7.1
        yield (
            f"'{user}'@'{host}' logs in by {plugin}, which is weak and goes away",
            f"ALTER USER '{user}'@'{host}' IDENTIFIED WITH caching_sha2_password BY …",
        )
    cursor.execute(
        "SELECT user, host FROM mysql.user WHERE user NOT IN %s AND authentication_string = '' AND plugin NOT IN %s",
        [("", *OWN[1:]), SOCKET_LOGINS],
    )
    for user, host in cursor.fetchall():  # 7.3
        yield f"'{user}'@'{host}' has no password", f"give it one, or DROP USER '{user}'@'{host}'"


def _powerful(cursor: Any, known: list[str]) -> dict[str, set[str]]:
    """Return who else has administrative rights, may pass on rights, or sees mysql's tables."""
    cursor.execute(
        "SELECT grantee, privilege_type FROM information_schema.user_privileges "
        "WHERE privilege_type IN %s OR is_grantable = 'YES' "
        "UNION SELECT grantee, CONCAT(privilege_type, ' on mysql') FROM information_schema.schema_privileges "
        "WHERE table_schema = 'mysql'",
        [ADMINISTRATIVE],
    )
    powers: dict[str, set[str]] = {}
    for grantee, privilege in cursor.fetchall():
        if grantee.strip("'").partition("'@'")[0] not in known:
            powers.setdefault(grantee, set()).add(privilege)
    return powers


def _powers(cursor: Any, known: list[str]) -> Iterator[tuple[str, str]]:
    """5.1 to 5.8: nobody but administrators has powers."""
    for grantee, privileges in sorted(_powerful(cursor, known).items()):
        some = ", ".join(sorted(privileges)[:4]) + (", …" if len(privileges) > 4 else "")
        yield (
            f"MySQL has an account with administrative rights that nobody declared: {grantee} ({some})",
            f"DROP USER {grantee}, or REVOKE these",
        )
