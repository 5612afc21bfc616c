#!/usr/bin/env bash
# test.sh fast|slow: everything runs, also after a failure; the last line counts. Each Molecule scenario cleans up after
# itself, and what an aborted run left is removed at the end.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
export PATH="$PWD/.venv/bin:$PATH" ANSIBLE_FORCE_COLOR=0 PY_COLORS=0
fast=(default mysql rabbitmq redis db_schema redis_package rabbitmq_package mysql_package)
# The package back-end runs on trixie under `fast`, on the other releases of Debian under `slow`.
suites=(bookworm sid)
passed=0
failed=()
cleanup() {
  docker info >/dev/null 2>&1 || return
  docker ps --all --quiet --filter name=flowlite-test- --filter name=flowlite-pytest- | xargs -r docker rm --force >/dev/null
  docker network ls --quiet --filter name=flowlite-test- --filter name=flowlite-pytest- | xargs -r docker network rm >/dev/null
  docker volume ls --quiet --filter name=flowlite-test- --filter name=flowlite-pytest- | xargs -r docker volume rm >/dev/null
}
trap cleanup EXIT

# step NAME COMMAND...: the output of a passing step stays in its log; of a failing one the end is shown.
step() {
  local name=$1 start=$SECONDS log
  shift
  log=$(mktemp)
  printf '%-28s' "$name"
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    printf 'passed %4d s  %s\n' $((SECONDS - start)) "$(grep -E '^[0-9]+ passed' "$log" | tail -n 1)"
  else
    failed+=("$name")
    printf 'FAILED %4d s\n' $((SECONDS - start))
    tail -n 150 "$log"
  fi
  rm -f "$log"
}

case "$1" in
  fast)
    step lint scripts/lint.sh
    step "engine and images" ansible-playbook playbooks/images.yml
    step pytest pytest -m "not slow and not deployment"
    for scenario in "${fast[@]}"; do step "molecule $scenario" molecule test --scenario-name "$scenario"; done
    ;;
  slow)
    step "engine and images" ansible-playbook playbooks/images.yml
    step "pytest, slow" pytest -m "slow and not deployment"
    for file in molecule/*/molecule.yml; do
      scenario=$(basename "$(dirname "$file")")
      [[ " ${fast[*]} " == *" $scenario "* ]] || step "molecule $scenario" molecule test --scenario-name "$scenario"
    done
    for file in molecule/*_package/molecule.yml; do
      scenario=$(basename "$(dirname "$file")")
      for suite in "${suites[@]}"; do
        step "molecule $scenario $suite" env FLOWLITE_TEST_SUITE="$suite" molecule test --scenario-name "$scenario"
      done
    done
    ;;
esac
[ ${#failed[@]} = 0 ] || printf 'failed: %s\n' "${failed[*]}"
echo "$passed passed, ${#failed[@]} failed"
[ ${#failed[@]} = 0 ]
