#!/usr/bin/env bash
# Called by mmdebstrap with the root file system of a virtual machine (vm.sh): network, disk and the operator's account,
# whose public key stands in the file KEY.
set -euo pipefail
root=$1
printf '[Match]\nName=e*\n[Network]\nDHCP=yes\n' >"$root/etc/systemd/network/80-dhcp.network"
chroot "$root" systemctl enable systemd-networkd systemd-resolved
echo '/dev/vda / ext4 defaults 0 1' >"$root/etc/fstab"
echo vm >"$root/etc/hostname"
echo '127.0.0.1 localhost vm' >"$root/etc/hosts"
# A mirror may be a snapshot, whose release file is past its date.
echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/99snapshot"
chroot "$root" useradd --create-home --shell /bin/bash deploy
echo 'deploy ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/deploy"
chroot "$root" sh -c 'install -d -o deploy -g deploy -m 0700 ~deploy/.ssh && cat >~deploy/.ssh/authorized_keys' <"$KEY"
# pip reaches PyPI as this machine does, which may be by a proxy of its own.
authorities=/etc/ssl/certs/ca-certificates.crt
if [ -f "$authorities" ]; then
  cp "$authorities" "$root/etc/ssl/authorities.crt"
  printf '[global]\ncert = /etc/ssl/authorities.crt\n' >"$root/etc/pip.conf"
fi
