#!/bin/sh
# An engine in this host makes control groups of its own: what is there of them is this host's, but mounted read-only.
for tree in /sys/fs/cgroup/ /sys/fs/cgroup/*/; do
  if mountpoint -q "$tree"; then mount -o remount,bind,rw "$tree"; fi
done
exec /sbin/init
