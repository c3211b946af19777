#!/usr/bin/env bash
# install-image-root.sh PROGRAM ROOT: makes ROOT a file system that PROGRAM runs in, and nothing
# else does: the program in /usr/local/bin, and what ldd lists at the paths where ldd finds it.
set -euo pipefail
program=$1
root=$2
umask 022

listed=$(ldd "$program")
if grep 'not found' <<<"$listed" >&2; then exit 1; fi
install -D -m 755 "$program" "$root/usr/local/bin/$(basename "$program")"
grep -oE '/[^ ]+' <<<"$listed" | while read -r library; do
  install -D -m 755 "$library" "$root$library"
done
