#!/usr/bin/env bash
# Makes .venv-live, the Python environment of the live suites, where it is absent or its pinned
# requirements have changed. Prints nothing unless it fails. PYTHON names the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=Tests/Live/requirements.txt
environment=.venv-live
stamp=$environment/requirements.txt

if cmp -s "$requirements" "$stamp" && "$environment/bin/python" -c 'import lightgbm, mlflow, pyarrow' 2>/dev/null
then
  exit 0
fi
rm -rf "$environment"
"${PYTHON:-python3}" -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
cp "$requirements" "$stamp"
