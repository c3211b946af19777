#!/usr/bin/env bash
# check-kernels.sh [FOLDER]: looks at the object code of the kernels in FOLDER, the output of
# `swift build -c release` (.build/release by default; with -enable-testing there is code besides
# that nobody calls), and fails unless
#
# 1. the modules for newer processors define no code that other modules may define too. The
#    compiler puts a specialisation of a generic function of the standard library, or a copy of an
#    inlinable function, into every object that needs one, and the linker keeps any of them: the one
#    with AVX instructions, perhaps, for all of the program. Code whose mangled name contains the
#    module's own name is nobody else's. Data may be shared (reflection, the names of types,
#    descriptors): it is the same whatever the processor, and executes nothing;
# 2. every instruction is one that the module's processors have, and the modules for newer
#    processors use what they are there for;
# 3. kernels call nothing outside of their module but memcpy and its like. A call in a hot loop
#    costs more than the loop, and a generic of the standard library much more. (A trap of Swift's
#    is an instruction, ud2, and no call.);
# 4. in the linked program, where there is one, no function of another module has an AVX
#    instruction.
#
# check-kernels.sh --self-test: compiles modules that break each rule, and one that breaks none,
# and fails unless that is what the checks find.
set -euo pipefail
shopt -s lastpipe
cd "$(dirname "$0")/.."
command -v objdump >/dev/null || scripts/install-system-packages.sh binutils

modules="KernelsBaseline KernelsAVX2 KernelsAVX512"
v2=+sse3+ssse3+sse4.1+sse4.2+popcnt+cx16
v3=$v2+avx+avx2+bmi+bmi2+f16c+fma+lzcnt+movbe
declare -A processor=(
  [KernelsBaseline]=generic64
  [KernelsAVX2]=generic64$v3
  [KernelsAVX512]=generic64$v3+avx512f+avx512bw+avx512cd+avx512dq+avx512vl
)
# What a module has to use at least once.
declare -A register=([KernelsBaseline]=xmm [KernelsAVX2]=ymm [KernelsAVX512]=zmm)

# What kernels may refer to: sections of their own object, and what a function ends with that has
# found its stack overwritten.
harmless='\..*|mem(cpy|set|move)|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_'

failures=0
# violated RULE MODULE: says so if there is anything on standard input.
violated() {
  local found
  found=$(sort | uniq -c | sort -rn)
  [ -n "$found" ] || return 0
  failures=$((failures + 1))
  echo "check-kernels: $2: $1:" >&2
  if command -v swift-demangle >/dev/null; then
    found=$(swift-demangle --compact <<<"$found")
  fi
  head -12 <<<"$found" >&2
}

# How the mangled names of everything that is MODULE's own contain its name.
tag() { echo "${#1}$1"; }

# Functions that the linker sees, one a line.
visible_code() {
  objdump --syms --wide "$@" |
    awk -F'\t' 'NF == 2 && $1 !~ /^[0-9a-f]+ l/ && $1 ~ / \.text/ { n = split($2, w, " "); print w[n] }'
}

disassemble() { objdump --disassemble --no-show-raw-insn --wide "$@"; }

# What code refers to outside of its object: functions, mostly. What is called by way of a register
# nobody can tell, but where the compiler has merged two functions (their names end in Tm), each of
# which calls another of the module.
references() {
  objdump --disassemble --reloc --no-show-raw-insn "$@" | awk '
    /^[0-9a-f]+ </ { merged = /Tm>:$/ }
    /\tcall +\*/ && !merged { print "by way of " $NF }
    /: R_X86_64_/ { print $NF }' | sed 's/[-+]0x[0-9a-f]*$//'
}

# The assembler is the judge of what a processor has: it reads what the disassembler writes, but
# for the targets of jumps and for padding. `tzcnt` is what older processors read as `bsf`, and the
# compiler writes it where both give the same.
instructions_beyond() {
  local allowed=$1
  shift
  disassemble "$@" | sed -n 's/^ *[0-9a-f]*:\t//p' |
    sed -e 's/ *[<#].*//' -e 's/^tzcnt/bsf/' |
    { grep -vE '^(data16|cs|nop|notrack|bnd|call|jmp|j[a-z]+|xchg +%ax,%ax)\b' || true; } |
    { as --64 -march="$allowed" -o /dev/null - 2>&1 || true; } |
    sed -n 's/.*Error: //p'
}

# check_module MODULE OBJECT …
check_module() {
  local module=$1 tag
  shift
  tag=$(tag "$module")
  if [ "$module" != KernelsBaseline ]; then
    { visible_code "$@" | grep -vF "$tag" || true; } |
      violated "defines code that other modules may define too" "$module"
  fi
  instructions_beyond "${processor[$module]}" "$@" |
    violated "has instructions that its processors lack" "$module"
  if ! disassemble "$@" | grep -F "%${register[$module]}" >/dev/null; then
    echo "%${register[$module]}" | violated "does without the registers it is there for" "$module"
  fi
  { references "$@" | grep -vF "$tag" | grep -vxE "$harmless" || true; } |
    violated "calls functions outside of the module" "$module"
}

check_program() {
  disassemble "$1" | awk '
    /^[0-9a-f]+ </ { name = $2 }
    /%[yz]mm[0-9]/ && name !~ /11KernelsAVX2|13KernelsAVX512/ { print name }' |
    violated "AVX instructions outside of the kernels" "the program"
}

check_build() {
  local folder=$1 module source object
  for module in $modules; do
    objects=()
    for source in Sources/"$module"/*.swift; do
      object=$folder/$module.build/$(basename "$source").o
      [ -f "$object" ] || { echo "check-kernels: there is no $object: build first" >&2; exit 1; }
      objects+=("$object")
    done
    check_module "$module" "${objects[@]}"
  done
  if [ -x "$folder/treec" ]; then check_program "$folder/treec"; fi
  [ $failures -eq 0 ] || exit 1
  echo "check-kernels: $folder: instructions, calls and symbols of $modules are as they should be"
}

# MARK: Self-test

# breaks RULE MODULE FLAGS…, with the source on standard input: the checks must find that module,
# and say so. RULE is empty if there is nothing to find.
breaks() {
  local rule=$1 module=$2 folder report
  shift 2
  folder=$(mktemp -d -p "$work")
  cat >"$folder/Kernel.swift"
  swiftc -O -wmo -parse-as-library -module-name "$module" "$@" -c -o "$folder/kernel.o" \
    "$folder/Kernel.swift"
  report=$( (failures=0; check_module "$module" "$folder/kernel.o") 2>&1 )
  if [ -n "$rule" ] && ! grep -qF "$module: $rule" <<<"$report"; then
    echo "check-kernels: self-test: did not see that it $rule" >&2
    exit 1
  elif [ -z "$rule" ] && [ -n "$report" ]; then
    echo "check-kernels: self-test: complains about nothing: $report" >&2
    exit 1
  fi
}

self_test() {
  local report
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  local v3=(-Xcc -march=x86-64-v3) v4=(-Xcc -march=x86-64-v4)
  local sum='public func sum(_ x: UnsafePointer<SIMD8<Double>>, _ y: UnsafeMutablePointer<SIMD8<Double>>) {
      y.pointee = y.pointee + x.pointee
    }'
  breaks "" KernelsBaseline <<<"$sum"
  breaks "" KernelsAVX2 "${v3[@]}" <<<"$sum"
  breaks "" KernelsAVX512 "${v4[@]}" <<<"$sum"
  # Too long to be inlined: a specialisation.
  breaks "defines code that other modules may define too" KernelsAVX2 "${v3[@]}" <<'SWIFT'
    public func order(_ values: inout UnsafeMutableBufferPointer<Int>) { values.sort() }
SWIFT
  # A module compiled for a newer processor than it says.
  breaks "has instructions that its processors lack" KernelsBaseline "${v3[@]}" <<<"$sum"
  breaks "has instructions that its processors lack" KernelsAVX2 "${v4[@]}" <<<"$sum"
  # One whose flags went missing.
  breaks "does without the registers it is there for" KernelsAVX2 <<<"$sum"
  breaks "does without the registers it is there for" KernelsAVX512 "${v3[@]}" <<<"$sum"
  # Growing an array is a call.
  breaks "calls functions outside of the module" KernelsBaseline <<'SWIFT'
    public func collect(_ x: UnsafePointer<Int>, _ count: Int, _ result: inout [Int]) {
      for index in 0..<count { result.append(x[index]) }
    }
SWIFT
  # A call of a function that only its pointer knows.
  breaks "calls functions outside of the module" KernelsAVX2 "${v3[@]}" <<'SWIFT'
    public func each(_ x: UnsafePointer<Int>, _ count: Int, _ body: (Int) -> Void) {
      for index in 0..<count { body(x[index]) }
    }
SWIFT
  # A program whose linker kept the wrong one of two functions.
  swiftc -O -parse-as-library -module-name Other "${v3[@]}" -emit-library -o "$work/program" \
    - <<<"$sum"
  report=$( (check_program "$work/program") 2>&1 )
  if ! grep -qF "AVX instructions outside" <<<"$report"; then
    echo "check-kernels: self-test: did not see AVX instructions outside of the kernels" >&2
    exit 1
  fi
  echo "check-kernels: self-test: every rule is enforced"
}

if [ "${1-}" = --self-test ]; then
  self_test
else
  [ "$(uname -m)" = x86_64 ] || { echo "check-kernels: this is no x86-64"; exit 0; }
  check_build "${1:-.build/release}"
fi
