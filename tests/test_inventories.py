"""Every command gives a variable the same value, an environment's own wins, and placeholders are refused."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import certificate_files
import pytest
import yaml
from ansible_run import INVENTORIES, ROOT
from bad_input_cases import problems_in
from checkout import Checkout
from specifications import SHARED

ENVIRONMENTS = [path.name for path in INVENTORIES]
environments = pytest.mark.parametrize("environment", ENVIRONMENTS)
over_ssh = pytest.mark.parametrize("environment", [name for name in ENVIRONMENTS if name != "local"])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The project without the vaults of an operator, whose passwords need not be here."""
    return Checkout(tmp_path_factory.mktemp("inventories"))


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values that are no templates: `ansible-inventory` shows those as they are written."""
    return {name: value for name, value in values.items() if "{{" not in str(value)}


def own_values(project: Checkout, environment: str) -> dict[str, Any]:
    """What an environment's own files say, read as plain YAML."""
    values: dict[str, Any] = {}
    for file in sorted(project.variables(environment).glob("*.yml")):
        values |= yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return values


def listed(project: Checkout, environment: str, given: dict[str, str]) -> dict[str, Any]:
    """What `ansible-inventory` shows."""
    done = project.run("ansible-inventory", "-i", f"inventories/{environment}", "--list", given=given)
    return dict(json.loads(done.stdout))


def shown(text: str) -> dict[str, Any]:
    """The values that a `debug` printed."""
    found = re.search(r"@@(\S+)@@", text)
    assert found, text
    return dict(json.loads(base64.b64decode(found[1])))


def answers(project: Checkout, environment: str, names: list[str], **given: str) -> dict[str, dict[str, Any]]:
    """The values of the variables, as each command sees them."""
    message = "@@{{ {" + ", ".join(f"'{name}': {name}" for name in names) + "} | to_json | b64encode }}@@"
    playbook = project.root / "show.yml"
    tasks = [{"ansible.builtin.debug": {"msg": message}}]
    playbook.write_text(yaml.safe_dump([{"hosts": "flowlite[0]", "tasks": tasks}]), encoding="utf-8")
    inventory = ("-i", f"inventories/{environment}")

    hosts = listed(project, environment, given)["_meta"]["hostvars"]
    assert hosts
    seen = {f"ansible-inventory {host}": {name: values.get(name) for name in names} for host, values in hosts.items()}
    adhoc = project.run("ansible", *inventory, "flowlite[0]", "-m", "debug", "-a", f"msg={message}", given=given)
    play = project.run("ansible-playbook", *inventory, playbook, given=given)
    return seen | {"ansible": shown(adhoc.stdout), "ansible-playbook": shown(play.stdout)}


@environments
def test_shared_variables_are_linked(environment: str) -> None:
    link = ROOT / "inventories" / environment / "group_vars" / "all" / "00_shared"
    assert link.is_symlink()
    assert not link.readlink().is_absolute()
    assert link.resolve() == ROOT / "group_vars" / "all"


@environments
def test_commands_agree(project: Checkout, environment: str) -> None:
    own = own_values(project, environment)
    hidden = own.keys() - plain(own).keys()
    expected = {name: value for name, value in (plain(SHARED) | plain(own)).items() if name not in hidden}
    assert expected["flowlite_environment"] == environment
    for command, values in answers(project, environment, list(expected)).items():
        assert values == expected, command


@environments
def test_later_file_wins(tmp_path: Path, environment: str) -> None:
    project = Checkout(tmp_path)
    directory = project.variables(environment)
    with (directory / "10_environment.yml").open("a", encoding="utf-8") as file:
        yaml.safe_dump(
            dict.fromkeys(["rabbitmq_user", "rabbitmq_queue", "vault_mysql_password"], "of-environment"), file
        )
    later = {"90_local": ["rabbitmq_queue", "vault_mysql_password"], "vault": ["vault_mysql_password"]}
    for name, variables in later.items():
        text = yaml.safe_dump(dict.fromkeys(variables, f"of-{name}"))
        (directory / f"{name}.yml").write_text(text, encoding="utf-8")
    (project.root / ".vault_password").write_text("correct horse\n", encoding="utf-8")
    password = {"ANSIBLE_VAULT_PASSWORD_FILE": ".vault_password"}
    assert project.run("ansible-vault", "encrypt", directory / "vault.yml", given=password).returncode == 0

    expected = {
        "mysql_user": SHARED["mysql_user"],
        "rabbitmq_user": "of-environment",
        "rabbitmq_queue": "of-90_local",
        "vault_mysql_password": "of-vault",
    }
    for command, values in answers(project, environment, list(expected), **password).items():
        assert values == expected, command


@pytest.mark.parametrize(("environment", "count"), [("local", 1), ("staging", 1), ("production", 3)])
def test_one_host_for_all_services_or_one_each(project: Checkout, environment: str, count: int) -> None:
    groups = listed(project, environment, {})
    hosts = [groups[service]["hosts"] for service in ("mysql", "rabbitmq", "redis")]
    assert [len(each) for each in hosts] == [1, 1, 1]
    assert len({host for each in hosts for host in each}) == count


@over_ssh
def test_an_authority_beside_the_hosts_is_not_read_as_hosts(tmp_path: Path, environment: str) -> None:
    project = Checkout(tmp_path)
    certificate_files.write(project.root / "inventories" / environment / "certificates")
    done = project.run("ansible-inventory", "-i", f"inventories/{environment}", "--graph")
    assert done.returncode == 0
    assert "certificates" not in done.stderr


@over_ssh
def test_placeholders_are_refused_before_a_host_is_asked(tmp_path: Path, environment: str) -> None:
    project = Checkout(tmp_path)
    file = project.root / "inventories" / environment / "hosts.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("# ansible_ssh_common_args", "ansible_ssh_common_args"))
    hosts = listed(project, environment, {})["_meta"]["hostvars"]
    done = project.run("ansible-playbook", "-i", f"inventories/{environment}", "playbooks/site.yml")
    assert done.returncode != 0
    assert "UNREACHABLE" not in done.stdout + done.stderr
    expected = [
        f"inventories/{environment}/hosts.yml: {name} of {host} is '{values[name]}', a placeholder: give "
        for host, values in hosts.items()
        for name in ("ansible_host", "ansible_ssh_common_args")
    ]
    problems = problems_in(done.stdout + done.stderr)
    assert len(problems) == len(expected)
    assert all(any(problem.startswith(start) for problem in problems) for start in expected)


def test_playbooks_have_no_variables_beside_them() -> None:
    # They would win over every environment.
    assert not (ROOT / "playbooks" / "group_vars").exists()
    assert not (ROOT / "playbooks" / "host_vars").exists()
