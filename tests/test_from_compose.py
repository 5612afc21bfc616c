"""docs/from-compose.md: every command of its tables is run and judged by its effect.

The commands need a deployment of inventories/local that they may take down and fill; the Molecule scenario `default`
gives them its own and runs `pytest -m deployment`. The rest reads the page.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import from_compose_clients
import from_compose_schema
import from_compose_services
import pytest
import yaml
from ansible_run import ROOT, docker, run
from from_compose_stack import JUDGES, VARIABLES, Stack
from from_compose_table import COMMANDS, block, code, rows
from specifications import OPTIONS

assert {from_compose_clients, from_compose_schema, from_compose_services}
deployment = [
    pytest.mark.deployment,
    pytest.mark.skipif(not VARIABLES, reason="FLOWLITE_DEPLOYMENT_VARS names no deployment; molecule/default has one"),
]
on_deployment = pytest.mark.parametrize("old", [pytest.param(old, marks=deployment) for old in COMMANDS])
NAMES = {code(old): code(new) for old, new, _ in rows("in the .env", "variable")}
# The names of the .env file and of the services' blocks in the docker-compose project.
OLD_NAMES = {
    *("MYSQL_ROOT_PASSWORD", "MYSQL_DATABASE", "MYSQL_USER", "MYSQL_PASSWORD", "MYSQL_PORT", "MYSQL_HOST"),
    *("RABBITMQ_USER", "RABBITMQ_PASSWORD", "RABBITMQ_PORT", "RABBITMQ_MANAGEMENT_PORT"),
    *("RABBITMQ_HOST", "RABBITMQ_QUEUE"),
    *("REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_DB"),
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    made = Stack(Path(VARIABLES), tmp_path_factory.mktemp("from-compose"))
    yield made
    made.redis("DEL", "clave", "from-compose")
    made.bring_to_head()


@pytest.fixture
def at_head(stack: Stack) -> Stack:
    """The deployment, migrated and seeded, whatever the test before did to it."""
    stack.bring_to_head()
    return stack


def test_every_command_has_a_judge_and_every_judge_a_command() -> None:
    assert set(COMMANDS) == set(JUDGES)
    assert len(COMMANDS) == len(rows("docker-compose project", "now"))
    assert all(COMMANDS.values())


@on_deployment
def test_command(at_head: Stack, old: str) -> None:
    JUDGES[old](at_head, at_head.adapt(COMMANDS[old]))


def test_every_name_of_the_env_file_has_its_row() -> None:
    assert set(NAMES) == OLD_NAMES
    assert set(NAMES.values()) <= {name for options in OPTIONS.values() for name in options}


def test_pasted_values_reach_what_the_services_read(tmp_path: Path) -> None:
    pasted = block("yaml", "MYSQL_ROOT_PASSWORD")
    lines = re.findall(r"^(\w+): (\S+) +# (\w+)$", pasted, re.MULTILINE)
    hosts = {name for name in NAMES if name.endswith(("_HOST", "_QUEUE"))}
    assert {old: new for new, _, old in lines} == {old: new for old, new in NAMES.items() if old not in hosts}

    # Values that none of the others has, so that no two can be taken for each other.
    values = {new: str(20000 + number) for number, (new, _, _) in enumerate(lines)} | {"redis_db": "7"}
    inventory = tmp_path / "inventories" / "local"
    shutil.copytree(ROOT / "inventories" / "local", inventory, symlinks=True)
    shutil.copytree(ROOT / "group_vars", tmp_path / "group_vars")
    own = {name: int(value) if name.endswith(("_port", "_db")) else value for name, value in values.items()}
    (inventory / "group_vars/all/90_local.yml").write_text(yaml.safe_dump(own), encoding="utf-8")
    listed = json.loads(run("ansible-inventory", "-i", inventory, "--host", "localhost").stdout)
    assert {name: listed[name] for name in own} == own

    done = run(
        "ansible-playbook",
        "-i",
        inventory,
        "-e",
        f"flowlite_artifacts_dir={tmp_path}/made",
        "playbooks/service_env.yml",
    )
    assert done.returncode == 0, done.stdout
    text = (tmp_path / "made" / "insight-service.env").read_text(encoding="utf-8")
    read = dict(line.split("=", 1) for line in text.splitlines() if not line.startswith("#"))
    user, database = f"{values['mysql_user']}:{values['mysql_password']}", values["mysql_database"]
    assert read["DATABASE_URL"] == f"mysql+aiomysql://{user}@localhost:{values['mysql_port']}/{database}"
    for old in ("RABBITMQ_USER", "RABBITMQ_PASSWORD", "RABBITMQ_PORT", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_DB"):
        assert read[old] == values[NAMES[old]]
    assert (read["RABBITMQ_HOST"], read["REDIS_HOST"]) == ("localhost", "localhost")


@pytest.mark.parametrize("stack_is", [pytest.param("up", marks=deployment)])
def test_preflight_names_the_old_containers(stack: Stack, stack_is: str) -> None:
    old = f"{stack.prefix}-old"
    image = docker("inspect", "-f", "{{.Config.Image}}", f"{stack.prefix}-mysql")
    label = "com.docker.compose.project=infrastructureservice"
    docker("create", "--name", f"{old}-mysql", "--label", label, image)
    try:
        done = stack.run(f"{stack.play} -e flowlite_name_prefix={old} playbooks/preflight.yml")
    finally:
        docker("rm", "--force", "--volumes", f"{old}-mysql")
    said = block("text", "compose project").strip().replace("flowlite-mysql", f"{old}-mysql")
    assert done.returncode != 0
    assert said in done.stdout
    assert f"mysql_port {stack.ports[3306]} is published by the container {stack.prefix}-mysql" in done.stdout
