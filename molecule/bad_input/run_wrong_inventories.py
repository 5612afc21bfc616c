"""Run the site, or another playbook, with each wrong inventory of tests/bad_input, and see what is left of a host."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ansible_run import docker, run
from bad_input_cases import RUNS, WRONG_INVENTORIES, matching, problems_in
from deployment import Deployment

AT_ONCE = 3


class Host:
    """The container that the runs go to."""

    def __init__(self, name: str) -> None:
        """Remember the name."""
        self.name = name

    def state(self) -> str:
        """Return the paths that differ from the image, and the processes."""
        different = sorted(docker("diff", self.name).splitlines())
        return "\n".join([*different, docker("top", self.name, "-eo", "pid,args")])

    def inventory(self, directory: Path, environment: str) -> Deployment:
        """Return a right inventory of which this is the host."""
        reached = {"ansible_connection": "community.docker.docker", "ansible_python_interpreter": "python3"}
        return Deployment(directory, environment, {self.name: reached})


def wrong(host: Host, name: str, case: dict[str, Any]) -> list[str]:
    """Run the playbook with one wrong inventory and return what is not as it should be."""
    # The file about other environments misspells theirs, which alone would be refused.
    environment = "local" if RUNS[name]["environment"] == "local" else "staging"
    with tempfile.TemporaryDirectory() as directory:
        deployment = host.inventory(Path(directory), environment)
        deployment.set(case["set"])
        playbook = f"playbooks/{RUNS[name].get('playbook', 'site')}.yml"
        done = run("ansible-playbook", "-i", deployment.inventory, playbook)
        left = deployment.left_behind()
    told = problems_in(done.stdout + done.stderr)
    found = []
    if done.returncode == 0:
        found.append("was not refused")
    if not matching(told, case, deployment.names):
        found.append(f"{case['says']} is not in any of {sorted(told)}")
    if set(re.findall(r"changed=(\d+)", done.stdout)) != {"0"} or left:
        found.append(f"changed something: {left}\n{done.stdout}")
    return [f"{name}, {case['role']}, {case['what']}: {problem}" for problem in found]


def approved(host: Host) -> list[str]:
    """Check a right inventory, so that the refusals come from what is wrong in the others."""
    with tempfile.TemporaryDirectory() as directory:
        deployment = host.inventory(Path(directory), "staging")
        done = run("ansible-playbook", "-i", deployment.inventory, "playbooks/preflight.yml")
    return [f"a right inventory was refused:\n{done.stdout}{done.stderr}"] if done.returncode else []


def main() -> int:
    """Run everything, say what is wrong; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    host = Host(parser.parse_args().host)
    failures = approved(host)
    before = host.state()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for found in pool.map(lambda each: wrong(host, *each), WRONG_INVENTORIES):
            failures += found
    if host.state() != before:
        failures.append(f"the host was\n{before}\nand is\n{host.state()}")
    print("\n".join(failures))
    counts = Counter(case["role"] for _, case in WRONG_INVENTORIES)
    print(
        f"{len(WRONG_INVENTORIES)} wrong inventories: " + ", ".join(f"{role} {counts[role]}" for role in sorted(counts))
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
