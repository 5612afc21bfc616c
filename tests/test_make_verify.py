"""`make verify` exits with the verdict's own code, which make by itself would turn into 2."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from ansible_run import ROOT

# Run by `make test`, the make under test would take its caller's flags and print the directories that it enters.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}


@pytest.mark.skipif(not (shutil.which("make") and shutil.which("cc")), reason="the function of make needs a C compiler")
@pytest.mark.parametrize("code", [0, 2, 3])
def test_the_code_of_the_proof_is_the_code_of_make(code: int) -> None:
    done = subprocess.run(
        ["make", "verify", f"proof=sh -c 'echo first, second; exit {code}'"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
    )
    assert (done.returncode, done.stdout) == (code, "first, second\n"), done.stderr


def test_a_dry_run_proves_nothing() -> None:
    done = subprocess.run(
        ["make", "-n", "verify", "proof=exit 3"], cwd=ROOT, capture_output=True, text=True, env=ENVIRONMENT
    )
    assert (done.returncode, done.stdout) == (0, "exit 3\n"), done.stderr
