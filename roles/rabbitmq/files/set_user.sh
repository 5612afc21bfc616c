#!/usr/bin/env bash
# Gives user $1 the password on standard input and the tag administrator; creates the user where there is none.
set -euo pipefail
password=$(cat)
command=add_user
if rabbitmqctl --quiet list_users --no-table-headers </dev/null | cut -f1 | grep -qxF -- "$1"; then
  command=change_password
fi
# printf is a builtin: the password is in no process's arguments.
printf '%s' "$password" | rabbitmqctl --quiet "$command" "$1"
rabbitmqctl --quiet set_user_tags "$1" administrator </dev/null
