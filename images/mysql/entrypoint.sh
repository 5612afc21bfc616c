#!/usr/bin/env bash
# The part of the official image's interface that roles/mysql uses: an empty data directory is initialised with
# root@localhost and the password in MYSQL_ROOT_PASSWORD_FILE; an existing one is left alone. Started as uid 999.
set -euo pipefail

data=/var/lib/mysql
if [ "${1:-}" = mysqld ] && [ ! -d "$data/mysql" ]; then
  [ -r "${MYSQL_ROOT_PASSWORD_FILE:-}" ] || { echo >&2 "MYSQL_ROOT_PASSWORD_FILE names no readable file"; exit 1; }
  # Initialised in a directory beside and moved into place, mysql/ last: a start that was killed half way is begun
  # again instead of being taken for a database without a root password.
  new="$data/.initialising"
  rm -rf "$new"
  umask 077
  password=$(sed "s/[\\\\']/\\\\&/g" "$MYSQL_ROOT_PASSWORD_FILE")
  printf "ALTER USER root@localhost IDENTIFIED BY '%s';\n" "$password" >/tmp/first.sql
  unset password
  mysqld --initialize-insecure --datadir="$new" --skip-log-bin --init-file=/tmp/first.sql
  rm /tmp/first.sql
  umask 022
  find "$new" -mindepth 1 -maxdepth 1 ! -name mysql -exec mv -t "$data" {} +
  mv "$new/mysql" "$data/mysql"
  rmdir "$new"
fi
exec "$@"
