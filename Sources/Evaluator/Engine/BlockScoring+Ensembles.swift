import KernelViews
import TreeIR

extension BlockScoring {
  /// Has an engine score the trees of `step`; leaves go to `result` from `column` on.
  func score(
    _ step: GraphPlan.EnsembleStep, _ rows: borrowing RowMatrix, from first: Int, column: Int,
    into result: inout MutableSpan<Double>, _ columns: inout [Double],
    _ workspace: inout Workspace
  ) {
    if let guardColumn = step.guardColumn, choose(guardColumn, rows.count, &columns, &workspace) {
      scoreChosen(step, rows, &columns, &workspace)
    } else if let shortcut = step.shortcut,
      takesShortcut(step, shortcut, rows.count, &columns, &workspace)
    {
      scoreAll(
        shortcut, step, rows, from: first, column: column, into: &result, &columns, &workspace)
      scoreChosen(step, rows, &columns, &workspace)
    } else {
      scoreAll(
        step.trees, step, rows, from: first, column: column, into: &result, &columns, &workspace)
    }
    if step.needsScores { finish(step, rows.count, &columns) }
    if plan.wantsLeaves {
      nameLeaves(step, rows.count, from: first, column: column, into: &result, &columns)
    }
  }

  private func scoreAll(
    _ trees: GraphPlan.Trees, _ step: GraphPlan.EnsembleStep, _ rows: borrowing RowMatrix,
    from first: Int, column: Int, into result: inout MutableSpan<Double>,
    _ columns: inout [Double], _ workspace: inout Workspace
  ) {
    let engines = engines.ensembles[trees.ensemble]
    guard let packing = trees.packing,
      !engines.makesStatistics(rows: rows.count, leaves: plan.wantsLeaves)
    else {
      run(
        trees.ensemble, step, rows, from: first, column: column, into: &result, &columns,
        &workspace)
      return
    }
    let packed = pack(rows, plan.graph.packings[packing], engines, &columns, &workspace)
    let matrix = RowMatrix(
      packed.span, stride: packedWidth, width: packedWidth, count: rows.count)
    run(
      trees.ensemble, step, matrix, from: first, column: column, into: &result, &columns,
      &workspace)
    workspace.packed = packed
  }

  /// Lists the rows for which the shortcut does not give the same. False where it does not pay.
  private func takesShortcut(
    _ step: GraphPlan.EnsembleStep, _ shortcut: GraphPlan.Trees, _ rows: Int,
    _ columns: inout [Double], _ workspace: inout Workspace
  ) -> Bool {
    guard !plan.wantsLeaves, let column = step.shortcutColumn else { return false }
    workspace.chosen.removeAll(keepingCapacity: true)
    let truths = column * ColumnBlock.columnStride(rows: rows)
    for row in 0..<rows where columns[truths + row] != 1 { workspace.chosen.append(row) }
    if workspace.chosen.isEmpty || workspace.chosen.count == rows {
      return workspace.chosen.isEmpty
    }
    let all = engines.ensembles[step.trees.ensemble]
    return engines.ensembles[shortcut.ensemble].cost(rows: rows)
      + all.cost(rows: workspace.chosen.count) < all.cost(rows: rows)
  }

  /// Lists the rows of the block for which the guard is 1. False where they are nearly all, so that
  /// it costs less to score the others, too.
  private func choose(
    _ guardColumn: Int, _ rows: Int, _ columns: inout [Double], _ workspace: inout Workspace
  ) -> Bool {
    guard !plan.wantsLeaves else { return false }
    workspace.chosen.removeAll(keepingCapacity: true)
    let truths = guardColumn * ColumnBlock.columnStride(rows: rows)
    for row in 0..<rows where columns[truths + row] == 1 { workspace.chosen.append(row) }
    return workspace.chosen.count * 8 <= rows * 7
  }

  /// Scores the rows that the workspace lists.
  private func scoreChosen(
    _ step: GraphPlan.EnsembleStep, _ rows: borrowing RowMatrix, _ columns: inout [Double],
    _ workspace: inout Workspace
  ) {
    guard step.needsScores, !workspace.chosen.isEmpty else { return }
    var chosen: [Int] = []
    swap(&chosen, &workspace.chosen)
    var packed: [Double]
    let rowWidth: Int
    let engines = engines.ensembles[step.trees.ensemble]
    if let packing = step.trees.packing {
      packed = pack(rows, plan.graph.packings[packing], engines, &columns, &workspace)
      rowWidth = packedWidth
      // Rows only move to the front.
      for (place, row) in chosen.enumerated() where place != row {
        for number in 0..<rowWidth {
          packed[place * rowWidth + number] = packed[row * rowWidth + number]
        }
      }
    } else {
      packed = []
      swap(&packed, &workspace.packed)
      rowWidth = rows.width
      let size = rowWidth * chosen.count
      if packed.count < size { packed = [Double](repeating: .nan, count: size) }
      for (place, row) in chosen.enumerated() {
        for slot in 0..<rows.width { packed[place * rowWidth + slot] = rows[row, slot] }
      }
    }
    let width = step.outputs.count
    var staging: [Double] = []
    swap(&staging, &workspace.staging)
    if staging.count < width * chosen.count {
      staging = [Double](repeating: .nan, count: width * rows.count)
    }
    var span = staging.mutableSpan
    engines.score(
      RowMatrix(packed.span, stride: rowWidth, width: rowWidth, count: chosen.count),
      trees: engine.trees(step.trees.ensemble, options), into: &span,
      ScorePlaces(first: 0, stride: width), &workspace.scratch)
    let stride = ColumnBlock.columnStride(rows: rows.count)
    for (place, row) in chosen.enumerated() {
      for output in 0..<width {
        columns[(step.outputs.lowerBound + output) * stride + row] = staging[place * width + output]
      }
    }
    workspace.staging = staging
    workspace.packed = packed
    workspace.chosen = chosen
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
    _ ensemble: Int, _ step: GraphPlan.EnsembleStep, _ matrix: borrowing RowMatrix,
    from first: Int, column: Int, into result: inout MutableSpan<Double>, _ columns: inout [Double],
    _ workspace: inout Workspace
  ) {
    let trees = engine.trees(ensemble, options)
    if plan.wantsLeaves {
      engines.ensembles[ensemble].findLeaves(
        matrix, trees: trees, into: &result,
        ScorePlaces(first: first * width + column, stride: width), &workspace.scratch)
    }
    guard step.needsScores else { return }
    let stride = ColumnBlock.columnStride(rows: matrix.count)
    if step.outputs.count == 1 || stride == 1 {
      var span = columns.mutableSpan
      engines.ensembles[ensemble].score(
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
    engines.ensembles[ensemble].score(
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
    let iterations = engine.iterations(step.trees.ensemble, options)
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
    let trees = engine.trees(step.trees.ensemble, options)
    let stride = ColumnBlock.columnStride(rows: rows)
    for row in 0..<rows {
      let runs = step.guardColumn.map { columns[$0 * stride + row] == 1 } ?? true
      var place = (first + row) * width + column
      for tree in trees {
        result[place] =
          runs ? engine.nativeID(step.trees.ensemble, leaf: Int(result[place]), of: tree) : .nan
        place += 1
      }
    }
  }
}
