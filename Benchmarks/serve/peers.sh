#!/usr/bin/env bash
# Installs the servers that treec is compared with, below .venv-peers, where they are not there
# yet: mlflow, and yummy-mlflow, of which there is one wheel, for CPython 3.9 on x86-64 Linux.
# What cannot be installed is left out of the benchmark.
set -euo pipefail
cd "$(dirname "$0")/../.."
peers=.venv-peers

if [ ! -x $peers/mlflow/bin/mlflow ]; then
  "${PYTHON:-python3}" -m venv $peers/mlflow
  $peers/mlflow/bin/pip install --quiet --disable-pip-version-check \
    mlflow==3.17.2 pandas==3.1.1 numpy==2.4.6 lightgbm==4.7.0 ||
    { echo "mlflow cannot be installed here" >&2; rm -rf $peers/mlflow; }
fi

if [ ! -x $peers/yummy/bin/python ]; then
  python39=$(command -v "${PYTHON39:-python3.9}" || true)
  for found in ~/.pyenv/versions/3.9.*/bin/python3.9; do
    [ -x "$found" ] && python39=$found
  done
  [ -n "$python39" ] || { echo "yummy-mlflow needs python3.9; PYTHON39 may name it" >&2; exit 0; }
  "$python39" -m venv $peers/yummy
  $peers/yummy/bin/pip install --quiet --disable-pip-version-check yummy-mlflow==0.0.9 ||
    { echo "yummy-mlflow cannot be installed here" >&2; rm -rf $peers/yummy; }
fi
