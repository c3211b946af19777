import TreeIR

/// Scores rows with the engines of a plan, and runs all other operations on columns.
struct BlockScoring {
  let engine: ScoringEngine
  let engines: EnginePlan
  let plan: OutputPlan
  let options: PredictionOptions
  /// Numbers that a row's result has.
  let width: Int

  /// Rows that are handed over at once, where that is not for the graph to say.
  static let blockRows = GraphPlan.engineRows

  /// Scores `rows`, whose columns are the input columns, and writes their results from row
  /// `first` of `result` on.
  func score(
    _ rows: borrowing RowMatrix, from first: Int, into result: inout MutableSpan<Double>,
    _ workspace: inout Workspace
  ) {
    if let ensemble = plan.onlyScores {
      engines.ensembles[ensemble].score(
        rows, trees: engine.trees(ensemble, options), into: &result,
        ScorePlaces(first: first * width, stride: width), &workspace.scratch)
      return
    }
    // Taken out, because the workspace cannot be lent in two parts.
    var columns: [Double] = []
    swap(&columns, &workspace.columns)
    var start = 0
    while start < rows.count {
      let end = min(start + plan.graph.blockRows, rows.count)
      scoreBlock(rows.rows(start..<end), from: first + start, into: &result, &columns, &workspace)
      start = end
    }
    workspace.columns = columns
  }

  private func scoreBlock(
    _ rows: borrowing RowMatrix, from first: Int, into result: inout MutableSpan<Double>,
    _ columns: inout [Double], _ workspace: inout Workspace
  ) {
    let size = ColumnBlock.size(columns: plan.graph.columnCount, rows: rows.count)
    if columns.count < size { columns = [Double](repeating: .nan, count: size) }
    let mayRefuse = !plan.graph.lists.reasons.isEmpty
    if mayRefuse { workspace.beginRefusals(rows: rows.count) }
    withBlock(&columns, rows.count) { $0.begin(rows, plan.graph) }
    // Then they are no concern of the graph.
    let makesStatistics = engines.ensembles.contains {
      $0.statisticNumbers != nil
        || $0.makesStatistics(rows: rows.count, leaves: plan.wantsLeaves)
    }
    var leafColumn = 0
    for place in plan.graph.steps.indices {
      switch plan.graph.steps[place] {
      case .operation(let operation):
        run(operation, rows: rows.count, &columns, &workspace)
      case .statistics where makesStatistics: break
      case .statistics(let number):
        withBlock(&columns, rows.count) {
          plan.graph.statistics[number].run($0, &workspace.scratch)
        }
      case .missingInputs(let missing):
        withBlock(&columns, rows.count) { $0.find(missing, in: rows) }
      case .ensemble(let step):
        score(
          step, rows, from: first, column: leafColumn, into: &result, &columns, &workspace)
        if plan.wantsLeaves { leafColumn += engine.trees(step.trees.ensemble, options).count }
      }
    }
    putResults(rows.count, from: first, into: &result, &columns)
    if mayRefuse { refuse(rows.count, from: first, into: &result, &workspace) }
  }

  @inline(__always)
  func withBlock<Result>(
    _ columns: inout [Double], _ rows: Int, _ body: (ColumnBlock) -> Result
  ) -> Result {
    columns.withUnsafeMutableBufferPointer { memory in
      guard let base = memory.baseAddress else { preconditionFailure("no columns") }
      return body(ColumnBlock(base, columns: plan.graph.columnCount, rows: rows))
    }
  }

  private func putResults(
    _ count: Int, from first: Int, into result: inout MutableSpan<Double>,
    _ columns: inout [Double]
  ) {
    let outputs = plan.graph.outputs
    guard !outputs.isEmpty else { return }
    withBlock(&columns, count) { block in
      result.withUnsafeMutableBufferPointer { target in
        precondition((first + count) * outputs.count <= target.count)
        guard let base = target.baseAddress else { return }
        block.put(outputs, to: base + first * outputs.count)
      }
    }
  }

  // MARK: Operations

  private func run(
    _ operation: ColumnOperation, rows: Int, _ columns: inout [Double],
    _ workspace: inout Workspace
  ) {
    switch operation.kind {
    case .requirement(let condition, let reason):
      withBlock(&columns, rows) { block in
        let conditions = block[condition]
        let guards = operation.guardColumn.map { block[$0] }
        for row in 0..<rows where conditions[row] != 1 && (guards.map { $0[row] == 1 } ?? true) {
          workspace.refuse(row, reason: reason)
        }
      }
      return
    case .rowwise(let number):
      run(plan.graph.lists.rowwise[number], operation.guardColumn, rows: rows, &columns, &workspace)
      withBlock(&columns, rows) { operation.applyGuard($0) }
    case .link(let function, let inputs):
      ColumnLink.run(
        function, inputs, to: operation.outputs, &columns, rows: rows,
        staging: &workspace.staging)
      guard operation.guardColumn != nil else { return }
      withBlock(&columns, rows) { operation.applyGuard($0) }
    default:
      withBlock(&columns, rows) { block in
        operation.run(block, plan.graph.lists)
        operation.applyGuard(block)
      }
    }
  }

  /// Runs an operation by the book on the rows for which the guard is 1.
  private func run(
    _ rowwise: ColumnLists.Rowwise, _ guardColumn: Int?, rows: Int, _ columns: inout [Double],
    _ workspace: inout Workspace
  ) {
    let stride = ColumnBlock.columnStride(rows: rows)
    let texts = workspace.texts
    for row in 0..<rows {
      if let guardColumn, columns[guardColumn * stride + row] != 1 { continue }
      for read in rowwise.reads {
        workspace.slots[read.slot] = columns[read.column * stride + row]
      }
      _ = engine.run(rowwise.operation, options, &workspace.slots, texts)
      for write in rowwise.writes {
        columns[write.column * stride + row] = workspace.slots[write.slot]
      }
    }
  }

  /// Lists the rows of the block that have been refused, and makes their results NaN.
  private func refuse(
    _ rows: Int, from first: Int, into result: inout MutableSpan<Double>,
    _ workspace: inout Workspace
  ) {
    for row in first..<first + rows {
      guard let reason = workspace.refusalReason(row - first) else { continue }
      workspace.refusals.append(
        Workspace.Refusal(row: row, reason: plan.graph.lists.reasons[reason]))
      for place in row * width..<(row + 1) * width { result[place] = .nan }
    }
  }
}
