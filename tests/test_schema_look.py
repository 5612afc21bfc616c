"""What the programs in migrations/ print, read as a look at schema and data."""

from __future__ import annotations

import json
from typing import Any

import pytest
from plugin import load

schema = load("plugins/filter/flowlite_schema.py")


def printed(**result: Any) -> str:
    """The output of check_database, with lines before and after its result."""
    seen = {"problems": [], "pending": [], "seed_pending": {}, "revision": "004"} | result
    return f"=== run 1\nFLOWLITE_RESULT {{}}\n=== run 2\nlog\n{schema.MARK}{json.dumps(seen)}\nbye"


def test_result_is_the_last_one() -> None:
    assert schema.result(printed(revision="003"))["revision"] == "003"
    assert schema.result("nothing\n") == {}
    assert schema.last_run(printed()).startswith("run 2")


def test_schema_as_declared() -> None:
    look = schema.look(printed())
    assert not look["differs"]
    assert look["problems"] == []
    assert look["prediction"] == "revisions to run: none; rows to load or mend: 0"


def test_schema_that_is_behind() -> None:
    behind = {"what": "schema is behind", "remedy": "run it"}
    pending = [{"revision": "003", "message": "names"}, {"revision": "004", "message": "index"}]
    look = schema.look(printed(problems=[behind], pending=pending, seed_pending={"users": 2, "banks": 3}))
    assert look["differs"]
    assert look["problems"] == [behind]
    assert look["prediction"] == "revisions to run: 003 (names), 004 (index); rows to load or mend: 5"


def test_rows_that_are_missing() -> None:
    look = schema.look(printed(seed_pending={"banks": 3}))
    assert look["problems"] == [{"what": "3 seeded rows are missing or edited", "remedy": "run playbooks/seed.yml"}]


def test_generated_transactions_that_are_missing() -> None:
    look = schema.look(printed(seed_pending={"banks": 1}, generated={"there": 0, "missing": 20, "told": ""}))
    assert look["differs"]
    assert look["prediction"] == "revisions to run: none; rows to load or mend: 21"
    assert not schema.look(printed(generated={"there": 20, "missing": 0, "told": ""}))["differs"]


@pytest.mark.parametrize(("output", "words"), [("", "nothing is staged yet"), ("Traceback: no route", "no route")])
def test_schema_that_cannot_be_looked_at(output: str, words: str) -> None:
    look = schema.look(output)
    assert look["differs"]
    assert words in look["problems"][0]["what"]
    assert "site.yml" in look["problems"][0]["remedy"]
