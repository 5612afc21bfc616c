#!/usr/bin/env python3
"""Run a program from the staged archive: run_staged TREE_HASH PROGRAM [ARGUMENT ...].

/flowlite holds what roles/db_schema staged: migrations-TREE_HASH.tar and, in arguments.json, a list of further
arguments for this run. Exit code 75 says that another tree is staged: stage it and call again.
"""

import json
import os
import sys
import tarfile
import tempfile
from pathlib import Path

STAGE = Path("/flowlite")
STALE = 75


def main() -> int:
    """Unpack the archive and replace this process by the program."""
    tree, program, *arguments = sys.argv[1:]
    archive = STAGE / f"migrations-{tree}.tar"
    if not archive.exists():
        print(f"{archive} is not staged", file=sys.stderr)
        return STALE
    target = tempfile.mkdtemp(prefix="migrations-")
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    extra = STAGE / "arguments.json"
    if program == "init_and_seed.py" and extra.exists():
        arguments += json.loads(extra.read_text())
    os.chdir(target)
    os.execv(sys.executable, [sys.executable, program, *arguments])


if __name__ == "__main__":
    sys.exit(main())
