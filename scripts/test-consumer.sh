#!/usr/bin/env bash
# A program in another package depends on the libraries by version and with no trait, and is the
# example of the README to the letter. It must build, download no package but this one, link no
# Foundation, and print what the README says.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "consumer: $*" >&2; exit 1; }

# The package as somebody would find it: what git tracks or would track, with a version.
mkdir "$work/treec"
git ls-files -z --cached --others --exclude-standard -- Package.swift Sources Tests |
  xargs -0 cp --no-dereference --parents -t "$work/treec"
git -C "$work/treec" init -q
git -C "$work/treec" add -A
git -C "$work/treec" -c user.name=treec -c user.email=treec@localhost commit -qm consumer
git -C "$work/treec" tag 0.1.0

# block WORD prints the README's code block that follows the comment <!-- WORD -->.
block() {
  awk -v mark="<!-- $1 -->" '$0 == mark { found = 1; next }
    found && /^```/ { if (open) exit; open = 1; next } open' README.md
}

app=$work/app
mkdir -p "$app/Sources/app"
block consumer-code >"$app/Sources/app/main.swift"
[ -s "$app/Sources/app/main.swift" ] || fail "the README has no example"
# Importers without the trait PMML.
mkdir "$app/Sources/importing"
cat >"$app/Sources/importing/main.swift" <<'PROGRAM'
import Importers

for path in CommandLine.arguments.dropFirst() {
  do throws(ImportError) {
    let model = try Importer.load(path)
    print(model.provenance.library)
  } catch {
    print(error)
  }
}
PROGRAM
dependency=$(block consumer-manifest)
cat >"$app/Package.swift" <<MANIFEST
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "app",
  dependencies: [
    ${dependency/https:\/\/*treec.git/file://$work/treec}
  ],
  targets: [
    .executableTarget(
      name: "app", dependencies: [.product(name: "Evaluator", package: "treec")]),
    .executableTarget(
      name: "importing", dependencies: [.product(name: "Importers", package: "treec")]),
  ])
MANIFEST
(cd "$app" && swift build -c release >build.log 2>&1) || { cat "$app/build.log"; fail "no build"; }

downloaded=$(ls "$app/.build/checkouts")
[ "$downloaded" = treec ] || fail "it downloaded: $downloaded"
if ldd "$app/.build/release/app" | grep -q Foundation; then fail "it links Foundation"; fi
# The kernels for newer processors have unsafe flags. SwiftPM refuses those in a package that is
# depended on by version if its manifest says less than 6.2; that of the consumer may say anything.
if [ "$(uname -m)" = x86_64 ] && ! nm "$app/.build/release/app" | grep -F KernelsAVX512 >/dev/null
then
  fail "it lacks the kernels for newer processors"
fi

"${TREEC:-$root/.build/release/treec}" convert fixtures/demo/model.txt -o "$app/model.tir"
actual=$(cd "$app" && .build/release/app)
expected=$(block consumer-output)
[ "$actual" = "$expected" ] || fail "it prints '$actual', the README says '$expected'"
imported=$("$app/.build/release/importing" fixtures/demo/model.txt fixtures/pmml/models/*/model.pmml |
  sort -u)
case $imported in
  *LightGBM*"treec was built without PMML"* | *"treec was built without PMML"*LightGBM*) ;;
  *) fail "Importers without the trait PMML say: $imported" ;;
esac
if ldd "$app/.build/release/importing" | grep -q libxml2; then fail "it needs libxml2"; fi

echo "consumer: builds by version with all kernels, downloads only treec, links no Foundation, prints $actual"
