/// What turns a row into states, one for every column: threshold columns first, whose states are
/// ranks, and one more for a missing value; then class columns, whose states are rows of bits.
package struct RowInputView: @unchecked Sendable {
  package var quantiser: QuantiserView
  package var columnCount: Int
  package var classes: ClassView

  package init(quantiser: QuantiserView, columnCount: Int, classes: ClassView) {
    self.quantiser = quantiser
    self.columnCount = columnCount
    self.classes = classes
  }
}

/// Memory for one row.
///
/// Whoever makes one guarantees room for: a state and a number a column; the cells, predicates
/// and leaves that the builders of the tables ask for, all initialised; a sum an output.
package struct RowScratch {
  package var states: UnsafeMutablePointer<UInt16>
  package var lineRows: UnsafeMutablePointer<UInt32>
  package var cells: UnsafeMutablePointer<UInt8>
  package var predicates: UnsafeMutablePointer<UInt8>
  package var leaves: UnsafeMutablePointer<UInt16>
  /// Doubles or Floats.
  package var sums: UnsafeMutableRawPointer

  package init(
    states: UnsafeMutablePointer<UInt16>,
    lineRows: UnsafeMutablePointer<UInt32>, cells: UnsafeMutablePointer<UInt8>,
    predicates: UnsafeMutablePointer<UInt8>, leaves: UnsafeMutablePointer<UInt16>,
    sums: UnsafeMutableRawPointer
  ) {
    self.states = states
    self.lineRows = lineRows
    self.cells = cells
    self.predicates = predicates
    self.leaves = leaves
    self.sums = sums
  }
}
