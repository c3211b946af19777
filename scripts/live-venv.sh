#!/usr/bin/env bash
# Makes .venv-live, the Python environment of the live suites, where it is absent or its pinned
# requirements have changed. Prints nothing unless it fails. PYTHON names the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=Tests/Live/requirements.txt
environment=.venv-live
stamp=$environment/requirements.txt
modules='catboost, lightgbm, mlflow, pyarrow, sklearn, xgboost'

if cmp -s "$requirements" "$stamp" && "$environment/bin/python" -c "import $modules" 2>/dev/null
then
  exit 0
fi
rm -rf "$environment"
"${PYTHON:-python3}" -m venv "$environment"
install() { "$environment/bin/pip" install --quiet --disable-pip-version-check "$@"; }
# XGBoost and CatBoost come last and alone: they need nothing more but a library for GPUs, which has
# twice the size of all the others, and packages that draw.
install -r <(grep -Ev '^(catboost|xgboost)==' "$requirements")
install --no-deps $(grep -E '^(catboost|xgboost)==' "$requirements")
cp "$requirements" "$stamp"
