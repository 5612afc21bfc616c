"""Makes the rows of one block, from the random seed and the block's number alone.

So a block can be made again, blocks need not be kept, and the rows for a smaller number are the first of those for a
greater one. Only `random` is used, which promises the same numbers in every version of Python.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any

from seed.data_files import load
from seed.volume.keys import block_prefix, key
from seed.volume.people import BLOCK_ROWS, MONTHS, Share, shares

# In the order of the table's columns; all text, as it stands in SQL or in a file for LOAD DATA.
Transaction = tuple[str, str, str, str, str, str, str, str, str]
# Category and natural name of a bank to their ids in the database.
Ids = dict[str, str]
# People use their cards from six in the morning to ten in the evening.
TIMES = tuple(f" {minute // 60:02d}:{minute % 60:02d}:00" for minute in range(6 * 60, 22 * 60))


@dataclass(frozen=True)
class Block:
    """Rows that are loaded together."""

    users: list[dict[str, Any]]
    infos: list[dict[str, Any]]
    batches: list[dict[str, Any]]
    transactions: list[Transaction]


def blocks_of(transactions: int) -> range:
    """The numbers of the blocks that hold so many transactions."""
    return range(-(-transactions // BLOCK_ROWS))


def rows_of(block: int, transactions: int) -> int:
    """How many of so many transactions are in a block: the last one may be cut."""
    return min(BLOCK_ROWS, transactions - block * BLOCK_ROWS)


def make_block(random_seed: int, block: int, rows: int, ids: Ids) -> Block:
    """The first `rows` transactions of a block with their users and batches, in the order of the uploads."""
    chance = Random(f"{random_seed}/{block}")
    prefix = block_prefix(random_seed, block)
    present = shares(random_seed, block)
    made = Block([s.person.user for s in present], [s.person.info for s in present], [], [])
    uploads = ((month, share) for month in MONTHS for share in present if month in share.months)
    for number, (month, share) in enumerate(uploads):
        left = rows - len(made.transactions)
        if left <= 0:
            break
        batch = _batch(key(prefix, number, chance.getrandbits(48)), month, chance)
        lines = _month(share, month, chance, ids)[:left]
        first = len(made.transactions)
        user, bank = share.person.user["id_user"], ids[share.person.bank]
        made.transactions.extend(
            (key(prefix, position, chance.getrandbits(48)), user, category, bank, batch["id_batch"], name, *rest)
            for position, (category, name, *rest) in enumerate(lines, first)
        )
        made.batches.append({**batch, "batch_size": len(lines)})
    return made


def _batch(id_batch: str, month: str, chance: Random) -> dict[str, Any]:
    """A statement is uploaded in the first days of the next month."""
    next_month = (datetime.fromisoformat(f"{month}-01") + timedelta(days=32)).replace(day=1, hour=7)
    start = next_month + timedelta(seconds=chance.randrange(5 * 12 * 3600))
    end = start + timedelta(seconds=chance.randrange(3, 90))
    return {"id_batch": id_batch, "process_status": "completed", "start_date": start, "end_date": end}


Line = tuple[str, str, str, str, str]


def _month(share: Share, month: str, chance: Random, ids: Ids) -> list[Line]:
    """Category, name, value, date and type of a person's transactions in a month, by date."""
    person = share.person
    year, number = map(int, month.split("-"))
    days = [f"{month}-{day:02d}" for day in range(1, calendar.monthrange(year, number)[1] + 1)]
    # Salaries and rents rise with the year.
    rise = 1.095 ** (year - 2024)
    salary = _fixed(ids["Transferencias_Ingresos"], f"Nómina {person.employer}", person.salary * rise, "income")
    rent = _fixed(ids["Vivienda_Arriendo"], f"Arriendo {person.home}", person.rent * rise, "expense")
    count = share.rows_of(month) - 2
    random, minutes = chance.random, len(TIMES)
    moments = sorted(int(random() * len(days) * minutes) for _ in range(count))
    spending, weights = _spending()
    drawn = chance.choices(spending, cum_weights=weights, k=count)
    lines: list[Line] = [
        (*salary[:3], f"{days[0]} 05:30:00", salary[3]),
        (*rent[:3], f"{days[0]} 05:45:00", rent[3]),
    ]
    lines += [
        (ids[category], name, f"{low + int(random() * span)}00.00", days[at // minutes] + TIMES[at % minutes], kind)
        for at, (category, name, low, span, kind) in zip(moments, drawn, strict=True)
    ]
    return lines


def _fixed(category: str, name: str, pesos: float, kind: str) -> tuple[str, str, str, str]:
    return category, name, f"{int(pesos) // 1000}000.00", kind


@cache
def _spending() -> tuple[list[tuple[str, str, int, int, str]], list[float]]:
    """What there is to buy (prices in hundreds of pesos), and the cumulated shares."""
    choices: list[tuple[str, str, int, int, str]] = []
    weights: list[float] = []
    for category, given in load("volume/spending.yml").items():
        names = [(kind, *item) for kind in ("expense", "income") for item in given.get(kind, {}).items()]
        for kind, name, (least, most) in names:
            choices.append((category, name, least // 100, (most - least) // 100 + 1, kind))
            weights.append(given["share"] / len(names))
    return choices, list(accumulate(weights))
