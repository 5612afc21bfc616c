#!/usr/bin/env bash
# logs.sh SERVICE...: the containers' logs, each line with its service's name; FOLLOW=1 goes on until interrupted.
set -euo pipefail
prefix=${PREFIX:-flowlite}
options=(--tail "${TAIL:-200}")
[ -n "${FOLLOW:-}" ] && options+=(--follow)
trap 'kill $(jobs -p) 2>/dev/null' INT TERM
for service in "$@"; do
  docker logs "${options[@]}" "$prefix-$service" 2>&1 | sed -u "s/^/$service | /" &
  # One after the other unless they are followed: a person reads them from top to bottom.
  [ -n "${FOLLOW:-}" ] || wait $!
done
wait
