#!/usr/bin/env bash
# Compiles the libraries for arm64 Linux to object code, on x86-64. Nothing is linked or run: Swift's
# toolchain for x86-64 has no standard library for arm64. But it has the interfaces of its modules as
# text, in which nothing depends on the processor but Float80; they are compiled for arm64 here,
# into .build-arm64, which takes a minute the first time. Headers of the C library are Debian's.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-system-packages.sh gcc-aarch64-linux-gnu libc6-dev-arm64-cross
scratch=$PWD/.build-arm64
target=aarch64-unknown-linux-gnu
toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/lib/swift

# The compiler's resources, with interfaces for arm64 in place of modules.
resources=$scratch/resources
rm -rf "$resources" "$scratch/modules"
mkdir -p "$resources/linux/aarch64" "$scratch/modules"
for part in "$toolchain"/*; do
  [ "$(basename "$part")" = linux ] || ln -s "$part" "$resources/"
done
for interface in "$toolchain"/linux/*.swiftmodule/x86_64-unknown-linux-gnu.swiftinterface; do
  module=$(basename "$(dirname "$interface")")
  mkdir -p "$resources/linux/$module"
  sed -e 's/-target x86_64-/-target aarch64-/' \
    -e '/self = _stdlib_\(remainderl\|squareRootl\)(/d' "$interface" \
    >"$resources/linux/$module/$target.swiftinterface"
done
cp "$toolchain"/linux/x86_64/{SwiftGlibc.h,glibc.modulemap} "$resources/linux/aarch64/"

# compile MODULE SOURCE …
compile() {
  local module=$1
  shift
  echo "check-arm64: $module"
  swiftc -target $target -resource-dir "$resources" -module-cache-path "$scratch/cache" \
    -O -wmo -parse-as-library -swift-version 6 -enable-experimental-feature Lifetimes \
    -package-name treec -I "$scratch/modules" -suppress-warnings -module-name "$module" \
    -emit-module -emit-module-path "$scratch/modules/$module.swiftmodule" \
    -c -o "$scratch/$module.o" "$@"
}

# Of Dispatch there is no interface, so this stands for the little that is used of it.
cat >"$scratch/Dispatch.swift" <<'SWIFT'
public final class DispatchQueue: Sendable {
  public static func concurrentPerform(iterations: Int, execute: (Int) -> Void) {}
  public static func global(qos: DispatchQoS.QoSClass) -> DispatchQueue { DispatchQueue() }
  public func async(execute: @escaping @Sendable () -> Void) {}
}
public enum DispatchQoS { public enum QoSClass { case userInitiated, utility, background } }
SWIFT
compile Dispatch "$scratch/Dispatch.swift"
for module in KernelViews KernelsBaseline TextCodec TreeIR Evaluator Importers; do
  mapfile -t sources < <(find Sources/$module -name '*.swift')
  compile $module "${sources[@]}"
  readelf --file-header "$scratch/$module.o" | grep -q AArch64
done
echo "check-arm64: the libraries compile for arm64"
