"""A file of messages, one a line, and checksums over all that a message is."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    import pika
    from pika import data as wire
except ImportError:
    pika = None

PROPERTIES = (
    "content_type",
    "content_encoding",
    "delivery_mode",
    "priority",
    "correlation_id",
    "reply_to",
    "expiration",
    "message_id",
    "timestamp",
    "type",
    "user_id",
    "app_id",
)
# Set by the server for each delivery.
SERVERS_OWN = ("x-delivery-count", "x-acquired-count")


def keep_fractions() -> None:
    """Have pika keep a header that is a fraction: by itself it cuts it when reading, and refuses to write it."""
    others, read_others = wire.encode_value, wire.decode_value

    def encode_value(pieces: list[bytes], value: Any) -> int:
        if isinstance(value, float):
            pieces.append(struct.pack(">cd", b"d", value))
            return 9
        return int(others(pieces, value))

    def decode_value(encoded: bytes, offset: int) -> tuple[Any, int]:
        kind = encoded[offset : offset + 1]
        if kind in (b"f", b"d"):
            (value,) = struct.unpack_from(b">" + kind, encoded, offset + 1)
            return value, offset + (9 if kind == b"d" else 5)
        found: tuple[Any, int] = read_others(encoded, offset)
        return found

    wire.encode_value, wire.decode_value = encode_value, decode_value


def line_of(properties: Any, body: bytes) -> bytes:
    """Return a message as a line: properties, headers and body."""
    headers = {name: value for name, value in (properties.headers or {}).items() if name not in SERVERS_OWN}
    written = {
        "properties": {name: value for name in PROPERTIES if (value := getattr(properties, name)) is not None},
        "headers": packed(headers),
        "body": base64.b64encode(body).decode(),
    }
    return json.dumps(written, sort_keys=True).encode()


def message_of(line: bytes) -> tuple[Any, bytes]:
    """Return properties and body of a line."""
    read = json.loads(line)
    headers = unpacked(read["headers"])
    return pika.BasicProperties(headers=headers or None, **read["properties"]), base64.b64decode(read["body"])


def packed(value: Any) -> Any:
    """Return a header's value so that JSON keeps its type."""
    if isinstance(value, dict):
        return {"dict": {name: packed(inner) for name, inner in value.items()}}
    if isinstance(value, list):
        return {"list": [packed(inner) for inner in value]}
    if isinstance(value, bytes | bytearray):
        return {"bytes": base64.b64encode(value).decode()}
    if value is None or isinstance(value, bool | str | float):
        return {"plain": value}
    if isinstance(value, int):
        # pika reads a 64-bit number as a type of its own, and writes it so again.
        return {"long" if type(value) is not int else "plain": int(value)}
    return {type(value).__name__: value.isoformat() if hasattr(value, "isoformat") else str(value)}


def unpacked(value: Any) -> Any:
    """Return what packed() was given."""
    ((kind, inner),) = value.items()
    if kind == "dict":
        return {name: unpacked(each) for name, each in inner.items()}
    if kind == "list":
        return [unpacked(each) for each in inner]
    if kind == "bytes":
        return base64.b64decode(inner)
    if kind == "long":
        return pika.compat.long(inner)
    if kind == "plain":
        return inner
    raise ValueError(f"a header of type {kind} cannot be moved")


def read(path: Path) -> Iterator[tuple[tuple[str, str], bytes]]:
    """Return each message of a file as (virtual host, queue) and line."""
    with gzip.open(path, "rb") as file:
        for row in file:
            place, _, line = row.rstrip(b"\n").partition(b"\t")
            vhost, queue = json.loads(place)
            yield (vhost, queue), line


class Sums:
    """How many messages each queue has, and a hash over them in their order."""

    def __init__(self) -> None:
        """Begin with none."""
        self.counts: dict[tuple[str, str], int] = {}
        self.hashes: dict[tuple[str, str], Any] = {}

    def add(self, place: tuple[str, str], line: bytes) -> None:
        """Take one more message."""
        self.counts[place] = self.counts.get(place, 0) + 1
        self.hashes.setdefault(place, hashlib.sha256()).update(line + b"\n")

    def listed(self) -> list[dict[str, Any]]:
        """Return them for a receipt."""
        return [
            {"vhost": place[0], "queue": place[1], "messages": count, "sha256": self.hashes[place].hexdigest()}
            for place, count in sorted(self.counts.items())
        ]
