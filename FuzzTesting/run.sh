#!/usr/bin/env bash
# Fuzzes the parsers for so many seconds each (60 by default), starting from the fixtures.
# A crash leaves its input in FuzzTesting/crashes and ends with a status other than 0.
#   [TARGETS="FuzzPMML FuzzTIR"] FuzzTesting/run.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}

swift build -c release --sanitize=fuzzer
fixtures=../fixtures
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
mkdir -p crashes "$corpus"/{FuzzImporters,FuzzPMML,FuzzTIR,FuzzServe,FuzzCSV}

# Small models only: libFuzzer is at its best with inputs of a few kilobytes.
find $fixtures/lightgbm $fixtures/xgboost $fixtures/catboost $fixtures/hostile -size -24k \
  \( -name '*.txt' -o -name '*.json' -o -name '*.ubj' -o -name '*.cbm' \) ! -name meta.json |
  while read -r file; do
    cp "$file" "$corpus/FuzzImporters/$(echo "$file" | tr / _)"
  done
find $fixtures/pmml -name '*.pmml' -size -24k | while read -r file; do
  cp "$file" "$corpus/FuzzPMML/$(echo "$file" | tr / _)"
done
# As many again in UTF-16.
for file in "$corpus"/FuzzPMML/*.pmml; do
  sed 's/encoding="UTF-8"//' "$file" | iconv -f UTF-8 -t UTF-16 >"$file.utf16"
done
for model in $fixtures/lightgbm/*/model.txt $fixtures/xgboost/*/model.ubj \
  $fixtures/catboost/*/model.cbm; do
  name=$(basename "$(dirname "$model")")
  [ "$(stat -c %s "$model")" -lt 24000 ] || continue
  ../.build/release/treec convert "$model" -o "$corpus/FuzzTIR/$name.tir" 2>/dev/null || true
done

# Bodies that MLflow's server was sent, each for every model.
python3 - "$fixtures/mlflow/nosig_cases.jsonl" "$corpus/FuzzServe" <<'END'
import json, sys
for number, line in enumerate(open(sys.argv[1])):
    body = (json.loads(line)["request"].get("body") or "").encode()
    for target in range(8 if 0 < len(body) < 3000 else 0):
        with open(f"{sys.argv[2]}/{number}-{target}", "wb") as file:
            file.write(bytes([target]) + body)
END

# Rows, cut into pieces of about as many bytes as the first byte says.
for step in 1 7 64; do
  printf "\\x$(printf %02x $step)"'a,b\r\n"x\n""y",1.5\n\n"a"b,c"\r\xef\xbb\xbf"z"\n' \
    >"$corpus/FuzzCSV/quotes-$step"
  { printf "\\x$(printf %02x $step)"; head -c 4000 $fixtures/demo/rows.csv; } \
    >"$corpus/FuzzCSV/demo-$step"
done

# FuzzPMML is FuzzImporters with other seeds and the words of PMML.
for target in ${TARGETS:-FuzzImporters FuzzPMML FuzzTIR FuzzServe FuzzCSV}; do
  echo "== $target, $seconds s, $(find "$corpus/$target" -type f | wc -l) seeds"
  program=$target dictionary=()
  [ "$target" != FuzzPMML ] || program=FuzzImporters dictionary=(-dict=pmml.dict)
  .build/release/"$program" "${dictionary[@]}" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=32768 \
    -print_final_stats=1 -artifact_prefix=crashes/ -verbosity=0 "$corpus/$target"
done
