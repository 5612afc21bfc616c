"""Print, as JSON, which of the ports named last answer on each address: --address A --address B PORT..."""

import argparse
import json
import socket
from concurrent.futures import ThreadPoolExecutor

SECONDS = 3


def answers(address: str, port: int) -> bool:
    """Return whether somebody accepts a connection."""
    try:
        socket.create_connection((address, port), SECONDS).close()
    except OSError:
        return False
    return True


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--address", action="append", required=True)
parser.add_argument("port", type=int, nargs="+")
given = parser.parse_args()
with ThreadPoolExecutor(32) as pool:
    tried = {address: [pool.submit(answers, address, port) for port in given.port] for address in given.address}
print(
    json.dumps(
        {
            address: [port for port, future in zip(given.port, futures, strict=True) if future.result()]
            for address, futures in tried.items()
        }
    )
)
