"""Where a process and its children can be reached from other hosts."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import struct
from pathlib import Path

LISTENS = "0A"


def address(text: str) -> str:
    """Return an address of /proc/net/tcp, which is words of the host's byte order, as a person writes it."""
    packed = b"".join(struct.pack("=I", int(text[start : start + 8], 16)) for start in range(0, len(text), 8))
    if len(packed) == 4:
        return socket.inet_ntop(socket.AF_INET, packed)
    found = ipaddress.IPv6Address(packed)
    return str(found.ipv4_mapped or found)


def family(pid: int) -> set[int]:
    """Return a process and all below it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
    found, size = {pid}, 0
    while len(found) != size:
        size = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def sockets(pid: int) -> set[str]:
    """Return the numbers of a process' sockets."""
    found = set()
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        with contextlib.suppress(OSError):
            name = os.readlink(link)
            if name.startswith("socket:["):
                found.add(name[len("socket:[") : -1])
    return found


def listening(pid: int) -> set[str]:
    """Return ``address:port`` of each TCP socket on which the process or one below it waits, loopback left out."""
    own = {number for member in family(pid) for number in sockets(member)}
    places = set()
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                host, _, port = fields[1].partition(":")
                if fields[3] == LISTENS and fields[9] in own:
                    places.add((address(host), int(port, 16)))
    return {f"{host}:{port}" for host, port in places if not ipaddress.ip_address(host).is_loopback}
