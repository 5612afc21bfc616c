#!/bin/sh
# Undoes what was done to the old container $1, however far that came: $2 is the new one, $3 its deployment, and $4 says
# whether the old one is to be started.
set -eu
if docker inspect "$1-adopting" >/dev/null 2>&1; then
  made=$(docker inspect --format '{{ index .Config.Labels "io.flowlite.deployment" }}' "$2" 2>/dev/null || true)
  [ "$made" != "$3" ] || docker rm --force --volumes "$2"
  docker rename "$1-adopting" "$1"
fi
[ "$4" = leave ] || docker start "$1"
