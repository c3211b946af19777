#!/usr/bin/env bash
# Builds the Dockerfile and runs the tests of the image in the result, with buildah in place of an
# engine. Where no registry is in reach, neither is the image of the toolchain; in its place stands
# one made of the same Debian packages, into which the toolchain of this machine is mounted. Takes
# fifteen minutes; needs root, and 3 GB in .build-image.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$PWD/.build-image
mkdir -p "$work"
scripts/install-system-packages.sh buildah debootstrap
image() { buildah --root "$work/images" --runroot "$work/run" --storage-driver vfs "$@"; }

version=$(sed -n 's/^ARG SWIFT_VERSION=//p' Dockerfile)
base=docker.io/library/swift:$version-bookworm
swift=$(readlink -f "$(command -v swift)")
toolchain=${swift%/usr/bin/*}
packages=binutils,gcc,git,libcurl4-openssl-dev,libedit-dev,libicu-dev,libncurses-dev,libpython3-dev
packages+=,libsqlite3-dev,libstdc++-12-dev,libxml2-dev,pkg-config,tzdata,uuid-dev,zlib1g-dev

if ! image inspect --type image "$base" >/dev/null 2>&1; then
  rm -rf "$work/base"
  debootstrap --variant=minbase --include="$packages" bookworm "$work/base"
  for tool in "$toolchain"/usr/bin/*; do
    [ -e "$work/base/usr/bin/${tool##*/}" ] || ln -s "$tool" "$work/base/usr/bin/"
  done
  container=$(image from scratch)
  image add --quiet "$container" "$work/base" /
  image commit --quiet --rm "$container" "$base"
  rm -rf "$work/base"
fi

# Git may be told to find packages in local copies; then the build is told too.
: >"$work/gitconfig"
{ git config --get-regexp '^url\..*\.insteadof$' || true; } | while read -r key value; do
  git config --file "$work/gitconfig" --add "$key" "$value"
  mirror=${key#url.} mirror=${mirror%.insteadof}
  [ ! -d "$mirror" ] || echo "--volume=${mirror%/}:${mirror%/}:ro"
done | sort -u >"$work/mirrors"
mapfile -t mirrors <"$work/mirrors"

image build --isolation chroot --network host --pull-never --layers=false --format docker \
  --volume="$toolchain:$toolchain:ro" --volume="$work/gitconfig:/etc/gitconfig:ro" \
  "${mirrors[@]}" --tag treec .
image images --format '{{.Name}}: {{.Size}}' treec

container=$(image from --pull-never treec)
trap 'image rm "$container" >/dev/null' EXIT
TREEC_IMAGE_ROOT=$(image mount "$container")
export TREEC_IMAGE_ROOT
Tests/Install/tools.sh
.venv-install/bin/python -B -m unittest discover -s Tests/Install -p image_root_test.py
