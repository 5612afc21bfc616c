"""A real database server in a container that lives as long as the tests."""

from __future__ import annotations

import secrets
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pymysql

READY_SECONDS = 60
# The names of databases that the test account may create.
DATABASE_PREFIX = "pytest_"


@dataclass(frozen=True)
class Flavor:
    """A kind of server: the images that may be there, in order of preference, the client and the command."""

    name: str
    images: tuple[str, ...]
    client: str
    command: tuple[str, ...]
    # What the first image is built from where the base image is there; None where `make images` builds it.
    context: Path | None = None

    def image(self) -> str:
        """The image to start; where none is there the last one, which Docker pulls."""
        if self.context and exists(BASE_IMAGE):
            docker("build", "--quiet", "--build-arg", f"BASE={BASE_IMAGE}", "--tag", self.images[0], str(self.context))
        return next(filter(exists, self.images), self.images[-1])


BASE_IMAGE = "flowlite/base:trixie"
# latin1, so that a table without a collation of its own shows; and no waiting for the disk.
OPTIONS = (
    "--character-set-server=latin1",
    "--collation-server=latin1_swedish_ci",
    "--innodb-flush-log-at-trx-commit=0",
    "--skip-log-bin",
    "--performance-schema=OFF",
)
FLAVORS = {
    "mysql": Flavor("mysql", ("flowlite/mysql:debian-sid", "mysql:8.0", "mysql:8.4"), "mysql", ("mysqld", *OPTIONS)),
    "mariadb": Flavor(
        "mariadb",
        ("flowlite/mariadb-test:debian-trixie", "mariadb:11.8"),
        "mariadb",
        # Not the collation that is wanted, so that a table which names only its character set shows.
        ("mariadbd", *OPTIONS, "--character-set-collations=utf8mb4=utf8mb4_general_ci"),
        Path(__file__).parent / "images" / "mariadb",
    ),
}


class ThrowawayServer:
    """A container with one test account, which may do all in databases that begin with DATABASE_PREFIX."""

    def __init__(self, flavor: Flavor, *options: str) -> None:
        """Take what it is, and options of `docker run`."""
        self.options = options
        self.flavor = flavor
        self.container = f"flowlite-pytest-{flavor.name}-{secrets.token_hex(6)}"
        self.user = "tester"
        self.password = secrets.token_hex(12)
        self.port = 0

    def start(self) -> None:
        """Start it and wait until the test account exists; raises RuntimeError with the server's log."""
        # The host name is the root password: a file that only this container has.
        run = ["run", "--detach", "--name", self.container, "--user", "999:999", "--hostname", secrets.token_hex(12)]
        run += ["--env", "MYSQL_ROOT_PASSWORD_FILE=/etc/hostname", "--publish", "127.0.0.1::3306"]
        docker(*run, *self.options, self.flavor.image(), *self.flavor.command)
        self.wait()

    def wait(self) -> None:
        """Wait until the test account can log in; a container that was started again has another port."""
        self.port = int(docker("port", self.container, "3306/tcp").splitlines()[0].rpartition(":")[2])
        deadline = time.monotonic() + READY_SECONDS
        # The official images create accounts with a temporary server, which answers on the socket only.
        while not (self._create_account() and self._answers()):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.container} is not ready:\n{docker('logs', self.container)}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Remove the container and its volume, whatever state they are in."""
        docker("rm", "--force", "--volumes", self.container)

    def as_root(self, sql: str) -> None:
        """Run SQL as root@localhost; it stands on standard input, so that no password is an argument."""
        docker("exec", "-i", self.container, "sh", "-c", self._client(), stdin=sql)

    def _create_account(self) -> bool:
        account = f"'{self.user}'@'%'"
        databases = DATABASE_PREFIX.replace("_", r"\_") + "%"
        sql = f"CREATE USER IF NOT EXISTS {account} IDENTIFIED BY '{self.password}'; "
        sql += f"GRANT ALL ON `{databases}`.* TO {account};"
        try:
            self.as_root(sql)
        except RuntimeError:
            return False
        return True

    def _answers(self) -> bool:
        try:
            pymysql.connect(host="127.0.0.1", port=self.port, user=self.user, password=self.password).close()
        except pymysql.MySQLError:
            return False
        return True

    def _client(self) -> str:
        return f'MYSQL_PWD="$(cat /etc/hostname)" exec {self.flavor.client} --user=root'


def docker(*arguments: str, stdin: str | None = None) -> str:
    """The output of a Docker command; raises RuntimeError with what it said on failure."""
    done = subprocess.run(["docker", *arguments], input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"docker {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout + (done.stderr if arguments[0] == "logs" else "")


def exists(image: str) -> bool:
    """Whether the image is on this engine."""
    return bool(docker("images", "--quiet", image))
