#!/bin/sh
# Undoes place_redis.sh in the data directory $0, however far it came.
set -eu
cd "$0"
[ -e appendonlydir.before-restore ] || exit 0
rm -rf appendonlydir
mv appendonlydir.before-restore appendonlydir
