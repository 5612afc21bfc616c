#!/usr/bin/env bash
# The packages of a service, by a pattern of their names $2: look at those that are there and that apt would install;
# keep the old ones in directory $3; install the new ones, or those of directory $3. Nothing is started or stopped.
set -euo pipefail
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
named() { dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | grep -E "$1"; }
apt_get() {
  local policy=/usr/sbin/policy-rc.d
  # A run that was killed leaves its own.
  [ ! -e "$policy" ] || grep -q 'upgrade of Flowlite' "$policy" || {
    echo "$policy, which keeps packages from starting services, is there already and not ours: remove it" >&2
    exit 1
  }
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\n# upgrade of Flowlite\nexit 101\n' >"$policy" && chmod 755 "$policy"
  apt-get --yes --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@"
}
mapfile -t packages < <(named "$2")

case "$1" in
  look)
    would=$(apt-get --simulate --no-install-recommends install "${packages[@]}")
    sed -n 's/^Inst \([^ ]*\) .*/\1/p' <<<"$would" | grep -xF -f <(printf '%s\n' "${packages[@]}") || true
    ;;
  keep)
    mkdir -p "$3"
    cd "$3"
    for package in "${packages[@]}"; do
      # The directory is root's alone.
      apt-get download --quiet=2 -o APT::Sandbox::User=root "$package=$(dpkg-query --show --showformat '${Version}' "$package")" >&2
    done
    ;;
  install)
    apt_get install "${packages[@]}"
    ;;
  put_back)
    apt_get install --allow-downgrades "$3"/*.deb
    ;;
esac
