import KernelViews
import TreeIR

extension EngineName {
  /// Tables of the leaves that each value leaves possible, a row at a time.
  public static let tableQuickScorer = EngineName(rawValue: "tabqs")
}

/// Scores a row at a time: for every column, a table has for each rank of the value the leaves of
/// all trees that it leaves possible, and the bitwise and of one line a column is the leaf that
/// is reached. For trees of at most 64 leaves, and oblivious ones.
final class TableQuickScorerEngine: EnsembleEngine {
  static var name: EngineName { .tableQuickScorer }

  private let input: RowInputPlan
  private let values: LeafValues
  /// Of the buffers below.
  private let view: TableQuickScorerView
  private let lineNumbers: AlignedBuffer<UInt16>
  private let states: AlignedBuffer<UInt32>
  private let columnStarts: AlignedBuffer<UInt32>
  private let columns: AlignedBuffer<UInt16>
  private let lineStarts: AlignedBuffer<UInt32>
  private let lines: AlignedBuffer<SIMD8<UInt64>>
  private let layout: RowMemoryLayout
  private let sums: RowSums
  private let kernels: RowKernels
  private let rowCost: Double

  static func make(
    _ ensemble: Ensemble, _ context: EngineContext
  ) throws(EngineRefusal) -> any EnsembleEngine {
    let model = try context.rowTrees()
    guard
      let plan = TableQuickScorerTables.plan(
        model.trees, predicates: model.predicates, columns: model.columns)
    else {
      throw EngineRefusal(
        ensemble.treeCount == 0 ? "no trees" : "trees of more than 64 leaves, or no splits")
    }
    try context.check(byteCount: plan.byteCount)
    let tables = TableQuickScorerTables(
      model.trees, predicates: model.predicates, columns: model.columns, plan: plan)
    return try TableQuickScorerEngine(ensemble, context, model, tables, plan)
  }

  private init(
    _ ensemble: Ensemble, _ context: EngineContext, _ model: RowTrees,
    _ tables: TableQuickScorerTables, _ plan: TableQuickScorerTables.Plan
  ) throws(EngineRefusal) {
    input = RowInputPlan(try context.analysis.get())
    sums = RowSums(ensemble)
    values = LeafValues(
      model.trees, outputCount: ensemble.outputCount, areFloat: sums.areFloat)
    lineNumbers = AlignedBuffer(tables.lineNumbers, filler: 0)
    states = AlignedBuffer(tables.states, filler: 0)
    columnStarts = AlignedBuffer(tables.columnStarts, filler: 0)
    columns = AlignedBuffer(tables.columns, filler: 0)
    lineStarts = AlignedBuffer(tables.lineStarts, filler: 0)
    lines = AlignedBuffer(tables.lines, filler: SIMD8(repeating: 0))
    view = TableQuickScorerView(
      entry: tables.entry, treeCount: tables.treeCount, blockStride: tables.blockStride,
      columnCount: states.count, states: states.base, lineNumbers: lineNumbers.base,
      columnStarts: columnStarts.base, columns: columns.base, lineStarts: lineStarts.base,
      lines: lines.base)
    layout = RowMemoryLayout(columns: model.columns.count, outputs: ensemble.outputCount)
    kernels = RowKernels(instructionSet: context.instructionSet)
    rowCost = context.rowCosts.tables(
      trees: model.trees.count, lineReads: plan.lineReads, byteCount: plan.byteCount)
  }

  var byteCount: Int {
    input.byteCount + values.byteCount + lineNumbers.byteCount + states.byteCount
      + columnStarts.byteCount + columns.byteCount + lineStarts.byteCount + lines.byteCount
  }

  func cost(rows: Int) -> Double { BlockCosts.call + rowCost * Double(rows) }

  func score(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into scores: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {
    scratch.withMemory(byteCount: layout.byteCount) { memory in
      sums.score(rows, &scores, places, layout.scratch(memory)) { row, scratch in
        kernels.scoreTables(input.view, view, values.view, trees, row, scratch)
      }
    }
  }
}
