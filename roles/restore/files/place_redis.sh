#!/bin/sh
# Makes the snapshot $1 the append-only file of the stopped server whose data directory is $0.
set -eu
cd "$0"
rm -rf appendonlydir.new appendonlydir.before-restore
mkdir appendonlydir.new
cp "$1" appendonlydir.new/appendonly.aof.1.base.rdb
echo 'file appendonly.aof.1.base.rdb seq 1 type b' >appendonlydir.new/appendonly.aof.manifest
sync
[ ! -e appendonlydir ] || mv appendonlydir appendonlydir.before-restore
mv appendonlydir.new appendonlydir
