#!/usr/bin/env python3
"""Run a program from the staged archive: run_staged [TREE PROGRAM [ARGUMENT ...]].

roles/db_schema stages three files side by side: migrations.tar, `tree` (the archive's hash) and database_url, which
DATABASE_URL_FILE names. With arguments, the program is run if TREE is what is staged; exit code 75 says that it is not.
Without, the program and its arguments come from run.json, so that one container serves every run and its log keeps them
all.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
import tarfile
import tempfile
from pathlib import Path

STAGE = Path(os.environ["DATABASE_URL_FILE"]).parent
NOT_STAGED = 75


def main() -> int:
    """Unpack the archive and replace this process by the program."""
    if len(sys.argv) > 1:
        tree, *command = sys.argv[1:]
        staged = STAGE / "tree"
        if not staged.exists() or staged.read_text() != tree:
            return NOT_STAGED
    else:
        command = json.loads((STAGE / "run.json").read_text())
        print(f"=== {datetime.datetime.now(tz=datetime.UTC):%Y-%m-%d %H:%M:%S} UTC: {' '.join(command)}")
    target = tempfile.mkdtemp(prefix="migrations-")
    with tarfile.open(STAGE / "migrations.tar") as tar:
        # Debian 12's Python knows no filters; the archive is our own.
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(target)
    os.chdir(target)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *command])


if __name__ == "__main__":
    sys.exit(main())
