#!/usr/bin/env bash
# Builds the reference documentation of the libraries into .build/docs; a broken link or an
# undocumented parameter is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
out=.build/docs
mkdir -p $out
for library in TextCodec TreeIR Evaluator Importers Serve; do
  rm -rf $out/graphs $out/$library.doccarchive
  mkdir -p $out/graphs
  swift build --quiet --target $library --scratch-path .build/docs-build \
    -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$PWD/$out/all-graphs"
  cp $out/all-graphs/$library.symbols.json $out/graphs/
  docc convert Sources/$library/$library.docc --additional-symbol-graph-dir $out/graphs \
    --fallback-display-name $library --fallback-bundle-identifier treec.$library \
    --output-path $out/$library.doccarchive --warnings-as-errors
done
echo "documentation: $out"
