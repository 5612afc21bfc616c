"""Judges of what took the place of docker-compose: each looks at the effect."""

from __future__ import annotations

import base64
import re
import secrets
import urllib.request
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import pytest
from ansible_run import ROOT, docker, run
from from_compose_stack import PASSWORDS, SERVERS, Stack, judges
from from_compose_table import COMMANDS
from specifications import read

MARKER = "'f10e117e-0000-4000-8000-000000000001'"


@dataclass
class Cycle:
    """What was seen while the deployment was taken down and brought up again."""

    down: str
    left_running: dict[str, str]
    left_volumes: list[str]
    left_networks: str
    up: str
    kept: tuple[str, ...]


@cache
def cycle(stack: Stack) -> Cycle:
    """Leave a row, a key and a message, take the services' rights away, then `down` and `up` as the table says."""
    stack.mysql(f"REPLACE INTO Bank VALUES ({MARKER}, 'Banco de Prueba')")
    stack.redis("SET", "from-compose", "kept")
    stack.mysql("REVOKE ALL PRIVILEGES ON `flowlite\\_db`.* FROM flowlite_user@'%'")
    names = f"name=^{stack.prefix}"
    seen = Cycle(
        down=stack.output(stack.adapt(COMMANDS["docker-compose down"])),
        left_running=stack.states(),
        left_volumes=docker("volume", "ls", "--filter", names, "--format", "{{.Name}}").split(),
        left_networks=docker("network", "ls", "--filter", f"{names}$", "--format", "{{.Name}}"),
        up=stack.output(stack.adapt(COMMANDS["docker-compose up -d"])),
        kept=(
            *(row[0] for row in stack.mysql(f"SELECT bank_name FROM Bank WHERE id_bank = {MARKER}")),
            stack.redis("GET", "from-compose"),
        ),
    )
    stack.mysql(f"DELETE FROM Bank WHERE id_bank = {MARKER}")
    return seen


@judges("docker-compose down")
def down(stack: Stack, _: str) -> None:
    seen = cycle(stack)
    assert seen.left_running == {}, seen.left_running
    assert seen.left_networks == "", seen.left_networks
    assert sorted(seen.left_volumes) == [f"{stack.prefix}_{name}_data" for name in SERVERS], seen.left_volumes
    assert seen.kept == ("Banco de Prueba", "kept"), seen.kept


@judges("docker-compose up -d")
def up(stack: Stack, _: str) -> None:
    seen = cycle(stack)
    for port in stack.ports.values():
        assert f"localhost:{port}" in seen.up, seen.up[-2000:]
    stack.wait_until_healthy()
    states = stack.states()
    assert states["db-init"].startswith("Exited (0)"), states


@judges("GRANT ALL PRIVILEGES ON flowlite_db.* TO 'flowlite_user'@'%';")
def rights(stack: Stack, command: str) -> None:
    assert command == stack.adapt(COMMANDS["docker-compose up -d"]), command
    cycle(stack)
    grants = [row[0] for row in stack.mysql("SHOW GRANTS FOR flowlite_user@'%'")]
    assert any(grant.startswith("GRANT ALL PRIVILEGES ON `flowlite") for grant in grants), grants


@judges("docker-compose down -v")
def destroy(stack: Stack, command: str) -> None:
    gone = f"{stack.prefix}-gone"
    volumes = [f"{gone}_{name}_data" for name in SERVERS]
    for volume in volumes:
        docker("volume", "create", volume)
    try:
        own = f"{command} -e flowlite_name_prefix={gone} -e flowlite_artifacts_dir={stack.scratch / 'gone'}"
        for answer, code, left in (("no", 2, volumes), ("local", 0, [])):
            with stack.terminal(own) as terminal:
                terminal.expect(f"This destroys all data of {gone}")
                terminal.type(answer)
                assert terminal.end() == code, terminal.shown
            found = docker("volume", "ls", "--filter", f"name=^{gone}_", "--format", "{{.Name}}").split()
            assert sorted(found) == left, f"after the answer {answer}: {found}"
    finally:
        docker("volume", "rm", "--force", *volumes)


@judges("docker-compose ps")
def status(stack: Stack, command: str) -> None:
    stack.wait_until_healthy()
    lines = stack.output(command).splitlines()
    for name, says in dict.fromkeys(SERVERS, r"Up .*\(healthy\)").items() | {("db-init", r"Exited \(0\)")}:
        found = [line for line in lines if re.match(rf"{stack.prefix}-{name} +{says}", line)]
        assert len(found) == 1, f"{name}: {lines}"
    for inside, outside in stack.ports.items():
        assert any(f":{outside}->{inside}/tcp" in line for line in lines), lines


SAYS = {
    "mysql": "ready for connections",
    "rabbitmq": "accepting AMQP connection",
    "redis": "Ready to accept connections",
    "db-init": "(head)",
}


@judges("docker-compose logs", *(f"docker-compose logs {name}" for name in SAYS))
def logs(stack: Stack, command: str) -> None:
    named = re.search(r"SERVICE=(\S+)", command)
    wanted = [named[1]] if named else list(SAYS)
    stack.amqp("from-compose").close()
    lines = stack.output(command).splitlines()
    assert {line.split(" | ")[0] for line in lines} == set(wanted), lines[-20:]
    for name in wanted:
        assert any(line.startswith(f"{name} | ") and SAYS[name] in line for line in lines), f"{name}: {lines[-20:]}"


@judges("docker-compose logs -f", "docker-compose logs -f mysql", "docker-compose logs -f rabbitmq")
def follow(stack: Stack, command: str) -> None:
    with stack.terminal(command) as terminal:
        if "SERVICE=mysql" in command:
            terminal.expect(SAYS["mysql"])
        else:
            terminal.expect(r"^rabbitmq \| ")
            name = f"from-compose-{secrets.token_hex(4)}"
            stack.amqp(name).close()
            terminal.expect(rf"^rabbitmq \| .*{name}")
        terminal.interrupt()
    if named := re.search(r"SERVICE=(\S+)", command):
        services = set(re.findall(r"^([a-z-]+) \| ", terminal.shown, re.MULTILINE))
        assert services == {named[1]}, services


@judges("docker-compose restart")
def restart(stack: Stack, command: str) -> None:
    def started() -> dict[str, str]:
        return {name: docker("inspect", "-f", "{{.State.StartedAt}}", f"{stack.prefix}-{name}") for name in SAYS}

    stack.redis("SET", "from-compose", "kept")
    before = started()
    stack.output(command)
    after = started()
    restarted = {name for name in SAYS if before[name] != after[name]}
    stack.wait_until_healthy()
    assert restarted == set(SERVERS), restarted
    assert stack.redis("GET", "from-compose") == "kept"


@judges("pip install -r requirements.txt")
def setup(stack: Stack, command: str) -> None:
    if not (ROOT / ".venv").exists():
        pytest.skip("the tests run from another virtual environment: none is made in this checkout")
    stack.output(command)
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    wanted = {(_normal(name), version) for name, version in pins}
    (packages,) = ROOT.glob(".venv/lib/python3.*/site-packages")
    found = {(_normal(item.name), item.version) for item in distributions(path=[str(packages)])}
    assert len(wanted) > 20, wanted
    assert wanted <= found, wanted - found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@judges("cp .env.example .env")
def own_values(stack: Stack, command: str) -> None:
    for name in ("inventories/local", "group_vars"):
        stack.output(f"mkdir -p {Path(name).parent} && cp -r {ROOT / name} {name}", stack.scratch)
    stack.output(command, stack.scratch)
    shown = run("ansible-inventory", "-i", stack.scratch / "inventories" / "local", "--host", "localhost").stdout
    example = read("inventories/local/group_vars/all/90_local.yml.example")
    assert example
    assert all(f'"{name}": {value}' in shown for name, value in example.items()), shown


@judges("http://localhost:15672")
def management(_: Stack, address: str) -> None:
    with urllib.request.urlopen(address, timeout=10) as page:
        assert "RabbitMQ" in page.read().decode()
    login = base64.b64encode(f"admin:{PASSWORDS['rabbitmq_password']}".encode()).decode()
    request = urllib.request.Request(f"{address}/api/whoami", headers={"Authorization": f"Basic {login}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert '"name":"admin"' in answer.read().decode()
