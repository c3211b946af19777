import TreeIR

/// The operations that one output needs, and where its numbers are then found.
final class OutputPlan: Sendable {
  let operations: [Operation]
  /// One slot a column; empty when leaves are wanted.
  let slots: [Int]
  let wantsLeaves: Bool
  /// How blocks of rows get there.
  let graph: GraphPlan
  /// The ensemble whose raw scores are all there is to the output; nil where there is more.
  let onlyScores: Int?

  /// The plan for `output`, or nil when the model has none.
  init?(_ output: PredictionOutput, of model: TreeModel, _ reads: SlotReads) {
    wantsLeaves = output == .leaf
    // Such models name leaves themselves, and their ensembles are no matter of theirs.
    if wantsLeaves, !model.resultFields.isEmpty { return nil }
    if let role = output.role {
      guard let slots = model.output(role)?.slots else { return nil }
      self.slots = slots
      operations = model.operations(neededFor: slots, reads)
    } else {
      slots = []
      let scores = model.operations.filter { $0.ensemble != nil }.flatMap(\.results)
      operations = model.operations(neededFor: scores, reads)
    }
    graph = GraphPlan(operations, outputs: slots, of: model, reads)
    onlyScores = Self.onlyScores(operations, slots)
  }

  private static func onlyScores(_ operations: [Operation], _ slots: [Int]) -> Int? {
    guard operations.count == 1, operations[0].guardSlot == nil,
      case .ensemble(let score) = operations[0].kind, score.shortcut == nil,
      slots.elementsEqual(score.outputs)
    else { return nil }
    return score.ensemble
  }
}

/// The slots that each ensemble of a model reads.
struct SlotReads: Sendable {
  let ensembles: [[Int]]

  init(_ model: TreeModel) {
    ensembles = model.ensembles.map { ensemble in
      var isRead = [Bool](repeating: false, count: model.slotCount)
      let slots = ensemble.splits.slots.span
      for index in slots.indices { isRead[Int(slots[index])] = true }
      for slot in ensemble.leaves.linear?.termSlots ?? [] { isRead[Int(slot)] = true }
      return isRead.indices.filter { isRead[$0] }
    }
  }

  /// The slots that `operation` reads, those of an ensemble's trees included.
  func slots(of operation: Operation) -> [Int] {
    guard case .ensemble(let score) = operation.kind else { return operation.operands }
    return operation.operands + ensembles[score.ensemble]
      + (score.shortcut.map { ensembles[$0.ensemble] } ?? [])
  }
}

extension PredictionOutput {
  /// The role of the model's output; nil for leaves, which are none.
  package var role: ModelOutput.Role? {
    switch self {
    case .prediction: .prediction
    case .raw: .raw
    case .probability: .probability
    case .label: .label
    case .logProbability: .logProbability
    case .exponent: .exponent
    case .fields: .fields
    case .leaf: nil
    }
  }

  /// The output of a role.
  init(_ role: ModelOutput.Role) {
    switch role {
    case .raw: self = .raw
    case .prediction: self = .prediction
    case .probability: self = .probability
    case .label: self = .label
    case .logProbability: self = .logProbability
    case .exponent: self = .exponent
    case .fields: self = .fields
    }
  }

  /// The position in ``allCases``.
  var position: Int {
    switch self {
    case .prediction: 0
    case .raw: 1
    case .probability: 2
    case .label: 3
    case .leaf: 4
    case .logProbability: 5
    case .exponent: 6
    case .fields: 7
    }
  }
}

extension TreeModel {
  /// The operations that have to run before `slots` hold their values, in order.
  func operations(neededFor slots: [Int], _ reads: SlotReads) -> [Operation] {
    var needed = Set(slots)
    var result: [Operation] = []
    for operation in operations.reversed() {
      guard operation.isRequirement || operation.results.contains(where: needed.contains) else {
        continue
      }
      result.append(operation)
      needed.formUnion(reads.slots(of: operation))
    }
    return result.reversed()
  }
}

extension Operation {
  /// The ensemble that the operation scores.
  var ensemble: Int? {
    if case .ensemble(let score) = kind { score.ensemble } else { nil }
  }

  /// Whether the operation may refuse the row: it then runs whatever is wanted.
  fileprivate var isRequirement: Bool {
    if case .requirement = kind { true } else { false }
  }
}
