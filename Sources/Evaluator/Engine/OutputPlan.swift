import TreeIR

/// The operations that one output needs, and where its numbers are then found.
struct OutputPlan: Sendable {
  let operations: [Operation]
  /// One slot a column; empty when leaves are wanted.
  let slots: [Int]
  let wantsLeaves: Bool

  /// The plan for `output`, or nil when the model has none.
  init?(_ output: PredictionOutput, of model: TreeModel) {
    wantsLeaves = output == .leaf
    let role: ModelOutput.Role
    switch output {
    case .prediction: role = .prediction
    case .raw: role = .raw
    case .probability: role = .probability
    case .label: role = .label
    case .leaf:
      slots = []
      let scores = model.operations.filter { $0.ensemble != nil }.flatMap(\.results)
      operations = model.operations(neededFor: scores)
      return
    }
    guard let slots = model.output(role)?.slots else { return nil }
    self.slots = slots
    operations = model.operations(neededFor: slots)
  }
}

extension TreeModel {
  /// The operations that have to run before `slots` hold their values, in order.
  func operations(neededFor slots: [Int]) -> [Operation] {
    var needed = Set(slots)
    var result: [Operation] = []
    for operation in operations.reversed() {
      guard operation.results.contains(where: needed.contains) else { continue }
      result.append(operation)
      if case .ensemble(let score) = operation.kind {
        let ensemble = ensembles[score.ensemble]
        needed.formUnion(ensemble.splits.slots.lazy.map { Int($0) })
        needed.formUnion((ensemble.leaves.linear?.termSlots ?? []).lazy.map { Int($0) })
      }
      needed.formUnion(operation.operands)
    }
    return result.reversed()
  }
}

extension Operation {
  /// The ensemble that the operation scores.
  var ensemble: Int? {
    if case .ensemble(let score) = kind { score.ensemble } else { nil }
  }

  /// The slots that the operation itself names as its operands.
  var operands: [Int] {
    let slots: [Int] =
      switch kind {
      case .ensemble: []
      case .categoryStatistic(let statistic):
        statistic.categories + statistic.floatSplits.map(\.slot)
          + statistic.categoryTests.map(\.slot)
      case .arithmetic(let arithmetic): arithmetic.left.slots + arithmetic.right.slots
      case .comparison(let comparison): comparison.left.slots + comparison.right.slots
      case .logic(let logic): logic.inputs
      case .aggregate(let aggregate):
        aggregate.segments.flatMap { Array($0.values) + [$0.predicate].compactMap { $0 } }
      case .link(let link): Array(link.inputs)
      case .argmax(let argmax): argmax.inputs
      }
    return slots + [guardSlot].compactMap { $0 }
  }
}

extension Operand {
  var slots: [Int] {
    if case .slot(let slot) = self { [slot] } else { [] }
  }
}
