#!/usr/bin/env bash
# Installs what treec needs from Debian or Ubuntu and the machine lacks: the libraries of its
# PMML (libxml2), gzip (zlib) and MLmodel (libyaml) readers, and the packages named as arguments.
# Prints nothing when all is there.
set -euo pipefail

packages=(libxml2-dev libyaml-dev zlib1g-dev "$@")

if ! command -v dpkg-query >/dev/null; then
  echo "This is no Debian or Ubuntu: install ${packages[*]}, or what they are called here." >&2
  exit 0
fi
missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "Installing ${missing[*]}"
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
  "${missing[@]}" >/dev/null
