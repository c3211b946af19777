import KernelViews
import TreeIR

extension EngineName {
  /// A walk over nodes of four bytes, eight trees at a time, a row at a time.
  public static let predicateWalk = EngineName(rawValue: "predwalk")
}

/// Scores a row at a time: its values become ranks first, so that nodes compare bytes and are
/// small, and each of eight walkers goes on with its next tree when it has reached a leaf.
final class PredicateWalkEngine: EnsembleEngine {
  static var name: EngineName { .predicateWalk }

  private let input: RowInputPlan
  private let cells: RowCells
  private let values: LeafValues
  private let narrow: AlignedBuffer<NarrowNode>
  private let wide: AlignedBuffer<WideNode>
  private let roots: AlignedBuffer<UInt32>
  /// Of the buffers above.
  private let view: TreeWalkView
  private let layout: RowMemoryLayout
  private let sums: RowSums
  private let kernels: RowKernels
  private let rowCost: Double

  static func make(
    _ ensemble: Ensemble, _ context: EngineContext
  ) throws(EngineRefusal) -> any EnsembleEngine {
    let model = try context.rowTrees()
    guard
      let plan = TreeWalkTables.plan(
        model.trees, predicates: model.predicates, columns: model.columns)
    else { throw EngineRefusal("trees of more than 4,096 leaves, or more than 65,000 trees") }
    try context.check(byteCount: plan.byteCount)
    return try PredicateWalkEngine(ensemble, context, model, plan)
  }

  private init(
    _ ensemble: Ensemble, _ context: EngineContext, _ model: RowTrees,
    _ plan: TreeWalkTables.Plan
  ) throws(EngineRefusal) {
    let tables = TreeWalkTables(
      model.trees, predicates: model.predicates, columns: model.columns, plan: plan)
    input = RowInputPlan(try context.analysis.get())
    sums = RowSums(ensemble)
    values = LeafValues(
      model.trees, outputCount: ensemble.outputCount, areFloat: sums.areFloat)
    cells = RowCells(tables.cells)
    narrow = AlignedBuffer(tables.narrow, filler: NarrowNode(cell: 0, bound: 255, skip: 0))
    wide = AlignedBuffer(tables.wide, filler: WideNode(cell: 0, bound: 255, skip: 0, tree: 0))
    roots = AlignedBuffer(tables.roots, filler: 0)
    view = TreeWalkView(
      narrow: plan.isNarrow ? narrow.base : nil, wide: plan.isNarrow ? nil : wide.base,
      roots: roots.base, treeCount: model.trees.count, shift: tables.shift)
    layout = RowMemoryLayout(
      columns: model.columns.count, cells: tables.cellBytes,
      leaves: model.trees.count + walkerCount, outputs: ensemble.outputCount)
    kernels = RowKernels(instructionSet: context.instructionSet)
    rowCost = context.rowCosts.walk(
      cells: cells.count, model.trees, nodeBytes: narrow.byteCount + wide.byteCount)
  }

  var byteCount: Int {
    input.byteCount + cells.byteCount + values.byteCount + narrow.byteCount + wide.byteCount
      + roots.byteCount
  }

  func cost(rows: Int) -> Double { BlockCosts.call + rowCost * Double(rows) }

  func score(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into scores: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {
    scratch.withMemory(byteCount: layout.byteCount) { memory in
      sums.score(rows, &scores, places, layout.scratch(memory)) { row, scratch in
        kernels.walkTrees(input.view, cells.view, view, values.view, trees, row, scratch)
      }
    }
  }
}
