"""`make secrets` fills an environment's vault, shows nothing of it, and site.yml accepts what it made."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_run import INVENTORIES, ROLES, ROOT, free_ports
from checkout import Checkout
from deployment import PORTS
from plugin import load
from specifications import SHARED, used_names

SCRIPT = "scripts/make_secrets.py"
NAMES = set(yaml.safe_load((ROOT / "inventories/vault.yml.example").read_text(encoding="utf-8")))
# Whoever runs the store of the backups gives these: they cannot be generated.
GIVEN = {"vault_backup_s3_access_key", "vault_backup_s3_secret_key"}
WITH_VAULT = [path.name for path in INVENTORIES if path.name != "local"]


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """A checkout whose production has a password file, and no vault."""
    made = Checkout(tmp_path)
    (made.root / ".vault_password_production").write_text("correct horse\n", encoding="utf-8")
    return made


def vault(project: Checkout) -> Path:
    return project.variables("production") / "vault.yml"


def view(project: Checkout) -> str:
    return project.run(
        "ansible-vault", "view", "--vault-password-file", ".vault_password_production", vault(project)
    ).stdout


def encrypt(project: Checkout, text: str) -> None:
    vault(project).write_text(text, encoding="utf-8")
    password = ["--vault-password-file", ".vault_password_production"]
    assert project.run("ansible-vault", "encrypt", *password, vault(project)).returncode == 0


def refused(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # a grant's backslash, which Jinja keeps
def test_example_names_what_the_roles_need() -> None:
    used = {name for role in ROLES for _, name in used_names(role)}
    used |= set(re.findall(r"vault_\w+", str(SHARED)))
    assert {name for name in used if name.startswith("vault_")} == NAMES | GIVEN


@pytest.mark.parametrize("environment", WITH_VAULT)
def test_environments_share_one_example(environment: str) -> None:
    example = ROOT / "inventories" / environment / "group_vars/all/vault.yml.example"
    assert example.resolve() == ROOT / "inventories/vault.yml.example"


def test_target_calls_the_script() -> None:
    planned = subprocess.check_output(["make", "-n", "secrets", "ENV=staging"], cwd=ROOT, text=True)
    assert f"{SCRIPT} staging" in planned


def test_new_vault_is_complete_encrypted_and_private(project: Checkout) -> None:
    done = project.run(SCRIPT, "production")
    assert done.returncode == 0, done.stderr
    assert vault(project).read_text(encoding="utf-8").startswith("$ANSIBLE_VAULT;1.1;AES256\n")
    assert vault(project).stat().st_mode & 0o777 == 0o600
    values = yaml.safe_load(view(project))
    assert values.keys() == NAMES
    assert len(set(values.values())) == len(NAMES)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9._~-]{31,}", value) for value in values.values())
    assert all(name in done.stdout for name in NAMES)
    assert not any(value in done.stdout + done.stderr for value in values.values())
    # No temporary file stays.
    left = {path.name for path in vault(project).parent.iterdir()}
    assert left == {"00_shared", "10_environment.yml", "vault.yml", "vault.yml.example"}


def test_second_run_changes_nothing(project: Checkout) -> None:
    project.run(SCRIPT, "production")
    before = vault(project).read_bytes()
    done = project.run(SCRIPT, "production")
    assert (done.returncode, "nothing is missing" in done.stdout) == (0, True)
    assert vault(project).read_bytes() == before


def test_only_what_is_missing_is_added(project: Checkout) -> None:
    own = '---\n# Ours.\nvault_mysql_password: "kept as it is"\nvault_redis_password: ""\nvault_other: !unsafe "a{{b"'
    encrypt(project, own)
    done = project.run(SCRIPT, "production")
    text = view(project)
    assert text.startswith('---\n# Ours.\nvault_mysql_password: "kept as it is"\nvault_other: !unsafe "a{{b"\n')
    values = yaml.safe_load(text.replace("!unsafe", ""))
    assert values.keys() == NAMES | {"vault_other"}
    assert len(values["vault_redis_password"]) >= 32
    assert "vault_redis_password" in done.stdout
    assert "vault_mysql_password" not in done.stdout


@pytest.mark.parametrize("text", ["- a list of s3cr3t", "vault_mysql_password: s3cr3t: s3cr3t"])
def test_what_is_no_dictionary_is_refused_unseen(project: Checkout, text: str) -> None:
    encrypt(project, text)
    done = project.run(SCRIPT, "production")
    refused(done, "no YAML dictionary")
    assert "s3cr3t" not in done.stdout + done.stderr


def test_other_password_is_refused(project: Checkout) -> None:
    project.run(SCRIPT, "production")
    before = vault(project).read_bytes()
    (project.root / ".vault_password_production").write_text("another\n", encoding="utf-8")
    refused(project.run(SCRIPT, "production"), "encrypted with another password")
    assert vault(project).read_bytes() == before


def test_plain_vault_is_refused(project: Checkout) -> None:
    vault(project).write_text("vault_mysql_password: in the clear\n", encoding="utf-8")
    refused(project.run(SCRIPT, "production"), "is not encrypted: ansible-vault encrypt inventories/production")
    assert vault(project).read_text(encoding="utf-8") == "vault_mysql_password: in the clear\n"


@pytest.mark.parametrize(("environment", "words"), [("local", "90_local.yml"), ("prod", "local, production, staging")])
def test_environment_without_a_vault_is_explained(project: Checkout, environment: str, words: str) -> None:
    refused(project.run(SCRIPT, environment), words)


def test_password_is_asked_for_in_vain_without_a_terminal(project: Checkout) -> None:
    refused(project.run(SCRIPT, "staging"), ".vault_password_staging")
    assert not (project.variables("staging") / "vault.yml").exists()


@pytest.mark.parametrize("variable", ["VAULT_PASSWORD_FILE", "ANSIBLE_VAULT_PASSWORD_FILE"])
def test_password_file_by_variable(project: Checkout, variable: str) -> None:
    refused(project.run(SCRIPT, "staging", given={variable: "nowhere"}), "nowhere")
    assert project.run(SCRIPT, "staging", given={variable: ".vault_password_production"}).returncode == 0


def ask(project: Checkout, answers: list[str]) -> tuple[int, str]:
    """Run the script at a terminal and type one answer at each of its prompts."""
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, SCRIPT, "staging"],
        cwd=project.root,
        env=project.environment(),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    said, left = b"", list(answers)
    try:
        while piece := os.read(controller, 1000):
            said += piece
            if said.endswith(b": ") and left:
                os.write(controller, left.pop(0).encode() + b"\n")
    except OSError:  # what a terminal says when its last program has ended
        pass
    os.close(controller)
    return process.wait(), said.decode()


def test_password_by_prompt(project: Checkout) -> None:
    code, said = ask(project, ["correct horse", "other horse"])
    assert (code, "differ" in said) == (1, True)
    code, said = ask(project, ["correct horse", "correct horse"])
    assert (code, "added" in said) == (0, True)
    code, said = ask(project, ["correct horse"])
    assert (code, "nothing is missing" in said) == (0, True)
    code, said = ask(project, ["wrong horse"])
    assert (code, "another password" in said) == (1, True)
    assert "horse" not in said


def test_weak_draw_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    load(SCRIPT)
    script: Any = sys.modules["flowlite_secrets.generate"]
    drawn = iter("Z" * script.LENGTH + "Kq7vT2pXbW9-cD4~eF5_gH6.iJ8kL0mN1oP3rS" + "tU" * script.LENGTH)
    monkeypatch.setattr(script.secrets, "choice", lambda _: next(drawn))
    assert script.generated().startswith("Kq7v")


@pytest.mark.parametrize("name", [".vault_password", ".vault_password_production"])
def test_git_leaves_password_files_alone_and_takes_the_vault(name: str) -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", name, "inventories/production/group_vars/all/vault.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ignored.stdout.split() == [name]


@pytest.mark.parametrize("environment", WITH_VAULT)
def test_site_accepts_the_generated_vault(project: Checkout, environment: str) -> None:
    # Only the addresses of the hosts are filled in, and all are this machine.
    path = project.root / "inventories" / environment / "hosts.yml"
    path.write_text(re.sub(r"\S+\.example", "127.0.0.1", path.read_text(encoding="utf-8")), encoding="utf-8")
    here = {"ansible_connection": "local", "ansible_become": False, "ansible_python_interpreter": sys.executable}
    # The firewall needs systemd, which a machine that runs tests may lack.
    own = {"flowlite_name_prefix": "flowlite-pytest-secrets", "flowlite_firewall": False}
    own |= dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    (project.variables(environment) / "90_local.yml").write_text(yaml.safe_dump(own | here), encoding="utf-8")
    password = project.root / f".vault_password_{environment}"
    password.write_text("correct horse\n", encoding="utf-8")
    preflight = ["-i", f"inventories/{environment}", "playbooks/preflight.yml"]

    without = project.run("ansible-playbook", *preflight)
    assert without.returncode != 0
    assert f"make secrets ENV={environment}" in without.stdout

    assert project.run(SCRIPT, environment).returncode == 0
    done = project.run("ansible-playbook", "--vault-password-file", password, *preflight)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(re.findall(r"changed=(\d+)", done.stdout)) == {"0"}
