#!/usr/bin/env bash
# Create .venv with all that the project needs; nothing to do when it is current.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.venv/requirements.sha256
wanted=$(sha256sum requirements.txt)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0

usable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }
python=
for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
  if usable "$candidate"; then python=$candidate && break; fi
done
[ -n "$python" ] || {
  echo "No Python 3.11 to 3.13 found (python3 is $(python3 --version 2>&1)): install one, or name it: make setup PYTHON=/path/to/python3.12" >&2
  exit 1
}

# Debian splits venv off, and its absence shows only when ensurepip is called.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing python3-venv"
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends python3-venv >/dev/null
  else
    echo "The Python module venv is missing: sudo apt-get install python3-venv" >&2
    exit 1
  fi
fi

echo "Creating .venv with $("$python" --version) (about a minute)"
"$python" -m venv --clear .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
echo "$wanted" >"$stamp"
