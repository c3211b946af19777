import KernelViews

/// Adds the leaf values of trees `first..<end` to `sums`, one by one in tree order.
///
/// - Preconditions: 0 <= first <= end <= treeCount; every state is below its column's state count;
///   `rows` has room for `columnCount` numbers, `sums` has an element for every output.
@inline(__always)
func scoreAllTables<Value: BinaryFloatingPoint>(
  _ view: TableQuickScorerView, _ leaves: LeafSumView<Value>, _ first: Int, _ end: Int,
  _ states: UnsafePointer<UInt16>, _ rows: UnsafeMutablePointer<UInt32>,
  _ sums: UnsafeMutablePointer<Value>
) {
  if first >= end { return }
  let stride = UInt32(truncatingIfNeeded: view.blockStride)
  var c = 0
  while c < view.columnCount {
    rows[c] = (view.states[c] &+ UInt32(states[c])) &* stride
    c = c &+ 1
  }
  switch view.entry {
  case .leaves8:
    scoreGroups(view, leaves, first, end, rows, sums, 64) {
      Int($1[$2]) &+ UInt32($0.load(fromByteOffset: $2, as: UInt8.self)).lowestBit
    }
  case .leaves16:
    scoreGroups(view, leaves, first, end, rows, sums, 32) {
      Int($1[$2]) &+ UInt32($0.load(fromByteOffset: $2 &* 2, as: UInt16.self)).lowestBit
    }
  case .leaves32:
    scoreGroups(view, leaves, first, end, rows, sums, 16) {
      let entry = $0.load(fromByteOffset: $2 &* 4, as: UInt32.self)
      return LeafPlaces.areFound ? Int(entry) : Int($1[$2]) &+ entry.lowestBit
    }
  case .leaves64:
    scoreGroups(view, leaves, first, end, rows, sums, 8) {
      Int($1[$2])
        &+ ($0.load(fromByteOffset: $2 &* 8, as: UInt64.self) | 1 &<< 63).trailingZeroBitCount
    }
  case .levels8:
    scoreGroups(view, leaves, first, end, rows, sums, 64) {
      Int($1[$2]) &+ Int($0.load(fromByteOffset: $2, as: UInt8.self))
    }
  case .levels16:
    scoreGroups(view, leaves, first, end, rows, sums, 32) {
      Int($1[$2]) &+ Int($0.load(fromByteOffset: $2 &* 2, as: UInt16.self))
    }
  }
}

extension UInt32 {
  /// The position of the lowest set bit; the top bit counts as set, which saves a test for zero.
  @inline(__always)
  fileprivate var lowestBit: Int { (self | 1 &<< 31).trailingZeroBitCount }
}

/// The entries of the row in the blocks of a group.
private struct GroupEntries {
  var first = SIMD8<UInt64>(repeating: ~0)
  var second = SIMD8<UInt64>(repeating: ~0)
  var third = SIMD8<UInt64>(repeating: ~0)
  var fourth = SIMD8<UInt64>(repeating: ~0)

  /// Takes away what a column excludes, whose lines have these numbers.
  @inline(__always)
  mutating func and(_ lines: UnsafeRawPointer, _ numbers: UnsafePointer<UInt16>) {
    let all = UInt64(littleEndian: UnsafeRawPointer(numbers).load(as: UInt64.self))
    first = first & Self.line(all & 0xFFFF, lines)
    second = second & Self.line(all &>> 16 & 0xFFFF, lines)
    third = third & Self.line(all &>> 32 & 0xFFFF, lines)
    fourth = fourth & Self.line(all &>> 48, lines)
  }

  /// The processor multiplies by 8 as it adds, so that a line's place takes no instruction.
  @inline(__always)
  private static func line(_ number: UInt64, _ lines: UnsafeRawPointer) -> SIMD8<UInt64> {
    lines.load(fromByteOffset: Int(truncatingIfNeeded: number) &* 8, as: SIMD8<UInt64>.self)
  }

  /// Has the entries of leaves32 be the places of the leaves' values.
  @inline(__always)
  mutating func findPlaces(_ starts: UnsafePointer<UInt32>) {
    first = LeafPlaces.of(first, starts)
    second = LeafPlaces.of(second, starts + 16)
    third = LeafPlaces.of(third, starts + 32)
    fourth = LeafPlaces.of(fourth, starts + 48)
  }
}

/// The lines of a group are read while the leaves of the group before are added: reading waits for
/// the cache, adding for the sum before.
@inline(__always)
private func scoreGroups<Value: BinaryFloatingPoint>(
  _ view: TableQuickScorerView, _ leaves: LeafSumView<Value>, _ first: Int, _ end: Int,
  _ rows: UnsafePointer<UInt32>, _ sums: UnsafeMutablePointer<Value>, _ treesPerLine: Int,
  _ place: (UnsafeRawPointer, UnsafePointer<UInt32>, Int) -> Int
) {
  let treesPerGroup = TableGroup.blockCount &* treesPerLine
  let values = leaves.values
  var group = first / treesPerGroup
  var sum = sums[0]
  var entries = GroupEntries()
  andLines(view, group, rows, into: &entries) {}
  while true {
    let base = group &* treesPerGroup
    let starts = leaves.starts + base
    let past = end &- base < treesPerGroup ? end &- base : treesPerGroup
    let isLast = base &+ past == end
    var k = first > base ? first &- base : 0
    var next = GroupEntries()
    if LeafPlaces.areFound && treesPerLine == 16 { entries.findPlaces(starts) }
    withUnsafePointer(to: &entries) { entries in
      let entries = UnsafeRawPointer(entries)
      if let outputs = leaves.outputs {
        while k < past {
          sums[Int(outputs[base &+ k])] += values[place(entries, starts, k)]
          k = k &+ 1
        }
        if !isLast { andLines(view, group &+ 1, rows, into: &next) {} }
        return
      }
      if !isLast {
        andLines(view, group &+ 1, rows, into: &next) {
          if k &+ 4 <= past {
            sum += values[place(entries, starts, k)]
            sum += values[place(entries, starts, k &+ 1)]
            sum += values[place(entries, starts, k &+ 2)]
            sum += values[place(entries, starts, k &+ 3)]
            k = k &+ 4
          }
        }
      }
      while k < past {
        sum += values[place(entries, starts, k)]
        k = k &+ 1
      }
    }
    if isLast { break }
    group = group &+ 1
    entries = next
  }
  if leaves.outputs == nil { sums[0] = sum }
}

/// Takes what the row's values exclude from the entries of a group; `step` is called between
/// columns.
@inline(__always)
private func andLines(
  _ view: TableQuickScorerView, _ group: Int, _ rows: UnsafePointer<UInt32>,
  into entries: inout GroupEntries, _ step: () -> Void
) {
  let lines = UnsafeRawPointer(view.lines + Int(view.lineStarts[group]))
  let numbers = view.lineNumbers + group &* TableGroup.blockCount
  var column = view.columns + Int(view.columnStarts[group])
  let past = view.columns + Int(view.columnStarts[group &+ 1])
  var found = entries
  while column < past {
    found.and(lines, numbers + Int(rows[Int(column.pointee)]))
    column += 1
    step()
  }
  entries = found
}
