"""In what a backup of MariaDB differs from one of MySQL."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible.module_utils.backup_pipes import output

CHOICES = ("mysql", "mariadb")


@dataclass(frozen=True)
class Flavor:
    """Programs, options and questions of one server.

    ``executed`` asks which transactions were executed at a place (log file, position) of the binary log; without it the
    dump says so. ``read_id`` prints what tells a directory of data, given as ``$0``, from every other one's.
    """

    client: str
    dump: str
    binlog: str
    dump_options: tuple[str, ...]
    binlog_options: tuple[str, ...]
    executed: str
    read_id: str

    def server_id(self, server: list[str], data: str) -> str:
        """Return what tells the server with this directory of data from every other one."""
        return re.sub(r"\s", "", output([*server, "sh", "-c", self.read_id, data]))

    def until(self, gtid: str) -> list[str]:
        """Return the options by which the reader of binary logs ends after a transaction."""
        if self is MARIADB:
            return [f"--stop-position={gtid}"]
        server, _, number = gtid.rpartition(":")
        return [f"--exclude-gtids={server}:{int(number) + 1}-9223372036854775806"]


MYSQL = Flavor(
    client="mysql",
    dump="mysqldump",
    binlog="mysqlbinlog",
    dump_options=("--source-data=2", "--set-gtid-purged=COMMENTED"),
    binlog_options=("--skip-gtids",),
    executed="",
    read_id="""sed -n 's/^server-uuid=//p' "$0/auto.cnf\"""",
)
# It keeps no uuid of the server in a file: the directory's own is that of its storage engine Aria.
MARIADB = Flavor(
    client="mariadb",
    dump="mariadb-dump",
    binlog="mariadb-binlog",
    dump_options=("--master-data=2",),
    binlog_options=(),
    executed="SELECT BINLOG_GTID_POS('{log_file}', {log_position})",
    read_id="""od -An -tx1 -j4 -N16 "$0/aria_log_control\"""",
)


def flavor(name: str) -> Flavor:
    """Return the one of a name in ``CHOICES``."""
    return MARIADB if name == "mariadb" else MYSQL
