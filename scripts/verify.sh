#!/usr/bin/env bash
# verify.sh COMMAND...: run it, playbooks/verify.yml, and exit with 0 if all holds, 3 if everything answers but something
# differs from what is declared, 2 if something is broken or the play could not be run. ansible-playbook exits with 2 for
# both, so the play leaves its verdict in a file.
set -uo pipefail
verdict=$(mktemp)
trap 'rm -f "$verdict"' EXIT
"$@" --extra-vars "verify_verdict_file=$verdict" && exit 0
[ "$(<"$verdict")" != drift ] || exit 3
exit 2
