#!/usr/bin/env bash
# test.sh fast|slow: everything runs, also after a failure; the last line counts. Each Molecule scenario cleans up after
# itself, and what an aborted run left is removed at the end.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
export PATH="$PWD/.venv/bin:$PATH" ANSIBLE_FORCE_COLOR=0 PY_COLORS=0
fast=(default mysql rabbitmq redis db_schema redis_package rabbitmq_package mysql_package)
# The package back-end runs on trixie in every scenario; each role and the whole site under `slow` on these releases too,
# any other scenario by FLOWLITE_TEST_SUITE (docs/versions.md).
suites=(bookworm sid)
# The longest begin first, so that none is alone at the end.
first=(backup upgrade drill backup_package upgrade_package rotate_package)
results=$(mktemp)
cleanup() {
  rm -f "$results"
  docker info >/dev/null 2>&1 || return
  docker ps --all --quiet --filter name=flowlite-test- --filter name=flowlite-pytest- | xargs -r docker rm --force --volumes >/dev/null
  docker network ls --quiet --filter name=flowlite-test- --filter name=flowlite-pytest- | xargs -r docker network rm >/dev/null
  docker volume ls --quiet --filter name=flowlite-test- --filter name=flowlite-pytest- | xargs -r docker volume rm >/dev/null
}
trap cleanup EXIT

# step NAME COMMAND...: the output of a passing step stays in its log; of a failing one the end is shown.
step() {
  local name=$1 start=$SECONDS log
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    echo passed >>"$results"
    printf '%-30s passed %4d s  %s\n' "$name" $((SECONDS - start)) "$(grep -E '^[0-9]+ passed' "$log" | tail -n 1)"
  else
    echo "failed $name" >>"$results"
    printf '%-30s FAILED %4d s\n%s\n' "$name" $((SECONDS - start)) "$(tail -n 150 "$log")"
  fi
  rm -f "$log"
}

# scenario NAME [SUITE]: one suite of a scenario at a time, for its hosts have the same names on each.
scenario() {
  step "molecule $*" env ${2:+FLOWLITE_TEST_SUITE="$2"} flock "molecule/$1/molecule.yml" molecule test --scenario-name "$1"
}

tests() {
  case "$1" in
    fast)
      echo "step pytest pytest -m 'not slow and not deployment'"
      echo "step lint scripts/lint.sh"
      printf 'scenario %s\n' "${fast[@]}"
      ;;
    slow)
      echo "step 'pytest, slow' pytest -m 'slow and not deployment'"
      printf 'scenario %s\n' "${first[@]}"
      for file in molecule/*/molecule.yml; do
        name=$(basename "$(dirname "$file")")
        [[ " ${fast[*]} ${first[*]} " == *" $name "* ]] || echo "scenario $name"
      done
      for suite in "${suites[@]}"; do
        for name in site_package "${fast[@]}"; do [[ $name != *_package ]] || echo "scenario $name $suite"; done
      done
      ;;
  esac
}

step "engine and images" ansible-playbook playbooks/images.yml
# Three at a time on two cores: each waits for servers now and then.
export results
export -f step scenario
tests "$1" | tr '\n' '\0' | xargs --null --max-args 1 --max-procs 3 bash -c
sed -n 's/^failed /failed: /p' "$results"
failures=$(grep -c '^failed' "$results")
echo "$(grep -c '^passed' "$results") passed, $failures failed"
[ "$failures" = 0 ]
