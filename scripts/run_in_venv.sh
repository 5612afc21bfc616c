#!/usr/bin/env bash
# Run the command by whose name this is called from the .venv of the checkout around the current directory.
set -euo pipefail
command=$(basename "$0")
home=$(dirname "$(dirname "$(readlink -f "$0")")")
directory=$PWD
while [ "$directory" != / ] && [ ! -x "$directory/.venv/bin/$command" ]; do directory=$(dirname "$directory"); done
[ -x "$directory/.venv/bin/$command" ] || directory=$home
[ -x "$directory/.venv/bin/$command" ] || { echo "$command: run 'make setup' in $home first" >&2; exit 127; }
export PATH="$directory/.venv/bin:$PATH"
exec "$directory/.venv/bin/$command" "$@"
