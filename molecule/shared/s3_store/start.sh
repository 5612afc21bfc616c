#!/bin/sh
# All four servers; when one ends, so does the container.
set -eu
mkdir -p /srv/node/disk /var/cache/swift
chown -R swift:swift /srv/node /var/cache/swift
for kind in account container object proxy; do
  # The object server's module is called obj.
  { python3 -m "swift.${kind%ect}.server" "/etc/swift/$kind-server.conf" || true; kill 1; } &
done
wait
