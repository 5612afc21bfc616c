#!/usr/bin/env bash
# Gives user $1 the password on standard input and the tag administrator; creates the user where there is none.
set -euo pipefail
password=$(cat)
ctl() { timeout 60 rabbitmqctl "$@"; }

command=add_user
if ctl --quiet list_users --no-table-headers </dev/null | cut -f1 | grep -qxF -- "$1"; then
  command=change_password
fi
# printf is a builtin: the password is in no process's arguments. rabbitmqctl reads standard input only when it has
# exactly two arguments: a --quiet would make it wait for ever.
printf '%s' "$password" | ctl "$command" "$1"
ctl set_user_tags "$1" administrator </dev/null
