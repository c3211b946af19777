#!/usr/bin/env bash
# Makes .venv-live, the Python environment of the live suites, where it is absent or its pinned
# requirements have changed. Prints nothing unless it fails. PYTHON names the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=Tests/Live/requirements.txt
environment=.venv-live
stamp=$environment/requirements.txt
modules='lightgbm, mlflow, pyarrow, sklearn, xgboost'

if cmp -s "$requirements" "$stamp" && "$environment/bin/python" -c "import $modules" 2>/dev/null
then
  exit 0
fi
rm -rf "$environment"
"${PYTHON:-python3}" -m venv "$environment"
install() { "$environment/bin/pip" install --quiet --disable-pip-version-check "$@"; }
# XGBoost comes last and alone: it needs nothing more but a library for GPUs, which has twice the
# size of all the others.
install -r <(grep -v '^xgboost==' "$requirements")
install --no-deps "$(grep '^xgboost==' "$requirements")"
cp "$requirements" "$stamp"
