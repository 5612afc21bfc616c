#!/usr/bin/env bash
# Makes user $1, anew, with the password on standard input: it moves messages of every virtual host, and as whoever is
# named in them.
set -euo pipefail
password=$(cat)
rabbitmqctl --quiet delete_user "$1" >/dev/null 2>&1 </dev/null || true
# printf is a builtin: the password is in no process's arguments.
printf '%s' "$password" | rabbitmqctl add_user "$1"
rabbitmqctl set_user_tags "$1" administrator impersonator </dev/null
rabbitmqctl --quiet list_vhosts --no-table-headers </dev/null | while IFS= read -r vhost; do
  rabbitmqctl set_permissions --vhost "$vhost" "$1" '.*' '.*' '.*' </dev/null
done
