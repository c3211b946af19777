/// How cells become one byte a predicate.
package struct PredicateBytesView: @unchecked Sendable {
  /// Per rank cell and at the end, its predicates' first byte.
  package var starts: UnsafePointer<UInt32>
  /// The cells that hold ranks come first, then those that hold 0 or 1.
  package var rankCells: Int
  package var cellCount: Int
  package init(starts: UnsafePointer<UInt32>, rankCells: Int, cellCount: Int) {
    self.starts = starts
    self.rankCells = rankCells
    self.cellCount = cellCount
  }
}
