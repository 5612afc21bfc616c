#!/usr/bin/python
"""Module: replay binary logs on a MySQL server that holds the backup which they follow."""

from __future__ import annotations

import re
import tarfile
import time
from pathlib import Path
from typing import IO, Any

from ansible.module_utils.backup_binlog import chain, without_accounts
from ansible.module_utils.backup_flavor import CHOICES, flavor
from ansible.module_utils.backup_mysql import rows
from ansible.module_utils.backup_pipes import CommandFailed, output, pipe, running
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_mysql_replay
short_description: Replay binary logs up to a time or a transaction
description:
  - Takes the log files from archives, and those of the living server from its data directory.
  - A log file that is missing in between is an error, before anything is replayed.
options:
  flavor: {description: Which server it is., type: str, choices: [mysql, mariadb], default: mysql}
  server: {description: What runs a command beside the isolated server., type: list, elements: str, required: true}
  login: {description: Options by which clients log in to it., type: list, elements: str, required: true}
  archives: {description: Archives of log files on this host., type: list, elements: path, required: true}
  logs: {description: Empty directory for them beside the isolated server., type: path, required: true}
  live: {description: Data directory of the living server as the isolated one sees it., type: path, required: true}
  database: {description: Database whose changes are wanted., type: str, required: true}
  position: {description: What the backup says of its position., type: dict, required: true}
  until_time: {description: Time in UTC before which changes are wanted., type: str, default: ""}
  until_gtid: {description: Last transaction that is wanted., type: str, default: ""}
author: Flowlite
"""


class Logs:
    """The log files beside the isolated server; of two copies of a file the longer one counts."""

    def __init__(self, given: dict[str, Any]) -> None:
        """Take the module's parameters."""
        self.given, self.server, self.kind = given, given["server"], flavor(given["flavor"])
        self.found: dict[str, tuple[int, str]] = {}

    def run(self, *command: str) -> str:
        """Run a command beside the isolated server."""
        return str(output([*self.server, *command]))

    def put(self, name: str, size: int, content: IO[bytes]) -> None:
        """Copy one log file there."""
        if size <= self.found.get(name, (0, ""))[0]:
            return
        path = f"{self.given['logs']}/{name}"
        with running([*self.server, "sh", "-c", 'cat >"$0"', path]) as process:
            assert process.stdin
            while block := content.read(1 << 20):
                process.stdin.write(block)
        self.found[name] = (size, path)

    def from_archive(self, path: str) -> None:
        """Copy the log files of an archive."""
        with tarfile.open(Path(path), mode="r:gz") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content and re.fullmatch(r"[\w-]+\.\d+", member.name):
                    self.put(member.name, member.size, content)

    def from_server(self) -> bool:
        """Find those that the living server still has; False where it is another server."""
        live = self.given["live"]
        try:
            if self.given["position"]["server_uuid"] != self.kind.server_id(self.server, live):
                return False
            base = self.given["position"]["log_file"].rpartition(".")[0]
            listed = self.run("sh", "-c", 'cd "$0" && for f in "$1".[0-9]*; do wc -c "$f"; done', live, base)
        except CommandFailed:
            return False
        for line in listed.splitlines():
            size, name = line.split()
            # MariaDB has an index beside each.
            if name.endswith(".idx"):
                continue
            if int(size) > self.found.get(name, (0, ""))[0]:
                self.found[name] = (int(size), f"{live}/{name}")
        return True


def main() -> None:
    """Run the module."""
    text = {"type": "str", "required": True}
    words = {"type": "list", "elements": "str", "required": True}
    module = AnsibleModule(
        argument_spec={
            "flavor": {"type": "str", "choices": list(CHOICES), "default": "mysql"},
            "server": words,
            "login": words,
            "archives": {"type": "list", "elements": "path", "required": True},
            "logs": {"type": "path", "required": True},
            "live": {"type": "path", "required": True},
            "database": text,
            "position": {"type": "dict", "required": True},
            "until_time": {"type": "str", "default": ""},
            "until_gtid": {"type": "str", "default": ""},
        }
    )
    given, started, logs = module.params, time.monotonic(), Logs(module.params)
    kind = logs.kind
    client = [*given["server"], kind.client, *given["login"]]
    try:
        for archive in given["archives"]:
            logs.from_archive(archive)
        live, names = logs.from_server(), chain(logs.found, given["position"]["log_file"])
        ((packet,),) = rows(client, "SELECT @@max_allowed_packet")
        read = ["env", "TZ=UTC", kind.binlog, "--no-defaults", *kind.binlog_options, f"--database={given['database']}"]
        read.append(f"--start-position={given['position']['log_position']}")
        if given["until_time"]:
            read.append(f"--stop-datetime={given['until_time']}")
        elif given["until_gtid"]:
            read += kind.until(given["until_gtid"])
        replay = [*client, "--binary-mode", f"--max-allowed-packet={packet}"]
        paths = [logs.found[name][1] for name in names]
        pipe([*given["server"], *read, *paths], without_accounts, replay)
    except (CommandFailed, OSError, EOFError, ValueError, tarfile.TarError) as error:
        module.fail_json(msg=f"The binary logs cannot be replayed: {error}")
    module.exit_json(changed=True, logs=names, live=live, seconds=round(time.monotonic() - started, 1))


if __name__ == "__main__":
    main()
