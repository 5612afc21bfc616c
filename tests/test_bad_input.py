"""The preflight checks refuse wrong input: all of it in one run, by name and with the remedy, and change nothing."""

from __future__ import annotations

import re
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ansible_run import ROLES, docker, run
from bad_input_cases import CASES, RUNS, WRONG_INVENTORIES, matching, problems_in
from deployment import Deployment


class Outcome:
    """What one run of the checks said and left, and the names by which the cases speak of it."""

    def __init__(self, deployment: Deployment, given: dict[str, Any], **names: Any) -> None:
        self.names = {**deployment.names, **names}
        deployment.set({name: value for case in given["cases"] for name, value in case["set"].items()}, **names)
        before = deployment.left_behind()
        playbook = f"playbooks/{given.get('playbook', 'preflight')}.yml"
        done = run("ansible-playbook", "-vvv", "-i", deployment.inventory, playbook)
        self.new = sorted(set(deployment.left_behind()) - set(before))
        self.code = done.returncode
        self.text = done.stdout + done.stderr
        self.problems = problems_in(self.text)

    def matching(self, case: dict[str, Any]) -> list[str]:
        """The problems in which all the words of a case stand."""
        return matching(self.problems, case, self.names)


@pytest.fixture(scope="module")
def image() -> str:
    """An image of this project, whichever way it came here."""
    found = docker("image", "ls", "--filter", "reference=flowlite/*:*", "--format", "{{.Repository}}:{{.Tag}}").split()
    if not found:
        pytest.fail("no image of this project is here: `make images` brings them")
    return found[0]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, image: str) -> dict[str, Outcome]:
    """Every run, once."""
    made = {}
    for name, given in RUNS.items():
        directory = tmp_path_factory.mktemp(name)
        deployment = Deployment(directory, given["environment"], given.get("hosts", []), given.get("shared", True))
        if name != "taken_on_the_host":
            made[name] = Outcome(deployment, given)
            continue
        with socket.create_server(("127.0.0.1", 0)) as listener:
            try:
                names = _occupy(deployment.prefix, image)
                made[name] = Outcome(deployment, given, listening=listener.getsockname()[1], **names)
            finally:
                found = docker("ps", "--all", "--quiet", "--filter", f"name={deployment.prefix}").split()
                if found:
                    docker("rm", "--force", "--volumes", *found)
    return made


def _occupy(prefix: str, image: str) -> dict[str, str]:
    """Make containers of others: with our names, and one that publishes two ports."""
    for service, label in (("mysql", "a=b"), ("rabbitmq", "a=b"), ("redis", "com.docker.compose.project=legacy")):
        docker("create", "--name", f"{prefix}-{service}", "--label", label, "--entrypoint", "sleep", image)
    neighbour = f"{prefix}-neighbour"
    ports = ["--publish", "127.0.0.1::5672", "--publish", "6379"]
    docker("run", "--detach", "--name", neighbour, *ports, "--entrypoint", "sleep", image, "600")
    inside = {"published": "5672", "everywhere": "6379"}
    return {name: docker("port", neighbour, port).split()[0].rpartition(":")[2] for name, port in inside.items()}


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{case['role']}-{case['what']}" for name, case in CASES])
def test_problem_is_named_with_its_remedy(outcomes: dict[str, Outcome], name: str, case: dict[str, Any]) -> None:
    found = outcomes[name].matching(case)
    assert found, f"{case['says']} is not in any of\n" + "\n".join(sorted(outcomes[name].problems))
    assert len(found) == 1 or case.get("several"), "named more than once:\n" + "\n".join(found)


@pytest.mark.parametrize("name", RUNS)
def test_nothing_else_is_refused(outcomes: dict[str, Outcome], name: str) -> None:
    expected = {problem for case in RUNS[name]["cases"] for problem in outcomes[name].matching(case)}
    assert outcomes[name].problems == expected


@pytest.mark.parametrize("name", RUNS)
def test_run_fails_and_changes_nothing(outcomes: dict[str, Outcome], name: str) -> None:
    outcome = outcomes[name]
    assert outcome.code not in (0, None), outcome.text
    assert set(re.findall(r"changed=(\d+)", outcome.text)) == {"0"}
    assert outcome.new == []


# `secret: true` says that each value of a case is one; else the secret itself stands there.
SECRETS = [
    (name, value)
    for name, case in CASES
    if case.get("secret")
    for value in (case["set"].values() if case["secret"] is True else [case["secret"]])
    if value
]


@pytest.mark.parametrize(("name", "secret"), SECRETS)
def test_secret_is_not_shown(outcomes: dict[str, Outcome], name: str, secret: Any) -> None:
    for piece in re.findall(r"[\w-]{6,}", str(secret)):
        assert piece not in outcomes[name].text


# package_host has no variables of its own.
@pytest.mark.parametrize("role", [role for role in ROLES if role != "package_host"])
def test_every_role_has_eight_wrong_inventories(role: str) -> None:
    assert Counter(case["role"] for _, case in WRONG_INVENTORIES)[role] >= 8


@pytest.mark.parametrize("environment", ["local", "staging"])
def test_good_input_is_approved(tmp_path: Path, environment: str) -> None:
    deployment = Deployment(tmp_path, environment, ["only.test"] if environment == "staging" else [])
    done = run("ansible-playbook", "-i", deployment.inventory, "playbooks/preflight.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "changed=0" in done.stdout
    assert deployment.left_behind() == []
