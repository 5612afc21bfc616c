#!/usr/bin/env bash
# Initialises an empty data directory; root@localhost gets the password in MYSQL_ROOT_PASSWORD_FILE.
set -euo pipefail

mariadb-install-db --auth-root-authentication-method=normal --skip-test-db >/dev/null
printf "SET PASSWORD FOR root@localhost = PASSWORD('%s');\n" "$(cat "$MYSQL_ROOT_PASSWORD_FILE")" >/tmp/first.sql
exec "$@" --init-file=/tmp/first.sql
