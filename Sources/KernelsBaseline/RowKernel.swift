import KernelViews

/// The engines for single rows. Each adds the leaf values of some trees to the sums of one row,
/// one by one in the order of the trees.
///
/// The caller guarantees that views and scratch memory were made by the same plan, and that the
/// row has all the columns that it reads.
package enum RowKernel {
  package static func scoreTables(
    _ input: RowInputView, _ view: TableQuickScorerView, _ values: LeafSumView<Double>,
    _ trees: Range<Int>, _ row: UnsafePointer<Double>, _ scratch: RowScratch
  ) {
    putStates(input, row, scratch.states)
    scoreTables(view, values, trees, scratch)
  }

  package static func scoreTables(
    _ input: RowInputView, _ view: TableQuickScorerView, _ values: LeafSumView<Float>,
    _ trees: Range<Int>, _ row: UnsafePointer<Double>, _ scratch: RowScratch
  ) {
    putStates(input, row, scratch.states)
    scoreTables(view, values, trees, scratch)
  }

  package static func walkTrees(
    _ input: RowInputView, _ cells: RowCellsView, _ view: TreeWalkView,
    _ values: LeafSumView<Double>, _ trees: Range<Int>, _ row: UnsafePointer<Double>,
    _ scratch: RowScratch
  ) {
    putStates(input, row, scratch.states)
    walkTrees(cells, view, trees, scratch)
    addLeaves(values, trees, scratch)
  }

  package static func walkTrees(
    _ input: RowInputView, _ cells: RowCellsView, _ view: TreeWalkView,
    _ values: LeafSumView<Float>, _ trees: Range<Int>, _ row: UnsafePointer<Double>,
    _ scratch: RowScratch
  ) {
    putStates(input, row, scratch.states)
    walkTrees(cells, view, trees, scratch)
    addLeaves(values, trees, scratch)
  }

  package static func walkDepths(
    _ input: RowInputView, _ cells: RowCellsView, _ predicates: PredicateBytesView,
    _ view: DepthWalkView<Double>, _ trees: Range<Int>, _ row: UnsafePointer<Double>,
    _ scratch: RowScratch
  ) {
    putStates(input, row, scratch.states)
    putPredicates(cells, predicates, scratch)
    walkDepths(view, trees, scratch)
  }

  package static func walkDepths(
    _ input: RowInputView, _ cells: RowCellsView, _ predicates: PredicateBytesView,
    _ view: DepthWalkView<Float>, _ trees: Range<Int>, _ row: UnsafePointer<Double>,
    _ scratch: RowScratch
  ) {
    putStates(input, row, scratch.states)
    putPredicates(cells, predicates, scratch)
    walkDepths(view, trees, scratch)
  }

  @inline(__always)
  private static func scoreTables<Value: BinaryFloatingPoint>(
    _ view: TableQuickScorerView, _ values: LeafSumView<Value>, _ trees: Range<Int>,
    _ scratch: RowScratch
  ) {
    scoreAllTables(
      view, values, trees.lowerBound, trees.upperBound, scratch.states, scratch.lineRows,
      scratch.sums.assumingMemoryBound(to: Value.self))
  }

  @inline(__always)
  private static func walkTrees(
    _ cells: RowCellsView, _ view: TreeWalkView, _ trees: Range<Int>, _ scratch: RowScratch
  ) {
    fillCells(cells, states: scratch.states, cells: scratch.cells)
    walkAllTrees(
      view, first: trees.lowerBound, end: trees.upperBound, cells: scratch.cells,
      leaves: scratch.leaves)
  }

  @inline(__always)
  private static func addLeaves<Value: BinaryFloatingPoint>(
    _ values: LeafSumView<Value>, _ trees: Range<Int>, _ scratch: RowScratch
  ) {
    sumLeaves(
      values, trees.lowerBound, trees.upperBound, scratch.leaves,
      scratch.sums.assumingMemoryBound(to: Value.self))
  }

  @inline(__always)
  private static func putPredicates(
    _ cells: RowCellsView, _ predicates: PredicateBytesView, _ scratch: RowScratch
  ) {
    fillCells(cells, states: scratch.states, cells: scratch.cells)
    fillPredicates(predicates, cells: scratch.cells, bytes: scratch.predicates)
  }

  @inline(__always)
  private static func walkDepths<Value: BinaryFloatingPoint>(
    _ view: DepthWalkView<Value>, _ trees: Range<Int>, _ scratch: RowScratch
  ) {
    walkGroups(
      view, trees.lowerBound, trees.upperBound, scratch.predicates,
      scratch.sums.assumingMemoryBound(to: Value.self))
  }
}
