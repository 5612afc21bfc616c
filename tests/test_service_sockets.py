"""Where a process listens, as /proc tells it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from plugin import load

sockets = load("roles/package_host/module_utils/service_sockets.py")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0100007F", "127.0.0.1"),
        ("00000000", "0.0.0.0"),
        ("00000000000000000000000000000000", "::"),
        ("0000000000000000FFFF00000100007F", "127.0.0.1"),
    ],
)
def test_addresses(text: str, address: str) -> None:
    if sys.byteorder == "little":
        assert sockets.address(text) == address


def test_own_sockets_are_found_and_loopback_is_left_out() -> None:
    with socket.create_server(("0.0.0.0", 0)) as everywhere, socket.create_server(("127.0.0.1", 0)) as here:
        found = sockets.listening(os.getpid())
        assert f"0.0.0.0:{everywhere.getsockname()[1]}" in found
        assert not any(place.endswith(f":{here.getsockname()[1]}") for place in found)
        with subprocess.Popen(["sleep", "30"]) as other:
            assert sockets.listening(other.pid) == set()
            other.kill()
