"""Does all the damage of a list at once, verifies once, and fails unless the report names each piece.

find_damage.py LIST VERDICT < {"prefix", "artifacts", "secrets", "clients": {service: [command]},
                               "redis_admin_password", "verify": [command]}
find_damage.py --mend LIST: takes back what site.yml leaves.
"""

from __future__ import annotations

import concurrent.futures
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

STATUS = {"fine": 0, "broken": 2, "drift": 3}
# Given to servers by damage; as little as a declared one it may be in a report.
SECRET = "molecule.drift-made_by_hand"


def filled(text: str, given: dict[str, Any]) -> str:
    """Fill in what differs from run to run."""
    return text.replace("PREFIX", given["prefix"]).replace("ARTIFACTS", given["artifacts"]).replace("SECRET", SECRET)


def command(kind: str, text: str, given: dict[str, Any]) -> list[str]:
    """Return the command that runs a line of the list."""
    if kind in ("mysql", "schema"):
        return [*given["clients"]["mysql"], "--execute", text]
    if kind in ("rabbitmq", "redis"):
        return [*given["clients"][kind], *text.split()]
    return ["sh", "-c", text]


def run_all(kind: str, lines: list[str], given: dict[str, Any]) -> None:
    """Run the lines one after the other; each must succeed."""
    for line in lines:
        done = subprocess.run(
            command(kind, filled(line, given), given),
            env=os.environ | {"REDISCLI_AUTH": given["redis_admin_password"]},
            capture_output=True,
            text=True,
        )
        # redis-cli exits with 0 on an error.
        refused = kind == "redis" and done.stdout.strip() not in ("OK", "1")
        if done.returncode or refused:
            raise SystemExit(f"{kind}: {line}: {done.stdout}{done.stderr}")


def main() -> None:
    """Run the list that is named."""
    given = json.load(sys.stdin)
    mend = sys.argv[1] == "--mend"
    damage = yaml.safe_load(Path(sys.argv[2 if mend else 1]).read_text(encoding="utf-8"))
    lines = {
        kind: [entry["mends" if mend else "does"] for entry in entries if not mend or "mends" in entry]
        for kind, entries in damage.items()
    }
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(lambda kind: run_all(kind, lines[kind], given), lines))
    if mend:
        return
    verified = subprocess.run(given["verify"], capture_output=True, text=True)
    if verified.returncode != STATUS[sys.argv[2]]:
        raise SystemExit(f"exit code {verified.returncode}:\n{verified.stdout[-4000:]}{verified.stderr[-2000:]}")
    reports = Path(given["artifacts"], "reports")
    texts = {path.suffix: path.read_text(encoding="utf-8") for path in reports.glob("verify-latest.*")}
    run = json.loads(texts[".json"])
    found = {section["name"]: section["problems"] for section in run["sections"]}
    told = [problem["what"] for problems in found.values() for problem in problems]
    says = [filled(entry["says"], given) for entries in damage.values() for entry in entries]
    missed = [words for words in says if not any(words in what for what in told)]
    assert not missed, f"not found: {missed}\nfound: {json.dumps(told, indent=1)}"
    assert all(problem["remedy"] for problems in found.values() for problem in problems)
    assert run["verdict"] == sys.argv[2]
    shown = [secret for secret in [*given["secrets"], SECRET] if any(secret in text for text in texts.values())]
    assert not shown, f"secrets in the report: {shown}"
    print(f"{len(says)} found, {len(told)} told")


if __name__ == "__main__":
    main()
