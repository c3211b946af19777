import KernelViews
import TreeIR

extension EngineName {
  /// A walk over complete trees of predicate numbers, eight at a time, a row at a time.
  public static let depthWalk = EngineName(rawValue: "depthwalk")
}

/// Scores a row at a time: all predicates become bytes, and trees of at most twelve levels are
/// filled up to complete ones, so that the children of split i are 2i and 2i + 1.
final class DepthWalkEngine: EnsembleEngine {
  static var name: EngineName { .depthWalk }

  private let input: RowInputPlan
  private let cells: RowCells
  private let narrow: AlignedBuffer<UInt16>
  private let wide: AlignedBuffer<UInt32>
  private let nodeStarts: AlignedBuffer<Int32>
  private let depths: AlignedBuffer<UInt8>
  private let valueStarts: AlignedBuffer<UInt32>
  private let doubles: AlignedBuffer<Double>
  private let floats: AlignedBuffer<Float>
  private let outputs: AlignedBuffer<UInt16>
  private let predicateStarts: AlignedBuffer<UInt32>
  private let rankCells: Int
  private let isNarrow: Bool
  private let layout: RowMemoryLayout
  private let sums: RowSums
  private let kernels: RowKernels
  private let rowCost: Double

  static func make(
    _ ensemble: Ensemble, _ context: EngineContext
  ) throws(EngineRefusal) -> any EnsembleEngine {
    let model = try context.rowTrees()
    guard
      let plan = DepthWalkPlan(
        model.trees, predicates: model.predicates, columns: model.columns,
        valueBytes: ensemble.profile.accumulator == .float32 ? 4 : 8,
        outputCount: ensemble.outputCount)
    else { throw EngineRefusal("trees of more than 12 levels") }
    try context.check(byteCount: plan.byteCount)
    return try DepthWalkEngine(ensemble, context, model, plan)
  }

  private init(
    _ ensemble: Ensemble, _ context: EngineContext, _ model: RowTrees, _ plan: DepthWalkPlan
  ) throws(EngineRefusal) {
    let tables = DepthWalkTables<Double>(
      model.trees, predicates: model.predicates, columns: model.columns,
      outputCount: ensemble.outputCount, plan: plan)
    input = RowInputPlan(try context.analysis.get())
    sums = RowSums(ensemble)
    cells = RowCells(tables.cells)
    narrow = AlignedBuffer(tables.narrow, filler: 0)
    wide = AlignedBuffer(tables.wide, filler: 0)
    nodeStarts = AlignedBuffer(tables.nodeStarts, filler: 0)
    depths = AlignedBuffer(tables.depths, filler: 0)
    valueStarts = AlignedBuffer(tables.valueStarts, filler: 0)
    doubles = AlignedBuffer(sums.areFloat ? [] : tables.values, filler: 0)
    floats = AlignedBuffer(sums.areFloat ? tables.values.map { Float($0) } : [], filler: 0)
    outputs = AlignedBuffer(tables.outputs, filler: 0)
    predicateStarts = AlignedBuffer(tables.predicateStarts, filler: 0)
    rankCells = tables.rankCells
    isNarrow = plan.isNarrow
    layout = RowMemoryLayout(
      columns: model.columns.count, cells: max(cells.count, 1),
      predicates: tables.predicateBytes, outputs: ensemble.outputCount)
    kernels = RowKernels(instructionSet: context.instructionSet)
    rowCost = context.rowCosts.depthWalk(
      cells: cells.count, predicateBytes: tables.predicateBytes, steps: plan.stepCount,
      trees: model.trees.count, byteCount: plan.byteCount)
  }

  var byteCount: Int {
    input.byteCount + cells.byteCount + narrow.byteCount + wide.byteCount
      + nodeStarts.byteCount + depths.byteCount + valueStarts.byteCount + doubles.byteCount
      + floats.byteCount + outputs.byteCount + predicateStarts.byteCount
  }

  func cost(rows: Int) -> Double { BlockCosts.call + rowCost * Double(rows) }

  private func view<Value>(_ values: UnsafePointer<Value>) -> DepthWalkView<Value> {
    DepthWalkView(
      narrow: isNarrow ? narrow.base : nil, wide: isNarrow ? nil : wide.base,
      nodeStarts: nodeStarts.base, depths: depths.base, valueStarts: valueStarts.base,
      values: values, outputs: outputs.count > 0 ? outputs.base : nil)
  }

  func score(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into scores: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {
    let predicates = PredicateBytesView(
      starts: predicateStarts.base, rankCells: rankCells, cellCount: cells.count)
    scratch.withMemory(byteCount: layout.byteCount) { memory in
      let memory = layout.scratch(memory)
      if sums.areFloat {
        let view = view(floats.base)
        sums.score(rows, &scores, places, memory) { row, scratch in
          kernels.walkDepths(input.view, cells.view, predicates, view, trees, row, scratch)
        }
      } else {
        let view = view(doubles.base)
        sums.score(rows, &scores, places, memory) { row, scratch in
          kernels.walkDepths(input.view, cells.view, predicates, view, trees, row, scratch)
        }
      }
    }
  }
}
