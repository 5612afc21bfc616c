"""docs/schema.md and docs/schema.svg are what scripts/schema_docs.py writes today, and the diagram can be read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_run import ROOT
from plugin import load
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table

SCRIPT = ROOT / "scripts" / "schema_docs.py"
docs = load("scripts/schema_docs.py")

from models import Base  # noqa: E402
from schema_diagram import compose, diagram  # noqa: E402
from schema_entities import CHARACTER, MARKS, Entity, Relation, Row, entities, relations  # noqa: E402
from schema_history import History, read_history  # noqa: E402
from schema_meaning import gaps  # noqa: E402
from schema_routes import Line, faults  # noqa: E402

TABLES = list(Base.metadata.tables.values())
GOLDEN = json.loads((ROOT / "migrations/golden/mysql.json").read_text(encoding="utf-8"))
RELATION = Relation("fk", "a", "b_id", "b", "id", optional=False, single=False)


def test_they_are_current() -> None:
    # With another order of sets than the one they were written with.
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    command = [sys.executable, str(SCRIPT), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_file_is_named_and_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "docs" / "schema.md"
    stale.parent.mkdir()
    stale.write_text("old")
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    monkeypatch.setattr(docs, "documents", lambda: {stale: "new"})
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), "--check"])
    assert docs.main() == 1
    assert capsys.readouterr().out == "docs/schema.md is stale: run scripts/schema_docs.py\n"
    assert stale.read_text() == "old"
    monkeypatch.setattr(sys, "argv", [str(SCRIPT)])
    assert docs.main() == 0
    assert stale.read_text() == "new"


def test_everything_without_words_is_named_at_once() -> None:
    table = Table("Card", MetaData(), Column("id", Integer, primary_key=True), Column("pin", Integer, doc="PIN"))
    Index("ix_card_pin", table.c.pin)
    columns: dict[str, Any] = dict.fromkeys(("id", "iban"), {})
    golden: dict[str, Any] = {"mysql": {"Card": {"columns": columns, "indexes": {"PRIMARY": {}, "ix_card_pin": {}}}}}
    assert sorted(gaps([table], golden)) == [
        "migrations/golden/mysql.json and models.py differ in Card.iban: run golden.py",
        "migrations/golden/mysql.json and models.py differ in Card.pin: run golden.py",
        "models.py: Card has no docstring",
        'models.py: Card, index ix_card_pin, has no info=_serves("...")',
        'models.py: Card.id has no doc="..."',
    ]


def test_the_revision_of_each_part_is_read_from_the_sql() -> None:
    history = read_history()
    assert history.since("FileUploadHistory") == "002"
    assert [history.since("User", name) for name in ("username", "uq_user_email", "uq_user_username")] == [
        "001",
        "001",
        "002",
    ]
    assert history.since("Transaction", "fk_transaction_user") == "001"
    assert history.since("Transaction", "ix_transaction_user_date") == "003"
    # A name within another name, or of another table, is not it.
    other = History((("001", "Bank", "ALTER TABLE `Bank` ADD swift_code INT"), ("002", "User", "swift")))
    with pytest.raises(KeyError, match="Bank.swift"):
        other.since("Bank", "swift")


def test_every_table_column_and_relation_is_drawn() -> None:
    drawing = diagram(entities(TABLES, GOLDEN), relations(TABLES))
    found = ElementTree.fromstring(drawing)
    groups = {group.get("id") for group in found.iter("{http://www.w3.org/2000/svg}g")}
    names = {str(key.name) for table in TABLES for key in table.foreign_key_constraints}
    assert groups == names | {table.name for table in TABLES}
    texts = [text.text for text in found.iter("{http://www.w3.org/2000/svg}text")]
    for column in (column.name for table in TABLES for column in table.columns):
        assert column in texts


def test_lines_keep_off_each_other_and_off_the_boxes() -> None:
    boxes = entities(TABLES, GOLDEN)
    picture = compose(boxes, relations(TABLES))
    assert len(picture.lines) == len(relations(TABLES))
    assert faults(picture.lines) == 0
    for column, (left, right) in zip(picture.columns, picture.spans, strict=True):
        for line in picture.lines:
            for (x, _), (other, _) in pairwise(line.points):
                assert not (min(x, other) < right and max(x, other) > left), f"{line.relation.name} runs through a box"
        ends = [(picture.top[name], picture.top[name] + boxes[name].height) for name in column]
        assert all(end < start for (_, end), (start, _) in pairwise(ends)), f"boxes of {column} overlap"
        for row in (row for name in column for row in boxes[name].rows):
            assert left + MARKS + CHARACTER * (len(row.name) + len(row.type)) < right - 10, f"{row} has no room"
    assert all(0 < x < picture.width for line in picture.lines for x, _ in line.points)


def test_faults_are_seen() -> None:
    line = Line(RELATION, ((0, 0), (50, 0), (50, 100), (90, 100)))
    crossing = Line(RELATION, ((0, 50), (70, 50), (70, 60), (90, 60)))
    beside = Line(RELATION, ((0, 20), (53, 20), (53, 80), (90, 80)))
    assert faults([line, crossing]) == 1
    assert faults([line, beside]) >= 100
    assert faults([line]) == 0


def test_more_tables_still_find_a_place() -> None:
    boxes = entities(TABLES, GOLDEN)
    lines = relations(TABLES)
    for name, parent in (("Card", "User"), ("Budget", "Card"), ("Alert", "Budget")):
        boxes[name] = Entity(name, "", (Row(("PK",), "id", "int", False), Row(("FK",), "parent", "int", True)))
        target = boxes[parent].rows[0].name
        lines.append(Relation(f"fk_{name}", name, "parent", parent, target, optional=True, single=False))
    picture = compose(boxes, lines)
    assert sorted(name for column in picture.columns for name in column) == sorted(boxes)
    assert faults(picture.lines) < 100


def test_both_ends_of_a_line_say_how_many() -> None:
    made = Table("Parent", MetaData(), Column("id", Integer, primary_key=True))
    child = Table(
        "Child",
        made.metadata,
        Column("id", Integer, ForeignKey(made.c.id, name="fk_one"), primary_key=True),
        Column("other", Integer, ForeignKey(made.c.id, name="fk_many")),
    )
    one, many = relations([made, child])
    assert (one.optional, one.single) == (False, True)
    assert (many.optional, many.single) == (True, False)
