#!/usr/bin/env bash
# Copies the data directory $1 and the files $3... into the directory $2, beside what is there; its name says when it
# is whole.
set -euo pipefail
data=$1 kept=$2
shift 2
cp -a --reflink=auto "$data" "$kept.incomplete/data"
there=()
for path in "$@"; do [ ! -e "$path" ] || there+=("$path"); done
tar --create --absolute-names --file "$kept.incomplete/files.tar" "${there[@]}"
sync
mv "$kept.incomplete" "$kept"
