"""The generated rows themselves, made without a server."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import RFC_4122, UUID

import pytest

from seed.reference_rows import reference_rows
from seed.volume.blocks import Block, Ids, blocks_of, make_block, rows_of
from seed.volume.identities import invent
from seed.volume.people import BLOCK_ROWS, MONTHS

REFERENCE = reference_rows()
CATEGORIES = {row["description"]: row["id_category"] for row in REFERENCE["TransactionCategory"]}
IDS: Ids = {**CATEGORIES, **{row["bank_name"]: row["id_bank"] for row in REFERENCE["Bank"]}}
# A change of it gives other rows to all who repeat a random seed: on purpose only.
DIGEST = "56085a99fd179b2f06861541cd99e58fdc19416ce9eb7900e9195a17aeb64739"


def blocks(transactions: int, random_seed: int = 42) -> list[Block]:
    return [make_block(random_seed, n, rows_of(n, transactions), IDS) for n in blocks_of(transactions)]


@pytest.fixture(scope="module")
def made() -> list[Block]:
    """One whole cycle: people, and a merchant over two blocks."""
    return blocks(10 * BLOCK_ROWS)


def test_the_same_random_seed_gives_the_same_rows() -> None:
    digest = hashlib.sha256(repr(blocks(12_345)).encode()).hexdigest()
    assert digest == DIGEST
    assert hashlib.sha256(repr(blocks(12_345, random_seed=43)).encode()).hexdigest() != digest


@pytest.fixture
def quick_switches() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("quick_switches")
def test_connections_that_load_side_by_side_invent_the_same_people() -> None:
    sources = [f"42/{n}" for n in range(1000)]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(invent, sources)) == list(map(invent, sources))


def test_the_rows_of_a_smaller_number_are_the_first_of_a_greater_one(made: list[Block]) -> None:
    (first, cut) = blocks(12_345)
    assert first == made[0]
    assert cut.transactions == made[1].transactions[:2_345]
    assert sum(batch["batch_size"] for batch in cut.batches) == 2_345
    assert cut.batches[:-1] == made[1].batches[: len(cut.batches) - 1]


def test_every_id_is_a_uuid_of_its_own_and_ascends(made: list[Block]) -> None:
    keys = [
        [row[0] for block in made for row in block.transactions],
        [batch["id_batch"] for block in made for batch in block.batches],
        [user["id_user"] for block in made[:9] for user in block.users],
    ]
    for ids in keys:
        assert sorted(set(ids)) == ids
        assert all(UUID(text).variant == RFC_4122 and str(UUID(text)) == text for text in ids)
    assert made[8].users == made[9].users


def test_the_services_can_read_every_row(made: list[Block]) -> None:
    for block in made:
        users = {user["id_user"] for user in block.users}
        sizes = {batch["id_batch"]: batch["batch_size"] for batch in block.batches}
        assert {info["id_user"] for info in block.infos} == users
        assert Counter(row[4] for row in block.transactions) == sizes
        assert {row[1] for row in block.transactions} == users
        assert {row[2] for row in block.transactions} == set(CATEGORIES.values())
        assert {row[3] for row in block.transactions} <= set(IDS.values()) - set(CATEGORIES.values())
        assert {row[8] for row in block.transactions} == {"income", "expense"}
        for row in block.transactions:
            assert Decimal("0.00") < Decimal(row[6]) < Decimal("1e13")
            assert Decimal(row[6]).as_tuple().exponent == -2
            assert row[7][:7] in MONTHS


def test_users_differ_in_their_number_of_transactions(made: list[Block]) -> None:
    rows = Counter(row[1] for block in made for row in block.transactions)
    sizes = Counter(rows.values())
    assert sizes[20_000] == 1
    assert sizes[500] == 64
    assert len(rows) == 161
    assert {user["role"] for block in made for user in block.users} == {"USER"}
    assert {user["password"] for block in made for user in block.users} == {None}


def test_salary_and_rent_come_once_in_each_month(made: list[Block]) -> None:
    for name, category, kind in (
        ("Nómina ", "Transferencias_Ingresos", "income"),
        ("Arriendo ", "Vivienda_Arriendo", "expense"),
    ):
        found = [row for block in made for row in block.transactions if row[5].startswith(name)]
        assert Counter((row[1], row[7][:7]) for row in found).most_common(1)[0][1] == 1
        assert len(found) == 161 * len(MONTHS)
        assert {(row[2], row[8]) for row in found} == {(CATEGORIES[category], kind)}
