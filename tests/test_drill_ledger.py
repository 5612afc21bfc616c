"""What a drill calls lost: the comparison of a ledger with what is found after an accident."""

from __future__ import annotations

from pathlib import Path

import pytest
from plugin import load

ledger = load("roles/drill/files/drill_ledger.py")

# Ten writes, one each second; the third was never acknowledged.
ACKNOWLEDGED = {number: float(number) for number in range(1, 11) if number != 3}


def test_all_that_was_acknowledged_is_there() -> None:
    verdict = ledger.compare(ACKNOWLEDGED, 10, ACKNOWLEDGED)
    assert (verdict.acknowledged, verdict.found) == (9, 9)
    assert verdict.problems == []


def test_a_write_that_nobody_answered_for_may_be_there() -> None:
    assert ledger.compare(ACKNOWLEDGED, 10, range(1, 11)).problems == []


def test_what_was_acknowledged_and_is_gone_is_lost() -> None:
    verdict = ledger.compare(ACKNOWLEDGED, 10, [1, 2, 4, 5, 6, 7, 9])
    assert verdict.lost == [8, 10]
    assert verdict.found == 7
    assert verdict.problems == ["2 acknowledged and lost, the first is 8"]


def test_nothing_at_all_is_found() -> None:
    assert ledger.compare(ACKNOWLEDGED, 10, []).lost == sorted(ACKNOWLEDGED)


def test_the_last_second_before_a_kill_is_excused_and_no_other() -> None:
    verdict = ledger.compare(ACKNOWLEDGED, 10, [1, 2, 4, 9], deaths=[2.5, 8.5], grace=1.0)
    assert verdict.excused == [8]
    assert verdict.lost == [5, 6, 7, 10]


def test_without_grace_nothing_is_excused() -> None:
    verdict = ledger.compare(ACKNOWLEDGED, 10, [1, 2, 4, 5, 6, 7, 9, 10], deaths=[8.0])
    assert verdict.excused == []
    assert verdict.lost == [8]


@pytest.mark.parametrize(
    ("found", "says"), [([*ACKNOWLEDGED, 4], "1 found more than once, the first is 4"), ([*ACKNOWLEDGED, 11], "11")]
)
def test_what_nobody_sent_or_is_there_twice_is_named(found: list[int], says: str) -> None:
    (problem,) = ledger.compare(ACKNOWLEDGED, 10, found).problems
    assert says in problem


def test_the_ledger_keeps_every_answer(tmp_path: Path) -> None:
    kept = ledger.Ledger(tmp_path / "ledger")
    first, second = kept.take(), kept.take()
    kept.acknowledge(first)
    kept.refuse(second, OSError("gone"))
    kept.close()
    assert list(kept.acknowledged) == [1]
    assert kept.after(0.0) == [kept.last]
    lines = [line.split(maxsplit=1)[1] for line in (tmp_path / "ledger").read_text(encoding="utf-8").splitlines()]
    assert lines == ["1 acknowledged", "2 OSError: gone"]
