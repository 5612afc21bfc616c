"""What of the generated rows is in the database already."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from errors import FlowliteError
from models import Base
from seed.reference_rows import COLUMNS, reference_rows
from seed.volume.blocks import Ids, blocks_of, rows_of
from seed.volume.keys import PREFIX_LENGTH, block_prefix, key_range

TRANSACTION = Base.metadata.tables["Transaction"]
NAMED = ("TransactionCategory", "Bank")


@dataclass(frozen=True)
class Inventory:
    """The generated transactions of a random seed; `todo` holds the blocks that lack rows, with their full number."""

    there: int
    missing: int
    todo: dict[int, int]


def take_inventory(connection: Connection, random_seed: int, transactions: int) -> Inventory:
    """Count by block: rows that are there are known by their ids, whatever run or part of a run brought them."""
    key = TRANSACTION.c.id_transaction
    prefix = sa.func.left(key, PREFIX_LENGTH)
    query = sa.select(prefix, sa.func.count()).where(key.between(*key_range(random_seed))).group_by(prefix)
    found = {row[0]: row[1] for row in connection.execute(query)}
    lacking = {}
    for block in blocks_of(transactions):
        wanted = rows_of(block, transactions)
        if (lacks := wanted - found.get(block_prefix(random_seed, block), 0)) > 0:
            lacking[block] = (wanted, lacks)
    return Inventory(
        there=sum(found.values()),
        missing=sum(lacks for _, lacks in lacking.values()),
        todo={block: wanted for block, (wanted, _) in lacking.items()},
    )


def reference_ids(connection: Connection) -> Ids:
    """The ids of categories and banks by name; raises FlowliteError if any is missing."""
    ids: Ids = {}
    for table_name in NAMED:
        key, name = COLUMNS[table_name]
        table = Base.metadata.tables[table_name]
        ids |= {row[0]: row[1] for row in connection.execute(sa.select(table.c[name], table.c[key]))}
        wanted = {row[name] for row in reference_rows()[table_name]}
        if missing := sorted(wanted - ids.keys()):
            raise FlowliteError(
                f"{table_name} lacks {', '.join(missing)}, which generated transactions point at: run "
                "playbooks/seed.yml (by hand: seed_database.py) first. Nothing was written."
            )
    return ids


def existing(connection: Connection, table: sa.Table, ids: list[str]) -> set[str]:
    """Those of the ascending ids that the table has.

    By their range: a list of thousands is more than the optimizer takes, and would be looked for in the whole table.
    """
    (key,) = table.primary_key.columns
    return set(connection.scalars(sa.select(key).where(key.between(ids[0], ids[-1])))).intersection(ids)
