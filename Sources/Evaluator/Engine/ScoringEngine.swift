import TreeIR

/// Scores one row at a time: runs the operations of the scoring graph in order.
struct ScoringEngine: Sendable {
  private let model: TreeModel
  private let scorers: [EnsembleScorer]
  /// By ensemble; nil where only the scorer can do it.
  private let compactTrees: [CompactTrees?]

  /// - Parameter isReference: Whether ensembles are scored by the book only, which is the
  ///   oracle for everything faster.
  init(_ model: TreeModel, isReference: Bool = false) {
    self.model = model
    scorers = model.ensembles.map { EnsembleScorer($0) }
    compactTrees = model.ensembles.map { isReference ? nil : CompactTrees($0) }
  }

  /// How many trees `options` choose, over all ensembles that the model scores.
  func leafCount(_ options: PredictionOptions) -> Int {
    var count = 0
    for operation in model.operations {
      if let ensemble = operation.ensemble { count += trees(ensemble, options).count }
    }
    return count
  }

  /// Scores the row whose input columns fill the first slots of `workspace`, and writes
  /// its results, `width` of them, as row `row` of `result`.
  func score(
    _ row: Int, _ plan: OutputPlan, _ options: PredictionOptions,
    _ workspace: inout Workspace, width: Int, into result: inout MutableSpan<Double>
  ) {
    var position = row * width
    for operation in plan.operations {
      let runs = operation.guardSlot.map { workspace.slots[$0] == 1 } ?? true
      if runs {
        if case .requirement(let requirement) = operation.kind,
          workspace.slots[requirement.condition] != 1
        {
          workspace.refusals.append(Workspace.Refusal(row: row, reason: requirement.reason))
          for column in row * width..<(row + 1) * width { result[column] = .nan }
          return
        }
        run(operation.kind, options, &workspace)
      } else {
        for slot in operation.results { workspace.slots[slot] = .nan }
      }
      guard plan.wantsLeaves, let ensemble = operation.ensemble else { continue }
      for tree in trees(ensemble, options) {
        result[position] = runs ? leaf(ensemble, tree, workspace.slots) : .nan
        position += 1
      }
    }
    for slot in plan.slots {
      result[position] = workspace.slots[slot]
      position += 1
    }
  }

  private func trees(_ ensemble: Int, _ options: PredictionOptions) -> Range<Int> {
    let ensemble = model.ensembles[ensemble]
    return ensemble.trees(ofIterations: options.iterations(of: ensemble.iterationCount))
  }

  private func leaf(_ ensemble: Int, _ tree: Int, _ slots: [Double]) -> Double {
    let scorer = scorers[ensemble]
    return Double(scorer.nativeID(of: scorer.leaf(of: tree, slots), in: tree))
  }

  private func run(
    _ kind: Operation.Kind, _ options: PredictionOptions, _ workspace: inout Workspace
  ) {
    if case .ensemble(let score) = kind {
      self.score(score, options, &workspace)
    } else {
      run(kind, &workspace.slots)
    }
  }

  private func score(
    _ score: EnsembleScore, _ options: PredictionOptions, _ workspace: inout Workspace
  ) {
    let iterations = options.iterations(of: model.ensembles[score.ensemble].iterationCount)
    if options.usesWholeModel, let trees = compactTrees[score.ensemble] {
      trees.score(&workspace, to: score.outputs)
    } else {
      scorers[score.ensemble].score(
        &workspace.slots, to: score.outputs, iterations: iterations,
        earlyStopping: options.earlyStopping)
    }
    if score.reportsRange {
      workspace.slots[score.outputs.upperBound] = Double(iterations.count)
      workspace.slots[score.outputs.upperBound + 1] = iterations.lowerBound == 0 ? 1 : 0
    }
  }

  private func run(_ kind: Operation.Kind, _ slots: inout [Double]) {
    switch kind {
    case .categoryStatistic(let statistic):
      slots[statistic.output] = statistic.value(slots, model.statisticTables[statistic.table])
    case .arithmetic(let arithmetic): slots[arithmetic.output] = arithmetic.value(slots)
    case .comparison(let comparison): slots[comparison.output] = comparison.value(slots)
    case .logic(let logic): slots[logic.output] = logic.value(slots)
    case .aggregate(let aggregate): aggregate.run(&slots)
    case .link(let link): link.run(&slots)
    case .argmax(let argmax): slots[argmax.output] = Double(argmax.position(slots))
    case .select(let select): slots[select.output] = select.value(slots)
    case .linear(let sum): slots[sum.output] = sum.value(slots)
    case .ensemble, .requirement: break
    }
  }
}
