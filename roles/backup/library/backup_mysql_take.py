#!/usr/bin/python
"""Module: take a consistent dump of a MySQL database while it is in use, and the binary logs."""

from __future__ import annotations

import datetime
import re
import tarfile
import tempfile
import time
from pathlib import Path

from ansible.module_utils.backup_binlog import header
from ansible.module_utils.backup_flavor import CHOICES, flavor
from ansible.module_utils.backup_mysql import rows
from ansible.module_utils.backup_pipes import CommandFailed, described, private, running, save
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_mysql_take
short_description: Dump a database and copy the binary logs
description:
  - The dump shows one moment and names its position in the binary log, which begins a new file there.
  - The closed log files since C(since) come with it, so that the way from the backup before to this one can be gone.
options:
  flavor: {description: Which server it is., type: str, choices: [mysql, mariadb], default: mysql}
  server: {description: What runs a command beside the server; empty for this host., type: list, elements: str}
  login: {description: Options by which the clients log in., type: list, elements: str, required: true}
  database: {description: The database., type: str, required: true}
  since: {description: Server and log file at which the backup before was taken., type: dict, default: {}}
  directory: {description: Where the files go., type: path, required: true}
author: Flowlite
"""

DUMP = (
    "--single-transaction",
    "--flush-logs",
    "--routines",
    "--events",
    "--triggers",
    "--hex-blob",
)


def number(log: str) -> int:
    """Return the number at the end of a log file's name."""
    return int(log.rpartition(".")[2])


def keep_logs(server: list[str], paths: list[str], target: Path) -> None:
    """Copy log files into one compressed archive."""
    with private(target) as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for path in paths:
            with tempfile.TemporaryFile(dir=target.parent) as copy, running([*server, "cat", path]) as process:
                assert process.stdout
                while block := process.stdout.read(1 << 20):
                    copy.write(block)
                member = tarfile.TarInfo(path.rpartition("/")[2])
                member.size, member.mode = copy.tell(), 0o600
                copy.seek(0)
                archive.addfile(member, copy)


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "flavor": {"type": "str", "choices": list(CHOICES), "default": "mysql"},
            "server": {"type": "list", "elements": "str", "default": []},
            "login": {"type": "list", "elements": "str", "required": True},
            "database": {"type": "str", "required": True},
            "since": {"type": "dict", "default": {}},
            "directory": {"type": "path", "required": True},
        }
    )
    given, directory, started = module.params, Path(module.params["directory"]), time.monotonic()
    kind = flavor(given["flavor"])
    client = [*given["server"], kind.client, *given["login"]]
    dump, logs = directory / "mysql.sql.gz", directory / "mysql.binary-logs.tar.gz"
    try:
        known = rows(
            client,
            "SELECT @@datadir, @@version, @@log_bin_basename, default_character_set_name, default_collation_name "
            f"FROM information_schema.schemata WHERE schema_name = '{given['database']}'",
        )
        if not known:
            raise ValueError(f"there is no database {given['database']} (mysql_database): run playbooks/site.yml first")
        data, version, base, charset, collation = known[0]
        uuid = kind.server_id(given["server"], data)
        save([*given["server"], kind.dump, *given["login"], *DUMP, *kind.dump_options, given["database"]], dump)
        at, seen = datetime.datetime.now(tz=datetime.UTC), header(dump)
        if kind.executed:
            ((seen["gtid_executed"],),) = rows(client, kind.executed.format(**seen))
        listed = rows(client, "FLUSH BINARY LOGS; SHOW BINARY LOGS")
        names = [row[0] for row in listed if re.fullmatch(r".*\.\d+", row[0])]
        before = given["since"] if given["since"].get("server_uuid") == uuid else {}
        continues = before.get("log_file") in names
        first = before["log_file"] if continues else seen["log_file"]
        # The last one is being written.
        wanted = [name for name in names[:-1] if number(name) >= number(first)]
        keep_logs(given["server"], [f"{base.rpartition('/')[0]}/{name}" for name in wanted], logs)
    except (CommandFailed, OSError, ValueError) as error:
        module.fail_json(msg=f"MySQL: {error}")
    module.exit_json(
        changed=True,
        version=version,
        database=given["database"],
        charset=charset,
        collation=collation,
        position={"server_uuid": uuid, **seen, "taken": f"{at:%Y-%m-%d %H:%M:%S}"},
        binary_logs={"first": wanted[0], "last": wanted[-1], "continues_backup_before": continues},
        files=[described(dump), described(logs)],
        seconds=round(time.monotonic() - started, 1),
    )


if __name__ == "__main__":
    main()
