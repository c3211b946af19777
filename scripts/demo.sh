#!/usr/bin/env bash
# Converts the bundled models of LightGBM and XGBoost, scores their bundled rows, and compares
# treec's predictions with the libraries' own.
set -euo pipefail
cd "$(dirname "$0")/.."
treec=${1:-.build/release/treec}
demo=fixtures/demo
out=.build/demo
mkdir -p $out

show() {
  echo "\$ treec $*"
  "$treec" "$@"
  echo
}

show convert $demo/model.txt -o $out/model.tir
show inspect $out/model.tir
show predict $out/model.tir $demo/rows.csv -o $out/predictions.csv
echo "The first ten rows; treec's prediction, then LightGBM's:"
paste -d, <(cut -d, -f1-5 $demo/rows.csv) $out/predictions.csv \
  <(sed 's/prediction_0/LightGBM/' $demo/expected.csv) | head -11 |
  awk -F, '{ printf "%-7s %-11s %-4s %-5s %-10s %-21s %s\n", $1, $2, $3, $4, $5, $6, $7 }'
echo
show verify $out/model.tir $demo/rows.csv $demo/expected.csv

xgboost=fixtures/xgboost/xgb_cat_chile
show convert $xgboost/model.ubj -o $out/xgboost.tir
show verify $out/xgboost.tir $xgboost/input.csv $xgboost/expected.csv
