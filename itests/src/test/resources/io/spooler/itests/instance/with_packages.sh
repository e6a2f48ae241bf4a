#!/bin/sh
# with_packages.sh PACKAGES ROOT USER... -- COMMAND...
#
# Runs a server out of packages that were unpacked below PACKAGES, as if they were installed and these system users were
# made: in a mount namespace of its own, where etc, usr and var have the packages, and above them what is below ROOT, laid
# over the system's. What the server writes there is in memory and gone with it. The process is replaced by COMMAND. Root.
set -eu
if [ "${1:-}" != --inside ]; then
  exec unshare --mount sh "$0" --inside "$@"
fi
packages=$2
root=$3
shift 3

mkdir -p "$root/memory"
mount -t tmpfs tmpfs "$root/memory"
for directory in etc usr var; do
  over=$root/memory/$directory
  mkdir -p "$root/$directory" "$packages/$directory" "$over/changes" "$over/work"
  mount -t overlay overlay "/$directory" \
    -o "lowerdir=$root/$directory:$packages/$directory:/$directory,upperdir=$over/changes,workdir=$over/work"
done
mount -t tmpfs -o mode=755 tmpfs /run

while [ "$1" != -- ]; do
  getent passwd "$1" >/dev/null || useradd --system --user-group --no-create-home "$1" 2>/dev/null
  shift
done
shift
exec "$@"
