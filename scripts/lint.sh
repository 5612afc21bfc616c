#!/usr/bin/env bash
# All linters; every one runs, then the result is told.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
export PATH="$PWD/.venv/bin:$PATH"
failed=()
run() {
  echo "--- $1"
  shift
  "$@" || failed+=("$1")
}
mapfile -t shell < <(git ls-files '*.sh' .ci/run)
mapfile -t dockerfiles < <(git ls-files '*Dockerfile*')
# A tracked .venv would replace the one of whoever pulls.
run "nothing ignored is tracked" test -z "$(git ls-files --cached --ignored --exclude-standard)"
run yamllint yamllint --strict .
run ansible-lint ansible-lint --offline
run shellcheck shellcheck "${shell[@]}"
run hadolint hadolint "${dockerfiles[@]}"
run ruff ruff check .
run "ruff format" ruff format --check .
run mypy mypy
[ ${#failed[@]} = 0 ] || { echo "lint: ${failed[*]} failed"; exit 1; }
echo "lint: clean"
