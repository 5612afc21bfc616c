#!/bin/sh
# Starts the shell command $2 as the user $1 in the directory $0, which it sees as /tmp, and returns. What it starts has
# no network but a loopback of its own, only reads the directories named last, and ends when its first process does.
set -eu
apart='unshare --mount --net --ipc --pid --fork --kill-child --mount-proc'
$apart true

# By this variable enter.sh and end.sh know its processes, whatever their numbers.
PATH=/usr/lib/rabbitmq/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH FLOWLITE_ISOLATED="$0" HOME=/tmp
# The shell stays the first process: a server may overwrite its environment to show a title.
# shellcheck disable=SC2016
inside='
  set -eu
  user=$1 command=$2
  shift 2
  for path in "$@"; do mount --bind "$path" "$path"; mount -o remount,bind,ro "$path"; done
  mount --bind "$0" /tmp
  cd /tmp
  ip link set lo up
  setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs sh -c "$command" &
  wait'
# shellcheck disable=SC2086  # words
setsid --fork $apart sh -c "$inside" "$0" "$@" </dev/null >"$0/output" 2>&1
