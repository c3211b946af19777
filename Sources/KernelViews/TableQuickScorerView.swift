/// What an entry of a line tells about a tree.
package enum LineEntry: UInt8, Sendable {
  /// A bit for each leaf, set while the leaf can be reached; the lowest set bit is the row's leaf.
  case leaves8, leaves16, leaves32, leaves64
  /// The leaf's number itself, of an oblivious tree: a bit for each level, set where the row goes
  /// right.
  case levels8, levels16

  /// Trees in a line of 64 bytes.
  package var treesPerLine: Int {
    switch self {
    case .leaves8, .levels8: 64
    case .leaves16, .levels16: 32
    case .leaves32: 16
    case .leaves64: 8
    }
  }
}

/// What the table QuickScorer reads.
///
/// Trees form blocks of as many as have entries in a line of 64 bytes, and blocks groups. In a
/// block, each state of a column has a line: the entries of the block's trees as far as that column
/// decides them. The bitwise and of one line a column is the entries of the row. States that no split
/// of the block tells apart share a line, and columns that none asks about have one for all, so
/// that there are few.
package struct TableQuickScorerView: @unchecked Sendable {
  package var entry: LineEntry
  package var treeCount: Int
  /// Blocks in whole groups.
  package var blockStride: Int
  package var columnCount: Int
  /// Per column, the number of its state 0 among all columns' states.
  package var states: UnsafePointer<UInt32>
  /// Per state, the line in each block, among those of the block's group; times 8.
  package var lineNumbers: UnsafePointer<UInt16>
  /// Per group and at the end, where its columns start in `columns`.
  package var columnStarts: UnsafePointer<UInt32>
  /// The columns that each group's splits ask about, at least one.
  package var columns: UnsafePointer<UInt16>
  /// Per group, its first line.
  package var lineStarts: UnsafePointer<UInt32>
  /// The lines, on 64-byte boundaries.
  package var lines: UnsafePointer<SIMD8<UInt64>>
  package init(
    entry: LineEntry, treeCount: Int, blockStride: Int, columnCount: Int,
    states: UnsafePointer<UInt32>, lineNumbers: UnsafePointer<UInt16>,
    columnStarts: UnsafePointer<UInt32>, columns: UnsafePointer<UInt16>,
    lineStarts: UnsafePointer<UInt32>, lines: UnsafePointer<SIMD8<UInt64>>
  ) {
    self.entry = entry
    self.treeCount = treeCount
    self.blockStride = blockStride
    self.columnCount = columnCount
    self.states = states
    self.lineNumbers = lineNumbers
    self.columnStarts = columnStarts
    self.columns = columns
    self.lineStarts = lineStarts
    self.lines = lines
  }
}
