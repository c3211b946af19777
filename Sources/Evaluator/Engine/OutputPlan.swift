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
    if let role = output.role {
      guard let slots = model.output(role)?.slots else { return nil }
      self.slots = slots
      operations = model.operations(neededFor: slots)
    } else {
      slots = []
      let scores = model.operations.filter { $0.ensemble != nil }.flatMap(\.results)
      operations = model.operations(neededFor: scores)
    }
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
    }
  }
}

extension TreeModel {
  /// The operations that have to run before `slots` hold their values, in order.
  func operations(neededFor slots: [Int]) -> [Operation] {
    var needed = Set(slots)
    var result: [Operation] = []
    for operation in operations.reversed() {
      guard operation.isRequirement || operation.results.contains(where: needed.contains) else {
        continue
      }
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

  /// Whether the operation may refuse the row: it then runs whatever is wanted.
  fileprivate var isRequirement: Bool {
    if case .requirement = kind { true } else { false }
  }
}
