"""Compare `ansible-playbook playbooks/site.yml` with docker compose and plain commands; writes docs/performance.md.

Both bring up the same images with the same settings and health checks, then the same schema and seed data, five times
each and in turn; medians are compared. The second run of site.yml and what its tasks cost are measured too.
"""

from __future__ import annotations

import datetime
import os
import platform
import re
import statistics
import tempfile
import time
from pathlib import Path

from commands import ROOT, compose, run, seconds

ROUNDS = 5
PREFIX = "flowlite-bench"
SERVICES = ("mysql", "rabbitmq", "redis")
CONFIG_DIRECTORY = {"mysql": "/etc/mysql/conf.d", "rabbitmq": "/etc/flowlite", "redis": "/etc/flowlite"}
OPTIONS = (
    f"flowlite_name_prefix={PREFIX} mysql_port=28306 rabbitmq_port=28672 rabbitmq_management_port=28673 "
    "redis_port=28379 mysql_health_interval=1s rabbitmq_health_interval=1s redis_health_interval=1s "
    f"flowlite_artifacts_dir={ROOT}/artifacts/bench"
)
DATABASE_URL = "mysql+pymysql://flowlite_user:flowlite_password@127.0.0.1:26306/flowlite_db"
ACCOUNT = (
    "CREATE DATABASE flowlite_db COLLATE utf8mb4_0900_ai_ci; CREATE USER flowlite_user IDENTIFIED BY "
    "'flowlite_password'; GRANT ALL ON flowlite_db.* TO flowlite_user;"
)
CLIENT = ("docker", "exec", "-i", "flowlite-bench-compose-mysql-1", "mysql", "--defaults-group-suffix=_root")


def play(name: str) -> list[str]:
    """Return the command of one of our playbooks with the benchmark's own prefix and ports."""
    return ["ansible-playbook", f"playbooks/{name}.yml", "-e", OPTIONS]


def teardown() -> None:
    """Remove our deployment with its data."""
    run(*play("teardown"), "-e", "teardown_volumes=true teardown_confirm=local")


def by_compose(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds of `compose up --wait`, and of it with account, migrations and seed; removes it again."""
    start = time.perf_counter()
    run(*command, "up", "--detach", "--wait", **environment)
    up = time.perf_counter() - start
    run(*CLIENT, text=ACCOUNT)
    run("python", "migrations/init_database.py", DATABASE_URL=DATABASE_URL)
    run("python", "migrations/seed_database.py", DATABASE_URL=DATABASE_URL)
    total = time.perf_counter() - start
    run(*command, "down", "--volumes", **environment)
    return up, total


def task_table() -> str:
    """Return the ten tasks on which a second run spends most, as rows of a Markdown table."""
    output = run(*play("site"), ANSIBLE_CALLBACKS_ENABLED="ansible.posix.profile_tasks")
    rows = re.findall(r"^(\S.*?) -{2,} +([\d.]+)s$", output, flags=re.MULTILINE)
    return "\n".join(f"| {name.strip()} | {cost} |" for name, cost in rows[:12])


def main() -> None:
    """Measure and write the page."""
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        run(*play("site"))
        environment = {"CONFIG": scratch}
        for service in SERVICES:
            run("docker", "cp", f"{PREFIX}-{service}:{CONFIG_DIRECTORY[service]}", str(directory / service))
            run("chown", "--recursive", "999:999", str(directory / service))
            image = run("docker", "inspect", "--format", "{{.Config.Image}}", f"{PREFIX}-{service}")
            environment[f"{service.upper()}_IMAGE"] = image.strip()
        second = [seconds(*play("site")) for _ in range(ROUNDS)]
        tasks = task_table()
        teardown()
        command = [*compose(directory), "--file", str(ROOT / "benchmarks/compose.yml")]
        cold, up, plain = [], [], []
        for _ in range(ROUNDS):
            alone, total = by_compose(command, environment)
            up.append(alone)
            plain.append(total)
            cold.append(seconds(*play("site")))
            teardown()
    page = (ROOT / "benchmarks/performance.md.in").read_text(encoding="utf-8")
    values = {
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "machine": f"{len(os.sched_getaffinity(0))} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "images": ", ".join(environment[f"{service.upper()}_IMAGE"] for service in SERVICES),
        "cold": f"{statistics.median(cold):.1f}",
        "up": f"{statistics.median(up):.1f}",
        "plain": f"{statistics.median(plain):.1f}",
        "ratio": f"{statistics.median(cold) / statistics.median(plain):.2f}",
        "second": f"{statistics.median(second):.1f}",
        "tasks": tasks,
    }
    for name, value in values.items():
        page = page.replace("{" + name + "}", value)
    (ROOT / "docs/performance.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
