import TreeIR

/// Runs the scoring graph: a row at a time by the book, or blocks of rows with engines for the
/// ensembles, once those are prepared.
final class ScoringEngine: Sendable {
  let model: TreeModel
  /// Input columns.
  let inputCount: Int
  private let scorers: [EnsembleScorer]
  /// The texts that the model has.
  let texts: ModelTexts
  /// By the slot of its value, what computes an expression.
  private let interpreters: [Int: FieldInterpreter]
  /// By ensemble.
  private let treeCounts: [Int]
  private let iterationCounts: [Int]

  init(_ model: TreeModel) {
    self.model = model
    inputCount = model.input.count
    texts = ModelTexts(model.texts)
    var interpreters: [Int: FieldInterpreter] = [:]
    for operation in model.operations {
      if case .computation(let computation) = operation.kind {
        interpreters[computation.output] = FieldInterpreter(computation)
      }
    }
    self.interpreters = interpreters
    treeCounts = model.ensembles.map(\.treeCount)
    iterationCounts = model.ensembles.map(\.iterationCount)
    scorers = model.ensembles.map { EnsembleScorer($0) }
  }

  /// How many trees `options` choose, over all ensembles that the model scores.
  func leafCount(_ options: PredictionOptions) -> Int {
    var count = 0
    for operation in model.operations {
      if let ensemble = operation.ensemble { count += trees(ensemble, options).count }
    }
    return count
  }

  func trees(_ ensemble: Int, _ options: PredictionOptions) -> Range<Int> {
    if options.usesWholeModel { return 0..<treeCounts[ensemble] }
    let ensemble = model.ensembles[ensemble]
    return ensemble.trees(ofIterations: options.iterations(of: ensemble.iterationCount))
  }

  /// The iterations that `options` choose.
  func iterations(_ ensemble: Int, _ options: PredictionOptions) -> Range<Int> {
    options.iterations(of: iterationCounts[ensemble])
  }

  /// The number that the source file gives to a leaf of `tree`.
  func nativeID(_ ensemble: Int, leaf: Int, of tree: Int) -> Double {
    Double(scorers[ensemble].nativeID(of: leaf, in: tree))
  }

  // MARK: By the book

  /// Scores the row whose input columns fill the first slots of `workspace`, and writes
  /// its results, `width` of them, as row `row` of `result`.
  func scoreByTheBook(
    _ row: Int, _ plan: OutputPlan, _ options: PredictionOptions,
    _ workspace: inout Workspace, width: Int, into result: inout MutableSpan<Double>
  ) {
    var position = row * width
    for operation in plan.operations {
      if let reason = run(operation, options, &workspace.slots, workspace.texts) {
        workspace.refusals.append(Workspace.Refusal(row: row, reason: reason))
        for column in row * width..<(row + 1) * width { result[column] = .nan }
        return
      }
      guard plan.wantsLeaves, let ensemble = operation.ensemble else { continue }
      let runs = operation.guardSlot.map { workspace.slots[$0] == 1 } ?? true
      for tree in trees(ensemble, options) {
        result[position] =
          runs
          ? nativeID(
            ensemble, leaf: scorers[ensemble].leaf(of: tree, workspace.slots), of: tree) : .nan
        position += 1
      }
    }
    for slot in plan.slots {
      result[position] = workspace.slots[slot]
      position += 1
    }
  }

  /// Runs an operation on the row in `slots`.
  ///
  /// - Returns: Why the row is refused; nil if it is not.
  func run(
    _ operation: Operation, _ options: PredictionOptions, _ slots: inout [Double],
    _ texts: RowTexts?
  ) -> String? {
    if let guardSlot = operation.guardSlot, slots[guardSlot] != 1 {
      for slot in operation.results { slots[slot] = .nan }
      return nil
    }
    switch operation.kind {
    case .ensemble(let score): self.score(score, options, &slots)
    case .requirement(let requirement):
      return slots[requirement.condition] == 1 ? nil : requirement.reason
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
    case .vote(let vote): vote.run(&slots)
    case .consensus(let consensus): consensus.run(&slots)
    case .computation(let computation): compute(computation, &slots, texts)
    }
    return nil
  }

  private func compute(
    _ computation: FieldComputation, _ slots: inout [Double], _ texts: RowTexts?
  ) {
    guard let interpreter = interpreters[computation.output] else { return }
    // New texts of a row without texts of its own are for nobody to read.
    let texts = texts ?? RowTexts(self.texts)
    let number = slots.withUnsafeBufferPointer { slots -> Double? in
      do throws(FieldRefusal) {
        return try interpreter.number(texts) { slots[$0] }
      } catch {
        return nil
      }
    }
    slots[computation.output] = number ?? .nan
    slots[computation.output + 1] = number == nil ? 1 : 0
  }

  private func score(
    _ score: EnsembleScore, _ options: PredictionOptions, _ slots: inout [Double]
  ) {
    let iterations = iterations(score.ensemble, options)
    scorers[score.ensemble].score(
      &slots, to: score.outputs, iterations: iterations, earlyStopping: options.earlyStopping)
    if score.reportsRange {
      slots[score.outputs.upperBound] = Double(iterations.count)
      slots[score.outputs.upperBound + 1] = iterations.lowerBound == 0 ? 1 : 0
    }
  }
}
