import TreeIR

/// Scores rows with the engines of a plan.
struct BlockScoring {
  let engine: ScoringEngine
  let engines: EnginePlan
  let plan: OutputPlan
  let options: PredictionOptions
  /// Numbers that a row's result has.
  let width: Int

  /// Rows whose results of operations are kept at once.
  static let blockRows = 512

  private var model: TreeModel { engine.model }
  private var inputCount: Int { engine.inputCount }
  /// Slots that operations fill.
  private var resultCount: Int { engine.model.slotCount - engine.inputCount }

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
    var start = 0
    while start < rows.count {
      let end = min(start + Self.blockRows, rows.count)
      scoreBlock(rows.rows(start..<end), from: first + start, into: &result, &workspace)
      start = end
    }
  }

  private func scoreBlock(
    _ rows: borrowing RowMatrix, from first: Int, into result: inout MutableSpan<Double>,
    _ workspace: inout Workspace
  ) {
    workspace.beginBlock(rows: rows.count, resultCount: resultCount)
    let earlierRefusals = workspace.refusals.count
    var column = 0
    for step in plan.steps {
      switch step {
      case .operations(let step): run(step, rows, from: first, &workspace)
      case .ensemble(let step):
        run(step, rows, from: first, column: column, into: &result, &workspace)
        column += plan.wantsLeaves ? engine.trees(step.score.ensemble, options).count : 0
      }
    }
    // Each step has refused rows in order.
    if workspace.refusals.count > earlierRefusals + 1 {
      workspace.refusals[earlierRefusals...].sort { $0.row < $1.row }
    }
    for row in 0..<rows.count {
      let place = (first + row) * width
      if workspace.isRefused[row] {
        for column in 0..<width { result[place + column] = .nan }
        continue
      }
      for (column, slot) in plan.slots.enumerated() {
        result[place + column] =
          slot < inputCount
          ? rows[row, slot] : workspace.results[row * resultCount + slot - inputCount]
      }
    }
  }

  // MARK: Operations, row by row

  private func run(
    _ step: OutputPlan.RowStep, _ rows: borrowing RowMatrix, from first: Int,
    _ workspace: inout Workspace
  ) {
    for row in 0..<rows.count where !workspace.isRefused[row] {
      let results = row * resultCount - inputCount
      for slot in step.reads {
        workspace.slots[slot] =
          slot < inputCount ? rows[row, slot] : workspace.results[results + slot]
      }
      for operation in step.operations {
        guard let reason = engine.run(operation, options, &workspace.slots) else { continue }
        workspace.isRefused[row] = true
        workspace.refusals.append(Workspace.Refusal(row: first + row, reason: reason))
        break
      }
      for slot in step.writes { workspace.results[results + slot] = workspace.slots[slot] }
    }
  }

  // MARK: Ensembles, block by block

  private func run(
    _ step: OutputPlan.EnsembleStep, _ rows: borrowing RowMatrix, from first: Int, column: Int,
    into result: inout MutableSpan<Double>, _ workspace: inout Workspace
  ) {
    guard step.readsResults else {
      score(step, rows, rows, from: first, column: column, into: &result, &workspace)
      return
    }
    // Trees that also read results of operations get rows of both.
    let packed = pack(rows, &workspace)
    let width = max(model.slotCount, QuantiserPlan.lanes)
    let matrix = RowMatrix(packed.span, stride: width, width: width, count: rows.count)
    score(step, matrix, rows, from: first, column: column, into: &result, &workspace)
    workspace.packed = packed
  }

  /// The block's input columns and results, as rows. The workspace gets its memory back.
  private func pack(_ rows: borrowing RowMatrix, _ workspace: inout Workspace) -> [Double] {
    var packed: [Double] = []
    swap(&packed, &workspace.packed)
    let size = max(model.slotCount, QuantiserPlan.lanes)
    if packed.count < size * Self.blockRows {
      packed = [Double](repeating: .nan, count: size * Self.blockRows)
    }
    for row in 0..<rows.count {
      for slot in 0..<inputCount { packed[row * size + slot] = rows[row, slot] }
      for slot in 0..<resultCount {
        packed[row * size + inputCount + slot] = workspace.results[row * resultCount + slot]
      }
    }
    return packed
  }

  private func score(
    _ step: OutputPlan.EnsembleStep, _ matrix: borrowing RowMatrix,
    _ rows: borrowing RowMatrix, from first: Int, column: Int,
    into result: inout MutableSpan<Double>, _ workspace: inout Workspace
  ) {
    let score = step.score
    let ensembles = engines.ensembles[score.ensemble]
    let trees = engine.trees(score.ensemble, options)
    let place = score.outputs.lowerBound - inputCount
    if step.needsScores {
      // Taken out, because the workspace cannot be lent in two parts.
      var results: [Double] = []
      swap(&results, &workspace.results)
      var span = results.mutableSpan
      ensembles.score(
        matrix, trees: trees, into: &span, ScorePlaces(first: place, stride: resultCount),
        &workspace.scratch)
      workspace.results = results
    }
    if plan.wantsLeaves {
      ensembles.findLeaves(
        matrix, trees: trees, into: &result,
        ScorePlaces(first: first * width + column, stride: width), &workspace.scratch)
    }
    let iterations = options.iterations(of: model.ensembles[score.ensemble].iterationCount)
    for row in 0..<rows.count {
      let results = row * resultCount + place
      let runs = isGuardTrue(step.guardSlot, rows, row, workspace)
      if score.reportsRange {
        workspace.results[results + score.outputs.count] = Double(iterations.count)
        workspace.results[results + score.outputs.count + 1] =
          iterations.lowerBound == 0 ? 1 : 0
      }
      if !runs {
        let count = score.outputs.count + (score.reportsRange ? 2 : 0)
        for result in results..<results + count { workspace.results[result] = .nan }
      }
      guard plan.wantsLeaves else { continue }
      for (position, tree) in trees.enumerated() {
        let place = (first + row) * width + column + position
        result[place] =
          runs ? engine.nativeID(score.ensemble, leaf: Int(result[place]), of: tree) : .nan
      }
    }
  }

  private func isGuardTrue(
    _ slot: Int?, _ rows: borrowing RowMatrix, _ row: Int, _ workspace: Workspace
  ) -> Bool {
    guard let slot else { return true }
    let value =
      slot < inputCount
      ? rows[row, slot] : workspace.results[row * resultCount + slot - inputCount]
    return value == 1
  }
}

extension Workspace {
  /// Makes room for the results of a block.
  fileprivate mutating func beginBlock(rows: Int, resultCount: Int) {
    let size = BlockScoring.blockRows * resultCount
    if results.count < size { results = [Double](repeating: .nan, count: size) }
    if isRefused.count < BlockScoring.blockRows {
      isRefused = [Bool](repeating: false, count: BlockScoring.blockRows)
    } else {
      for row in 0..<rows { isRefused[row] = false }
    }
  }
}
