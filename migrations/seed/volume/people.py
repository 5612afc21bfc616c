"""The generated users: who they are, what they earn, and how many transactions each has in a block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from seed.data_files import load
from seed.reference_rows import reference_rows
from seed.volume.identities import invent
from seed.volume.keys import block_prefix, key

# Transactions in a block, which is loaded whole or not at all.
BLOCK_ROWS = 10_000
MONTHS = tuple(f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13))
# Eight blocks of twenty people each, then two of one merchant with 20,000 transactions.
PEOPLE_BLOCKS = 8
CYCLE = 10
PEOPLE_ROWS = (1500, 1000, 800, 700, *(500,) * 8, *(300,) * 4, *(200,) * 4)
LEAST_SALARY, MOST_SALARY = 1_423_500, 14_000_000


@dataclass(frozen=True)
class Person:
    """A user with the rows of User and UserInfo, and what comes back every month."""

    user: dict[str, Any]
    info: dict[str, Any]
    bank: str
    salary: int
    rent: int
    employer: str
    home: str


@dataclass(frozen=True)
class Share:
    """A person's part of a block: `rows` transactions, spread evenly over the months."""

    person: Person
    months: tuple[str, ...]
    rows: int

    def rows_of(self, month: str) -> int:
        """The transactions of one month."""
        number = self.months.index(month)
        each, rest = divmod(self.rows, len(self.months))
        return each + (number < rest)


def shares(random_seed: int, block: int) -> list[Share]:
    """Who has transactions in a block."""
    place = block % CYCLE
    if place < PEOPLE_BLOCKS:
        return [Share(person(random_seed, block, n), MONTHS, rows) for n, rows in enumerate(PEOPLE_ROWS)]
    half = len(MONTHS) // 2
    first = place == PEOPLE_BLOCKS
    merchant = person(random_seed, block if first else block - 1, 0)
    return [Share(merchant, MONTHS[:half] if first else MONTHS[half:], BLOCK_ROWS)]


def person(random_seed: int, block: int, position: int) -> Person:
    """The user at a position of a block."""
    source = f"{random_seed}/{block}/user/{position}"
    chance = Random(source)
    names = _people()
    city, department = chance.choice(names["cities"])
    number = block * len(PEOPLE_ROWS) + position
    invented = invent(source)
    username = f"{invented.login}.{random_seed}.{number}"
    salary = int(LEAST_SALARY * (MOST_SALARY / LEAST_SALARY) ** (chance.random() ** 2)) // 1000 * 1000
    id_user = key(block_prefix(random_seed, block), position, chance.getrandbits(48))
    return Person(
        # Without a password nobody can log in as a user that does not exist.
        user={"id_user": id_user, "username": username, "email": f"{username}@example.com", "password": None}
        | {"role": "USER", "active": chance.random() < 0.97},
        info={"id_user": id_user}
        | invented.info
        | {"ciudad": city, "departamento": department, "pais": "Colombia"}
        | {"numeroIdentificacion": str(1_010_000_000 + number), "tipoIdentificacion": "CC"},
        bank=chance.choice(_banks()),
        salary=salary,
        rent=int(salary * (0.2 + 0.2 * chance.random())) // 1000 * 1000,
        employer=chance.choice(names["employers"]),
        home=chance.choice(names["homes"]),
    )


@cache
def _people() -> dict[str, Any]:
    return dict(load("volume/people.yml"))


@cache
def _banks() -> list[str]:
    return [row["bank_name"] for row in reference_rows()["Bank"]]
