#!/bin/sh
# Runs a command as the user $1 beside the server that isolate.sh started in the directory $0.
directory=$0 user=$1
shift
# The first process of the namespace, which needs a moment until it is there.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  first=$(grep -lszFx "FLOWLITE_ISOLATED=$directory" /proc/[0-9]*/environ | while read -r found; do
    ! grep -qs '^NSpid:.*[[:space:]]1$' "${found%environ}status" || echo "$found" | cut -d/ -f3
  done)
  [ -z "$first" ] || break
  sleep 0.2
done
if [ -z "$first" ]; then
  echo "the isolated server in $directory is not running: $(tail -n 5 "$directory/output" 2>&1)" >&2
  exit 1
fi
exec nsenter --target "$first" --mount --net --ipc --pid --wd=/tmp \
  setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs \
  env PATH=/usr/lib/rabbitmq/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp "$@"
