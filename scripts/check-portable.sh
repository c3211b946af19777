#!/usr/bin/env bash
# The libraries must build where there is no x86-64: without the modules of kernels for newer x86
# processors, and without their names. And the kernels must compile for arm64, with the standard
# library that every toolchain brings for it (that of embedded Swift; there is none for Linux).
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=.build-portable
fail() { echo "check-portable: $*" >&2; exit 1; }

# Names that only x86 knows: outside of the kernels for it, the dispatcher alone has some, behind
# TREEC_X86_KERNELS. Its own names of instruction sets are no code.
x86='_Builtin_intrinsics|_mm[0-9]*_|__m(128|256|512)|__x86|cpuid|arch\(x86_64\)|Float80'
if grep -rnE "$x86" Sources --include='*.swift' --exclude-dir='KernelsAVX*'; then
  fail "x86 outside of Sources/KernelsAVX*"
fi
awk '
  FNR == 1 { depth = 0 }
  /^ *#if TREEC_X86_KERNELS$/ { inside = ++depth; next }
  /^ *#if/ { depth++ }
  /^ *#endif/ { if (depth-- == inside) inside = 0 }
  /^ *#else/ && depth == inside { inside = 0 }
  /KernelsAVX/ && !inside { print FILENAME ":" FNR ": " $0; found = 1 }
  END { exit found }' $(grep -rlE 'KernelsAVX' Sources --include='*.swift' || true) ||
  fail "kernels for x86 are used where there may be none"

# A target at a time: a product that is a library alone is none that can be asked for.
for library in Evaluator Importers; do
  TREEC_PORTABLE=1 swift build -c release --scratch-path $scratch --disable-default-traits \
    --target $library
done
if ls -d $scratch/release/KernelsAVX*.build 2>/dev/null; then fail "they were built"; fi
used=$(nm --undefined-only $scratch/release/{Evaluator,KernelViews,KernelsBaseline}.build/*.o |
  grep -E 'KernelsAVX' || true)
[ -z "$used" ] || fail "the program would need $used"

target=aarch64-none-none-elf
library=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/lib/swift/embedded
if [ ! -f "$library/Swift.swiftmodule/$target.swiftmodule" ]; then
  echo "check-portable: the toolchain has no standard library for $target: kernels not compiled"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile() {
  swiftc -O -wmo -parse-as-library -swift-version 6 -package-name treec -target $target \
    -enable-experimental-feature Embedded -I "$work" -module-name "$1" \
    -emit-module -emit-module-path "$work/$1.swiftmodule" -c -o "$work/$1.o" Sources/"$1"/*.swift
}
compile KernelViews
compile KernelsBaseline
echo "check-portable: the libraries build without x86, and the kernels compile for arm64"
