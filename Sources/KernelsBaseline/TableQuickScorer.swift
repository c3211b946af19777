import KernelViews

/// Adds the leaf values of trees `first..<end` to `sums`, one by one in tree order.
///
/// - Preconditions: 0 <= first <= end <= treeCount; every state is below its column's state count;
///   `rows` has room for `columnCount` pointers, `sums` has an element for every output.
@inline(__always)
func scoreAllTables<Value: BinaryFloatingPoint>(
  _ view: TableQuickScorerView, _ leaves: LeafSumView<Value>, _ first: Int, _ end: Int,
  _ states: UnsafePointer<UInt16>, _ rows: UnsafeMutablePointer<UnsafePointer<UInt16>>,
  _ sums: UnsafeMutablePointer<Value>
) {
  if first >= end { return }
  var c = 0
  while c < view.columnCount {
    rows[c] = view.lineNumbers + (Int(view.states[c]) &+ Int(states[c])) &* view.blockStride
    c = c &+ 1
  }
  switch view.entry {
  case .leaves8:
    scoreGroups(view, leaves, first, end, rows, sums, 64) {
      Int(truncatingIfNeeded: UInt32($0.load(fromByteOffset: $1, as: UInt8.self)).lowestBit)
    }
  case .leaves16:
    scoreGroups(view, leaves, first, end, rows, sums, 32) {
      UInt32($0.load(fromByteOffset: $1 &* 2, as: UInt16.self)).lowestBit
    }
  case .leaves32:
    scoreGroups(view, leaves, first, end, rows, sums, 16) {
      $0.load(fromByteOffset: $1 &* 4, as: UInt32.self).lowestBit
    }
  case .leaves64:
    scoreGroups(view, leaves, first, end, rows, sums, 8) {
      ($0.load(fromByteOffset: $1 &* 8, as: UInt64.self) | 1 &<< 63).trailingZeroBitCount
    }
  case .levels8:
    scoreGroups(view, leaves, first, end, rows, sums, 64) {
      Int($0.load(fromByteOffset: $1, as: UInt8.self))
    }
  case .levels16:
    scoreGroups(view, leaves, first, end, rows, sums, 32) {
      Int($0.load(fromByteOffset: $1 &* 2, as: UInt16.self))
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
  mutating func and(_ lines: UnsafePointer<SIMD8<UInt64>>, _ numbers: UnsafePointer<UInt16>) {
    first = first & lines[Int(numbers[0])]
    second = second & lines[Int(numbers[1])]
    third = third & lines[Int(numbers[2])]
    fourth = fourth & lines[Int(numbers[3])]
  }
}

/// The lines of a group are read while the leaves of the group before are added: reading waits for
/// the cache, adding for the sum before.
@inline(__always)
private func scoreGroups<Value: BinaryFloatingPoint>(
  _ view: TableQuickScorerView, _ leaves: LeafSumView<Value>, _ first: Int, _ end: Int,
  _ rows: UnsafeMutablePointer<UnsafePointer<UInt16>>, _ sums: UnsafeMutablePointer<Value>,
  _ treesPerLine: Int, _ leaf: (UnsafeRawPointer, Int) -> Int
) {
  let treesPerGroup = TableGroup.blockCount &* treesPerLine
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
    withUnsafePointer(to: &entries) { entries in
      let entries = UnsafeRawPointer(entries)
      if let outputs = leaves.outputs {
        while k < past {
          let value = leaves.values[Int(starts[k]) &+ leaf(entries, k)]
          sums[Int(outputs[base &+ k])] += value
          k = k &+ 1
        }
        if !isLast { andLines(view, group &+ 1, rows, into: &next) {} }
        return
      }
      if !isLast {
        andLines(view, group &+ 1, rows, into: &next) {
          if k &+ 4 <= past {
            sum += leaves.values[Int(starts[k]) &+ leaf(entries, k)]
            sum += leaves.values[Int(starts[k &+ 1]) &+ leaf(entries, k &+ 1)]
            sum += leaves.values[Int(starts[k &+ 2]) &+ leaf(entries, k &+ 2)]
            sum += leaves.values[Int(starts[k &+ 3]) &+ leaf(entries, k &+ 3)]
            k = k &+ 4
          }
        }
      }
      while k < past {
        sum += leaves.values[Int(starts[k]) &+ leaf(entries, k)]
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
  _ view: TableQuickScorerView, _ group: Int,
  _ rows: UnsafeMutablePointer<UnsafePointer<UInt16>>, into entries: inout GroupEntries,
  _ step: () -> Void
) {
  let lines = view.lines + Int(view.lineStarts[group])
  let block = group &* TableGroup.blockCount
  var column = view.columns + Int(view.columnStarts[group])
  let past = view.columns + Int(view.columnStarts[group &+ 1])
  var found = entries
  while column < past {
    found.and(lines, rows[Int(column.pointee)] + block)
    column += 1
    step()
  }
  entries = found
}
