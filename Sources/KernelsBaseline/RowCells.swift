import KernelViews

/// Fills a row's cells from its states.
///
/// A cell is what nodes compare with their bound: the rank in a column under one rule for missing
/// values, or 0/1 for a set of categories.
///
/// - Preconditions: every state is below its column's state count; `cells` has `count` bytes.
@inline(__always)
func fillCells(
  _ view: RowCellsView, states: UnsafePointer<UInt16>, cells: UnsafeMutablePointer<UInt8>
) {
  let columns = view.columns
  let starts = view.starts
  let values = view.values
  let count = view.count
  var k = 0
  while k < count {
    cells[k] = values[Int(starts[k]) &+ Int(states[Int(columns[k])])]
    k = k &+ 1
  }
}
