"""Names, addresses and telephone numbers of Colombians who do not exist, by Faker.

Only what nothing else follows from is taken from Faker: its lists change with its versions, and the transactions of a
random seed are to be the same with each.
"""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Faker

# Seeding and drawing belong together, and two threads load.
_drawing = threading.Lock()


@dataclass(frozen=True)
class Identity:
    """What a login begins with, and columns of UserInfo."""

    login: str
    info: dict[str, str | None]


def invent(source: str) -> Identity:
    """The person that this text stands for; in one version of Faker the same each time."""
    with _drawing:
        fake = _faker()
        fake.seed_instance(source)
        given_name = fake.random_element((fake.first_name_female, fake.first_name_male))
        first, second = given_name(), given_name()
        family = fake.last_name()
        info = {
            "primerNombre": first,
            "segundoNombre": None if second == first else second,
            "primerApellido": family,
            "segundoApellido": fake.last_name(),
            # No number that starts like this rings at anybody's.
            "telefono": fake.numerify("+57 3## 555 ####"),
            "direccion": fake.street_address(),
        }
    return Identity(f"{_plain(first)}.{_plain(family)}", info)


@cache
def _faker() -> Faker:
    # Who generates nothing need not have it, nor wait for its import.
    from faker import Faker

    return Faker("es_CO")


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(filter(str.isalnum, letters))
