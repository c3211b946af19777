import KernelViews
import TreeIR

extension BlockScoring {
  /// Has an engine score the trees of `step`; leaves go to `result` from `column` on.
  func score(
    _ step: GraphPlan.EnsembleStep, _ rows: borrowing RowMatrix, from first: Int, column: Int,
    into result: inout MutableSpan<Double>, _ columns: inout [Double],
    _ workspace: inout Workspace
  ) {
    if let guardColumn = step.guardColumn,
      !withBlock(&columns, rows.count, { $0.isTrueSomewhere(guardColumn) })
    {
      // No row wants them.
    } else if let packing = step.packing,
      !engines.ensembles[step.ensemble].makesStatistics(
        rows: rows.count, leaves: plan.wantsLeaves)
    {
      let packed = pack(
        rows, plan.graph.packings[packing], engines.ensembles[step.ensemble], &columns,
        &workspace)
      let matrix = RowMatrix(
        packed.span, stride: packedWidth, width: packedWidth, count: rows.count)
      run(step, matrix, from: first, column: column, into: &result, &columns, &workspace)
      workspace.packed = packed
    } else {
      run(step, rows, from: first, column: column, into: &result, &columns, &workspace)
    }
    if step.needsScores { finish(step, rows.count, &columns) }
    if plan.wantsLeaves {
      nameLeaves(step, rows.count, from: first, column: column, into: &result, &columns)
    }
  }

  /// Numbers of a row that trees read together with results of operations.
  private var packedWidth: Int { max(engine.model.slotCount, QuantiserPlan.lanes) }

  /// Rows of what trees read. The workspace gets the memory back.
  private func pack(
    _ rows: borrowing RowMatrix, _ packing: borrowing GraphPlan.Packing,
    _ engines: EnsembleEngines, _ columns: inout [Double], _ workspace: inout Workspace
  ) -> [Double] {
    var packed: [Double] = []
    swap(&packed, &workspace.packed)
    let size = packedWidth * rows.count
    if packed.count < size { packed = [Double](repeating: .nan, count: size) }
    columns.withUnsafeMutableBufferPointer { memory in
      packed.withUnsafeMutableBufferPointer { packed in
        guard let columns = memory.baseAddress, let target = packed.baseAddress else { return }
        let block = ColumnBlock(columns, columns: plan.graph.columnCount, rows: rows.count)
        block.packInputs(rows, packing, to: target, width: packedWidth)
        guard let statistics = engines.statisticNumbers else {
          block.packResults(packing, to: target, width: packedWidth)
          return
        }
        rows.withBase { base in
          statistics.putNumbers(
            RowsView(base: base, stride: rows.stride, count: rows.count), engines.kernels,
            to: target, width: packedWidth, &workspace.scratch)
        }
      }
    }
    return packed
  }

  private func run(
    _ step: GraphPlan.EnsembleStep, _ matrix: borrowing RowMatrix, from first: Int, column: Int,
    into result: inout MutableSpan<Double>, _ columns: inout [Double],
    _ workspace: inout Workspace
  ) {
    let trees = engine.trees(step.ensemble, options)
    if plan.wantsLeaves {
      engines.ensembles[step.ensemble].findLeaves(
        matrix, trees: trees, into: &result,
        ScorePlaces(first: first * width + column, stride: width), &workspace.scratch)
    }
    guard step.needsScores else { return }
    let stride = ColumnBlock.columnStride(rows: matrix.count)
    if step.outputs.count == 1 || stride == 1 {
      var span = columns.mutableSpan
      engines.ensembles[step.ensemble].score(
        matrix, trees: trees, into: &span,
        ScorePlaces(first: step.outputs.lowerBound * stride, stride: 1), &workspace.scratch)
      return
    }
    // Engines write the scores of a row next to each other.
    var staging: [Double] = []
    swap(&staging, &workspace.staging)
    let size = step.outputs.count * matrix.count
    if staging.count < size { staging = [Double](repeating: .nan, count: size) }
    var span = staging.mutableSpan
    engines.ensembles[step.ensemble].score(
      matrix, trees: trees, into: &span, ScorePlaces(first: 0, stride: step.outputs.count),
      &workspace.scratch)
    withBlock(&columns, matrix.count) { block in
      staging.withUnsafeBufferPointer { staging in
        if let base = staging.baseAddress { block.take(base, to: step.outputs) }
      }
    }
    workspace.staging = staging
  }

  /// Tells of the range of iterations, and makes missing what the guard does not want.
  private func finish(_ step: GraphPlan.EnsembleStep, _ rows: Int, _ columns: inout [Double]) {
    guard step.range != nil || step.guardColumn != nil else { return }
    let iterations = engine.iterations(step.ensemble, options)
    withBlock(&columns, rows) { block in
      if let range = step.range {
        block.fill(range, with: Double(iterations.count))
        block.fill(range + 1, with: iterations.lowerBound == 0 ? 1 : 0)
      }
      guard let guardColumn = step.guardColumn else { return }
      for output in step.results { block.keep(output, where: guardColumn) }
    }
  }

  /// Turns the leaves in `result` into the numbers that the source file gives them.
  private func nameLeaves(
    _ step: GraphPlan.EnsembleStep, _ rows: Int, from first: Int, column: Int,
    into result: inout MutableSpan<Double>, _ columns: inout [Double]
  ) {
    let trees = engine.trees(step.ensemble, options)
    let stride = ColumnBlock.columnStride(rows: rows)
    for row in 0..<rows {
      let runs = step.guardColumn.map { columns[$0 * stride + row] == 1 } ?? true
      var place = (first + row) * width + column
      for tree in trees {
        result[place] =
          runs ? engine.nativeID(step.ensemble, leaf: Int(result[place]), of: tree) : .nan
        place += 1
      }
    }
  }
}
