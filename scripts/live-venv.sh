#!/usr/bin/env bash
# Makes .venv-live, the Python environment of the live suites, where it is absent or its pinned
# requirements have changed, and installs the Java that the suite of PMML needs. Prints nothing
# unless it fails or installs from Debian. PYTHON names the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
lists=(Tests/Live/requirements.txt fixtures/make/requirements-pmml.txt)
environment=.venv-live
stamp=$environment/requirements.txt
modules='catboost, jpmml_evaluator, jpype, lightgbm, mlflow, pyarrow, sklearn, sklearn2pmml, xgboost'

command -v java >/dev/null || scripts/install-system-packages.sh default-jre-headless
if cat "${lists[@]}" | cmp -s - "$stamp" &&
  "$environment/bin/python" -c "import $modules" 2>/dev/null
then
  exit 0
fi
rm -rf "$environment"
"${PYTHON:-python3}" -m venv "$environment"
install() { "$environment/bin/pip" install --quiet --disable-pip-version-check "$@"; }
# XGBoost and CatBoost come last and alone: they need nothing more but a library for GPUs, which has
# twice the size of all the others, and packages that draw.
install -r <(cat "${lists[@]}" | grep -Ev '^(catboost|xgboost)==')
install --no-deps $(cat "${lists[@]}" | grep -E '^(catboost|xgboost)==')
cat "${lists[@]}" >"$stamp"
