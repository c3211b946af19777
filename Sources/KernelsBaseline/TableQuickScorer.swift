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
    rows[c] = view.lineNumbers + (Int(view.states[c]) &+ Int(states[c])) &* view.blockCount
    c = c &+ 1
  }
  switch view.entry {
  case .leaves8:
    scoreBlocks(view, leaves, first, end, rows, sums, 64) {
      Int(truncatingIfNeeded: UInt32($0.load(fromByteOffset: $1, as: UInt8.self)).lowestBit)
    }
  case .leaves16:
    scoreBlocks(view, leaves, first, end, rows, sums, 32) {
      UInt32($0.load(fromByteOffset: $1 &* 2, as: UInt16.self)).lowestBit
    }
  case .leaves32:
    scoreBlocks(view, leaves, first, end, rows, sums, 16) {
      $0.load(fromByteOffset: $1 &* 4, as: UInt32.self).lowestBit
    }
  case .leaves64:
    scoreBlocks(view, leaves, first, end, rows, sums, 8) {
      ($0.load(fromByteOffset: $1 &* 8, as: UInt64.self) | 1 &<< 63).trailingZeroBitCount
    }
  case .levels8:
    scoreBlocks(view, leaves, first, end, rows, sums, 64) {
      Int($0.load(fromByteOffset: $1, as: UInt8.self))
    }
  case .levels16:
    scoreBlocks(view, leaves, first, end, rows, sums, 32) {
      Int($0.load(fromByteOffset: $1 &* 2, as: UInt16.self))
    }
  }
}

extension UInt32 {
  /// The position of the lowest set bit; the top bit counts as set, which saves a test for zero.
  @inline(__always)
  fileprivate var lowestBit: Int { (self | 1 &<< 31).trailingZeroBitCount }
}

@inline(__always)
private func scoreBlocks<Value: BinaryFloatingPoint>(
  _ view: TableQuickScorerView, _ leaves: LeafSumView<Value>, _ first: Int, _ end: Int,
  _ rows: UnsafeMutablePointer<UnsafePointer<UInt16>>, _ sums: UnsafeMutablePointer<Value>,
  _ treesPerLine: Int, _ leaf: (UnsafeRawPointer, Int) -> Int
) {
  var block = first / treesPerLine
  var sum = sums[0]
  while block &* treesPerLine < end {
    var entries = andLines(view, block, rows)
    let base = block &* treesPerLine
    withUnsafePointer(to: &entries) { entries in
      let entries = UnsafeRawPointer(entries)
      var k = first > base ? first &- base : 0
      let past = end &- base < treesPerLine ? end &- base : treesPerLine
      let starts = leaves.starts + base
      if let outputs = leaves.outputs {
        while k < past {
          let value = leaves.values[Int(starts[k]) &+ leaf(entries, k)]
          sums[Int(outputs[base &+ k])] += value
          k = k &+ 1
        }
      } else if past &- k == treesPerLine {
        k = 0
        while k < treesPerLine {
          sum += leaves.values[Int(starts[k]) &+ leaf(entries, k)]
          k = k &+ 1
        }
      } else {
        while k < past {
          sum += leaves.values[Int(starts[k]) &+ leaf(entries, k)]
          k = k &+ 1
        }
      }
    }
    block = block &+ 1
  }
  if leaves.outputs == nil { sums[0] = sum }
}

/// The entries of the row in a block.
@inline(__always)
private func andLines(
  _ view: TableQuickScorerView, _ block: Int,
  _ rows: UnsafeMutablePointer<UnsafePointer<UInt16>>
) -> SIMD8<UInt64> {
  let lines = view.lines + Int(view.lineStarts[block])
  var column = view.columns + Int(view.columnStarts[block])
  let past = view.columns + Int(view.columnStarts[block &+ 1])
  var entries = SIMD8<UInt64>(repeating: ~0)
  while column < past {
    let a = lines[Int(rows[Int(column[0])][block])] & lines[Int(rows[Int(column[1])][block])]
    let b = lines[Int(rows[Int(column[2])][block])] & lines[Int(rows[Int(column[3])][block])]
    entries = entries & (a & b)
    column += 4
  }
  return entries
}
