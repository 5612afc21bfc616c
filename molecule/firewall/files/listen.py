"""Accept connections on the ports named as arguments, so that a scenario sees which of them a firewall lets through."""

import selectors
import socket
import sys

selector = selectors.DefaultSelector()
for port in sys.argv[1:]:
    selector.register(
        socket.create_server(("::", int(port)), family=socket.AF_INET6, dualstack_ipv6=True), selectors.EVENT_READ
    )
while True:
    for key, _ in selector.select():
        # Typed as all that a selector takes; these are the sockets from above.
        key.fileobj.accept()[0].close()  # type: ignore[union-attr]
