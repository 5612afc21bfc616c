"""The running deployment that the commands of docs/from-compose.md are tried on, and who judges each command."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import pika
import yaml
from ansible_run import ROOT, docker
from from_compose_terminal import Terminal
from specifications import read

# The file that Molecule gives to every playbook of the scenario: prefix and ports.
VARIABLES = os.environ.get("FLOWLITE_DEPLOYMENT_VARS", "")
PASSWORDS = read("inventories/local/group_vars/all/10_environment.yml")
SERVERS = ("mysql", "rabbitmq", "redis")
PORTS = {3306: "mysql_port", 5672: "rabbitmq_port", 15672: "rabbitmq_management_port", 6379: "redis_port"}


class Stack:
    """A deployment of inventories/local with its own prefix and ports; ``scratch`` is a directory to work in."""

    def __init__(self, variables: Path, scratch: Path) -> None:
        values = yaml.safe_load(variables.read_text(encoding="utf-8"))
        self.prefix: str = values["flowlite_name_prefix"]
        self.ports = {port: int(values[name]) for port, name in PORTS.items()}
        self.scratch = scratch
        self._moved = True
        self.play = f"ansible-playbook --inventory {ROOT}/inventories/local --extra-vars @{variables.resolve()}"
        user = f"flowlite_user:{PASSWORDS['mysql_password']}@localhost:{self.ports[3306]}"
        self.database_url = f"mysql+aiomysql://{user}/flowlite_db"

    @property
    def environment(self) -> dict[str, str]:
        """What a shell has in which the virtual environment is active and nothing is configured by hand."""
        hidden = ("ANSIBLE_", "DATABASE_URL", "MAKE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        # `make up` links its commands into these where PATH names them literally; a test leaves them as they are.
        links = ("/usr/local/bin", f"{kept.get('HOME')}/.local/bin")
        found = [f"{name}/" if name in links else name for name in kept["PATH"].split(os.pathsep)]
        path = os.pathsep.join([str(Path(sys.executable).parent), *found])
        return kept | {"PATH": path, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}

    def adapt(self, command: str) -> str:
        """The command with this deployment's names and ports in place of the usual ones."""
        command = re.sub(r"\bflowlite-(?=(mysql|rabbitmq|redis|db-init)\b)", f"{self.prefix}-", command)
        for port, own in self.ports.items():
            command = command.replace(f"localhost:{port}", f"localhost:{own}")
        if command.startswith("make ") and command != "make setup":
            # Whoever runs the tests has set up; the row of `make setup` looks at that.
            command = f"make --assume-old=setup PREFIX={self.prefix} play='{self.play}' {command.removeprefix('make ')}"
        return re.sub(r"^ansible-playbook\b", self.play, command)

    def run(self, command: str, directory: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run an adapted command in a shell; its output and errors are in one text."""
        return subprocess.run(
            ["bash", "-c", command],
            cwd=directory,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
            check=False,
        )

    def output(self, command: str, directory: Path = ROOT, **environment: str) -> str:
        """What a command that must succeed prints."""
        done = self.run(command, directory, **environment)
        assert done.returncode == 0, f"{command}: exit code {done.returncode}: {done.stdout[-3000:]}"
        return done.stdout

    def terminal(self, command: str) -> Terminal:
        """Run an adapted command in a terminal."""
        return Terminal(command, ROOT, self.environment)

    def mysql(self, sql: str) -> list[list[str]]:
        """The rows that a statement of root in the database answers."""
        options = ("--defaults-group-suffix=_root", "--skip-column-names", "--batch", "flowlite_db", "--execute", sql)
        return [line.split("\t") for line in docker("exec", f"{self.prefix}-mysql", "mysql", *options).splitlines()]

    def redis(self, *words: str) -> str:
        """What Redis answers to the services' user."""
        login = ("--no-auth-warning", "-a", PASSWORDS["redis_password"])
        return docker("exec", f"{self.prefix}-redis", "redis-cli", *login, *words)

    def amqp(self, name: str) -> pika.BlockingConnection:
        """A connection of the services' user that shows this name."""
        return pika.BlockingConnection(
            pika.ConnectionParameters(
                host="localhost",
                port=self.ports[5672],
                credentials=pika.PlainCredentials("admin", PASSWORDS["rabbitmq_password"]),
                client_properties={"connection_name": name},
            )
        )

    def states(self) -> dict[str, str]:
        """Service: what `docker ps` says of its container."""
        label = f"label=io.flowlite.deployment={self.prefix}"
        lines = docker("ps", "--all", "--filter", label, "--format", "{{.Names}}\t{{.Status}}").splitlines()
        return {name.removeprefix(f"{self.prefix}-"): status for name, status in (line.split("\t") for line in lines)}

    def wait_until_healthy(self, seconds: float = 90) -> None:
        """Wait for the three servers after something has restarted them."""
        deadline = time.monotonic() + seconds
        while not all("(healthy)" in (states := self.states()).get(name, "") for name in SERVERS):
            assert time.monotonic() < deadline, f"not healthy after {seconds} s: {states}"
            time.sleep(0.5)

    @cached_property
    def migrations(self) -> Path:
        """A copy of migrations/ as the checkout has it."""
        return self.copy_of_migrations("checkout")

    def copy_of_migrations(self, name: str) -> Path:
        """A copy of migrations/ that may be changed."""
        made = self.scratch / name / "migrations"
        shutil.copytree(ROOT / "migrations", made, ignore=shutil.ignore_patterns("__pycache__"))
        return made

    def alembic(self, command: str, directory: Path | None = None) -> str:
        """What a command in migrations/ prints, with a service's DATABASE_URL."""
        self._moved = True
        return self.output(command, directory or self.migrations, DATABASE_URL=self.database_url)

    @cached_property
    def head(self) -> str:
        """The newest revision."""
        return self.alembic("alembic heads").split()[0]

    def revision(self) -> str:
        """The database's revision, empty before the first."""
        if not self.mysql("SHOW TABLES LIKE 'alembic_version'"):
            return ""
        return "".join(row[0] for row in self.mysql("SELECT version_num FROM alembic_version"))

    def bring_to_head(self) -> None:
        """All revisions and the seed's rows, where one of the commands may have taken them back."""
        if self._moved:
            if self.revision() != self.head or self.mysql("SELECT COUNT(*) FROM `Transaction`") == [["0"]]:
                self.alembic("alembic upgrade head && python seed_database.py")
            self._moved = False


Judge = Callable[[Stack, str], None]
JUDGES: dict[str, Judge] = {}


def judges(*commands: str) -> Callable[[Judge], Judge]:
    """Who judges the commands that stand for these of the docker-compose project."""

    def register(judge: Judge) -> Judge:
        JUDGES.update(dict.fromkeys(commands, judge))
        return judge

    return register
