#!/usr/bin/env bash
# Put the project's commands on PATH where nobody else provides them, so that `ansible-playbook playbooks/site.yml`
# works at the root without activating .venv. `make unlink` takes them away.
set -euo pipefail
cd "$(dirname "$0")/.."

# What make has put on PATH for itself does not count as provided.
PATH=${PATH//"$PWD/.venv/bin:"/}
commands="ansible ansible-playbook ansible-inventory ansible-vault ansible-galaxy ansible-lint molecule alembic"
target=$HOME/.local/bin
[ "$(id -u)" = 0 ] && target=/usr/local/bin
case ":$PATH:" in *":$target:"*) ;; *) echo "Type '. .venv/bin/activate' before the bare commands: $target is not on PATH"; exit 0 ;; esac
mkdir -p "$target"

for command in $commands; do
  link=$target/$command
  if [ "${1:-}" = remove ]; then
    if [[ "$(readlink "$link" || true)" == */scripts/run_in_venv.sh ]]; then rm "$link"; fi
    continue
  fi
  # Ours from another or a deleted checkout is replaced; anybody else's command is left alone.
  if [ -L "$link" ] && [[ "$(readlink "$link")" == */scripts/run_in_venv.sh ]]; then
    ln -sfn "$PWD/scripts/run_in_venv.sh" "$link"
  elif ! command -v "$command" >/dev/null; then
    ln -s "$PWD/scripts/run_in_venv.sh" "$link"
  fi
done
