#!/usr/bin/env python3
"""Write docs/schema.md and docs/schema.svg from migrations/; --check only names what is stale. No server is asked."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MIGRATIONS = ROOT / "migrations"
DOCS = ROOT / "docs"
sys.path[:0] = [str(Path(__file__).parent), str(MIGRATIONS)]

from information_schema import Schema  # noqa: E402
from models import Base  # noqa: E402
from schema_diagram import diagram  # noqa: E402
from schema_dictionary import dictionary  # noqa: E402
from schema_entities import entities, relations  # noqa: E402
from schema_history import read_history  # noqa: E402
from schema_meaning import gaps  # noqa: E402


def documents() -> dict[Path, str]:
    """The files and what they must hold; ValueError with one line for everything that models.py leaves out."""
    tables = list(Base.metadata.tables.values())
    golden: dict[str, Schema] = {
        flavor: json.loads((MIGRATIONS / "golden" / f"{flavor}.json").read_text(encoding="utf-8"))
        for flavor in ("mysql", "mariadb")
    }
    if found := gaps(tables, golden):
        raise ValueError("\n".join(found))
    return {
        DOCS / "schema.md": dictionary(tables, golden["mysql"], golden["mariadb"], read_history()),
        DOCS / "schema.svg": diagram(entities(tables, golden["mysql"]), relations(tables)),
    }


def main() -> int:
    """Write what differs, or name it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit with 1 when a file is stale")
    check = parser.parse_args().check
    try:
        wanted = documents()
    except ValueError as error:
        print(error)
        return 1
    stale = {
        path: text for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        name = path.relative_to(ROOT).as_posix()
        print(f"{name} is stale: run scripts/schema_docs.py" if check else f"{name} is written")
        if not check:
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
