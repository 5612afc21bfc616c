"""The ids of seeded rows: the same in every database, so that a row is known again."""

from __future__ import annotations

from uuid import UUID, uuid5

# Never change it: every seeded id follows from it.
NAMESPACE = UUID("7d1a3c58-5f0e-4c0b-9a55-0f10f1173b5e")


def row_id(table: str, *natural_key: str) -> str:
    """The UUIDv5 of a table's row, from what names the row for a person."""
    return str(uuid5(NAMESPACE, "/".join((table, *natural_key))))
