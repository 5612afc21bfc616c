#!/usr/bin/env bash
# Undoes an upgrade: the data directory $1 and the files $3... are again what keep.sh has put into the directory $2.
set -euo pipefail
data=$1 kept=$2
shift 2
find "$data" -mindepth 1 -delete
cp -a --reflink=auto "$kept/data/." "$data/"
rm -rf "$@"
tar --extract --absolute-names --file "$kept/files.tar"
sync
