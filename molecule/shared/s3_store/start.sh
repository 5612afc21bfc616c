#!/bin/sh
# All four servers; when one ends, so does the container.
set -eu
mkdir -p /srv/node/disk /var/cache/swift
chown -R swift:swift /srv/node /var/cache/swift
for kind in account container object proxy; do
  { "swift-$kind-server" "/etc/swift/$kind-server.conf" || true; kill 1; } &
done
wait
