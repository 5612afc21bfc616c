#!/usr/bin/env bash
# vm.sh up|test|down [SUITE]: a virtual machine of Debian (bookworm, trixie) that an operator reaches over SSH as an
# ordinary user with sudo; `test` runs the site on it twice, and verify. QEMU without hardware acceleration: it works
# everywhere, and is slow. Variables: VM_PORT, VM_BACKEND (container, package), VM_DIR (disks and keys).
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
action=${1:?up, test or down} suite=${2:-trixie}
port=${VM_PORT:-22222} backend=${VM_BACKEND:-package} dir=${VM_DIR:-$PWD/.cache/vm}
mkdir -p "$dir"
address=127.0.0.1
disk=$dir/$suite.raw overlay=$dir/$suite-$port.qcow2 pidfile=$dir/$suite-$port.pid
login=(ssh -F "$dir/ssh_config-$port" "deploy@$address")

packages=linux-image-cloud-amd64,systemd-sysv,udev,systemd-resolved,openssh-server,sudo,python3,iproute2,procps,ca-certificates
# What the guest has behind QEMU's address translation.
guest=10.0.2.15 gateway=10.0.2.2

require() {
  local missing=()
  for tool in mmdebstrap qemu-system-x86_64 qemu-img mkfs.ext4 ssh-keygen; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  [ ${#missing[@]} = 0 ] && return
  echo "missing: ${missing[*]}. apt install mmdebstrap qemu-system-x86 qemu-utils e2fsprogs openssh-client" >&2
  exit 1
}

# The root file system as Debian's packages make it, with what a small server has and nothing of ours.
build_disk() {
  local root=$dir/$suite-root
  KEY=$dir/id.pub mmdebstrap --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
    --include="$packages" \
    --customize-hook="$PWD/scripts/vm_root.sh" \
    "$suite" "$root.tar" >"$dir/$suite-build.log" 2>&1 || { tail -n 20 "$dir/$suite-build.log"; exit 1; }
  rm -rf "$root"
  mkdir "$root"
  tar -C "$root" -xf "$root.tar"
  cp "$root"/boot/vmlinuz-* "$dir/$suite-kernel"
  cp "$root"/boot/initrd.img-* "$dir/$suite-initrd"
  truncate -s 12G "$disk.new"
  mkfs.ext4 -q -d "$root" "$disk.new"
  rm -rf "$root" "$root.tar"
  mv "$disk.new" "$disk"
}

up() {
  require
  down
  [ -f "$dir/id" ] || ssh-keygen -q -t ed25519 -N '' -f "$dir/id"
  cat >"$dir/ssh_config-$port" <<CONFIG
Host *
  Port $port
  IdentityFile $dir/id
  IdentitiesOnly yes
  UserKnownHostsFile /dev/null
  StrictHostKeyChecking no
  ConnectTimeout 5
  LogLevel ERROR
CONFIG
  [ -f "$disk" ] || build_disk
  qemu-img create -q -f qcow2 -F raw -b "$disk" "$overlay"
  qemu-system-x86_64 -accel tcg,thread=multi -cpu max -m "${VM_MEMORY:-3072}" -smp 2 -display none -no-reboot -monitor none \
    -serial "file:$dir/$suite-$port.serial" -daemonize -pidfile "$pidfile" \
    -kernel "$dir/$suite-kernel" -initrd "$dir/$suite-initrd" -append "root=/dev/vda rw console=ttyS0 quiet" \
    -drive "file=$overlay,if=virtio,format=qcow2,cache=unsafe" \
    -netdev "user,id=net,hostfwd=tcp:$address:$port-:22" -device virtio-net-pci,netdev=net,romfile= \
    -device virtio-rng-pci
  local start=$SECONDS
  until "${login[@]}" true 2>/dev/null; do
    if [ $((SECONDS - start)) -gt "${VM_BOOT_TIMEOUT:-600}" ] || ! kill -0 "$(cat "$pidfile")" 2>/dev/null; then
      echo "no SSH after $((SECONDS - start)) s; the end of its console:" >&2
      tail -n 20 "$dir/$suite-$port.serial" >&2
      exit 1
    fi
    sleep 2
  done
  echo "$suite: SSH after $((SECONDS - start)) s: ${login[*]}"
}

down() {
  [ -f "$pidfile" ] || return 0
  kill "$(cat "$pidfile")" 2>/dev/null || true
  rm -f "$pidfile" "$overlay"
}

# The staging inventory with the values that an operator gives: address, secrets.
play() {
  ansible-playbook -i inventories/staging -i "$dir/address-$port.yml" -e "@$dir/secrets.yml" \
    -e "flowlite_backend=$backend flowlite_artifacts_dir=$dir/artifacts-$port certificates_dir=$dir/certificates-$port" "$@"
}

timed() {
  local name=$1 start=$SECONDS log=$dir/$suite-$port.log
  shift
  if ! "$@" >"$log" 2>&1; then
    tail -n 60 "$log"
    echo "$suite: $name FAILED after $((SECONDS - start)) s"
    exit 1
  fi
  echo "$suite: $name $((SECONDS - start)) s; $(grep -E '^staging' "$log" | tr -s ' ')"
}

test_site() {
  cat >"$dir/address-$port.yml" <<HOSTS
flowlite:
  hosts:
    staging: {ansible_host: $address, mysql_bind_address: $guest, rabbitmq_bind_address: $guest, redis_bind_address: $guest}
  vars:
    ansible_ssh_common_args: "-F $dir/ssh_config-$port"
    flowlite_allowed_hosts: [$gateway]
    # Debian 12 has RabbitMQ 3.10, which site.yml refuses outside local unless it is told that this is known.
    rabbitmq_accept_no_delivery_limit: $([ "$suite" = bookworm ] && echo true || echo false)
HOSTS
  # The key is random too, and nobody else reads it.
  (umask 077; sed -nE 's/^(vault_\w+):.*/\1/p' inventories/vault.yml.example | while read -r name; do
    echo "$name: s$(od -An -N20 -tx1 /dev/urandom | tr -d ' \n')"
  done >"$dir/secrets.yml")
  # The password of the authority's key is another one, too.
  rm -rf "$dir/certificates-$port"
  up
  trap down EXIT
  timed "site.yml" play playbooks/site.yml
  timed "site.yml again" play playbooks/site.yml
  grep -q '^staging.*changed=0 ' "$dir/$suite-$port.log" || { echo "$suite: the second run changed something"; exit 1; }
  timed "verify.yml" play playbooks/verify.yml
  # shellcheck disable=SC2016 # Expanded on the host.
  "${login[@]}" '. /etc/os-release; echo "$PRETTY_NAME, Linux $(uname -r)"
    dpkg-query -W -f "\${Package} \${Version}\n" mariadb-server mysql-server rabbitmq-server redis-server docker.io 2>/dev/null' || true
}

case $action in
  up) up ;;
  test) test_site ;;
  down) down ;;
  *) echo "vm.sh up|test|down [SUITE]" >&2; exit 2 ;;
esac
