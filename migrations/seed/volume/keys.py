"""Ids of generated rows: version 8 UUIDs that ascend in the order of loading.

InnoDB stores a table in the order of its key: ascending keys fill one page after the other. Digits 1 to 8 are the
random seed, then follow the block, the row's position in the block, and digits from the random generator.
"""

from __future__ import annotations

BLOCK_BITS = 28
SEED_BITS = 32
# The position has the 14 bits that the variant leaves in its group of digits.
POSITIONS = 1 << 14
PREFIX_LENGTH = len("0000002a-0000-8000")


def block_prefix(random_seed: int, block: int) -> str:
    """What the ids of a block begin with, PREFIX_LENGTH characters."""
    return f"{random_seed:08x}-{block >> 12:04x}-8{block & 0xFFF:03x}"


def key(prefix: str, position: int, digits: int) -> str:
    """The id at a position of the block; `digits` is any number of 48 bits."""
    return f"{prefix}-{0x8000 | position:04x}-{digits:012x}"


def key_range(random_seed: int) -> tuple[str, str]:
    """The least and the greatest text that an id of this random seed can be."""
    return f"{random_seed:08x}-", f"{random_seed:08x}-ffff-ffff-ffff-ffffffffffff"
