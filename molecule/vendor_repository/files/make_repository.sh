#!/bin/bash
# A repository of APT as a vendor has it, from packages of Debian 12, on port 8099 of this host's loopback address:
# signed with a key made here (key.asc); other.asc is the key of somebody else.
set -euo pipefail
export GNUPGHOME=/srv/gnupg DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends apt-utils gnupg
install -d -m 0700 "$GNUPGHOME"
mkdir -p /srv/vendor/pool /srv/vendor/dists/vendor/main/binary-amd64 /srv/lists/partial
echo 'deb http://deb.debian.org/debian bookworm main' >/srv/bookworm.list
older=(-o Dir::Etc::sourcelist=/srv/bookworm.list -o Dir::Etc::sourceparts=- -o Dir::State::lists=/srv/lists)
apt-get update "${older[@]}" -o Acquire::Check-Valid-Until=false
cd /srv/vendor/pool
apt-get download "${older[@]}" redis-server redis-tools
cd /srv/vendor
apt-ftparchive packages pool >dists/vendor/main/binary-amd64/Packages
apt-ftparchive -o APT::FTPArchive::Release::Suite=vendor -o APT::FTPArchive::Release::Codename=vendor \
  -o APT::FTPArchive::Release::Components=main -o APT::FTPArchive::Release::Architectures=amd64 \
  release dists/vendor >/srv/Release
mv /srv/Release dists/vendor/Release
for name in key other; do
  gpg --batch --passphrase '' --quick-generate-key "$name" ed25519 sign 1d
  gpg --armor --export "$name" >"$name.asc"
done
gpg --batch --local-user key --clearsign --output dists/vendor/InRelease dists/vendor/Release
systemd-run --unit vendor --working-directory /srv/vendor python3 -m http.server --bind 127.0.0.1 8099
