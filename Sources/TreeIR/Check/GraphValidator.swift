/// What a slot holds.
enum SlotType: Hashable {
  /// An input column or a computed number.
  case number
  /// 1, 0, or NaN where unknown.
  case truth
  /// A position among so many classes.
  case classIndex(Int)
}

/// Checks that the operations form a graph without circles: each reads slots written
/// before it and writes the next free ones.
struct GraphValidator {
  let model: ModelBuilder
  let limits: Limits

  /// The type of every slot.
  func slotTypes() throws(ModelError) -> [SlotType] {
    try require(
      model.operations.count <= limits.operations && model.slotCount <= limits.slots, .limit,
      "graph", "more than \(limits.operations) operations or \(limits.slots) slots")
    var types = [SlotType](repeating: .number, count: model.input.count)
    for (number, operation) in model.operations.enumerated() {
      let place = "operation \(number)"
      let results = operation.results
      try require(
        results.lowerBound == types.count && results.upperBound <= limits.slots, .invalid,
        place, "it writes slots \(results) where \(types.count) is the next free one")
      if let slot = operation.guardSlot {
        try requireTruth(slot, types, place)
      }
      let type = try check(operation.kind, types, place)
      types.append(contentsOf: repeatElement(type, count: results.count))
    }
    try require(
      types.count == model.slotCount, .invalid, "graph",
      "\(model.slotCount) slots, of which \(types.count) are written")
    return types
  }

  /// Checks what an operation reads and returns the type of its results.
  private func check(
    _ kind: Operation.Kind, _ types: [SlotType], _ place: String
  ) throws(ModelError) -> SlotType {
    switch kind {
    case .ensemble(let score): try check(score, types, place)
    case .categoryStatistic(let statistic): try check(statistic, types, place)
    case .arithmetic(let arithmetic):
      try requireSlot(arithmetic.left, types, place)
      try requireSlot(arithmetic.right, types, place)
    case .comparison(let comparison):
      try requireSlot(comparison.left, types, place)
      try requireSlot(comparison.right, types, place)
      try require(
        !comparison.condition.testsCategorySet, .invalid, place,
        "a comparison cannot test membership in a set")
      return .truth
    case .logic(let logic):
      let unary = logic.op == .not || logic.op == .isMissing
      try require(
        unary ? logic.inputs.count == 1 : !logic.inputs.isEmpty, .invalid, place,
        "'\(logic.op)' of \(logic.inputs.count) inputs")
      for slot in logic.inputs {
        if logic.op == .isMissing {
          try requireSlot(.slot(slot), types, place)
        } else {
          try requireTruth(slot, types, place)
        }
      }
      return .truth
    case .aggregate(let aggregate): try check(aggregate, types, place)
    case .link(let link):
      try requireSlots(link.inputs, types, place)
      try require(
        !link.inputs.isEmpty && link.inputs.count == link.outputs.count, .invalid, place,
        "a link of \(link.inputs.count) inputs writes \(link.outputs.count) outputs")
    case .argmax(let argmax):
      try require(!argmax.inputs.isEmpty, .invalid, place, "argmax of nothing")
      for slot in argmax.inputs { try requireSlot(.slot(slot), types, place) }
      return .classIndex(argmax.inputs.count)
    }
    return .number
  }

  private func check(
    _ score: EnsembleScore, _ types: [SlotType], _ place: String
  ) throws(ModelError) {
    try require(
      model.ensembles.indices.contains(score.ensemble), .invalid, place,
      "ensemble \(score.ensemble) does not exist")
    let ensemble = model.ensembles[score.ensemble]
    try require(
      score.outputs.count == ensemble.outputCount, .invalid, place,
      "\(score.outputs.count) slots for \(ensemble.outputCount) outputs")
    let largest = EnsembleValidator(ensemble: ensemble, place: place, limits: limits)
      .largestSlot()
    if let largest {
      try requireSlot(.slot(Int(largest)), types, "\(place), ensemble \(score.ensemble)")
    }
  }

  private func check(
    _ statistic: CategoryStatistic, _ types: [SlotType], _ place: String
  ) throws(ModelError) {
    try require(
      model.statisticTables.indices.contains(statistic.table), .invalid, place,
      "statistic table \(statistic.table) does not exist")
    let table = model.statisticTables[statistic.table]
    let slots =
      statistic.categories + statistic.floatSplits.map(\.slot)
      + statistic.categoryTests.map(\.slot)
    try require(!slots.isEmpty, .invalid, place, "a statistic of no feature")
    for slot in slots { try requireSlot(.slot(slot), types, place) }
    switch statistic.kind {
    case .borders, .buckets:
      try require(
        (0..<table.classCount).contains(statistic.targetBorder), .invalid, place,
        "target border \(statistic.targetBorder) of \(table.classCount) classes")
    case .targetMean:
      try require(!table.sums.isEmpty, .invalid, place, "the table has no sums of targets")
    case .counter: break
    }
    try require(
      statistic.targetBorder >= 0, .invalid, place, "the target border is negative")
  }

  private func check(
    _ aggregate: Aggregate, _ types: [SlotType], _ place: String
  ) throws(ModelError) {
    try require(!aggregate.segments.isEmpty, .invalid, place, "an aggregate of no segments")
    for segment in aggregate.segments {
      try requireSlots(segment.values, types, place)
      try require(
        segment.values.count == aggregate.outputs.count, .invalid, place,
        "a segment of \(segment.values.count) values for \(aggregate.outputs.count) outputs")
      if let predicate = segment.predicate { try requireTruth(predicate, types, place) }
    }
  }

  private func requireSlot(
    _ operand: Operand, _ types: [SlotType], _ place: String
  ) throws(ModelError) {
    guard case .slot(let slot) = operand else { return }
    try require(
      types.indices.contains(slot), .invalid, place, "slot \(slot) is read before it is written")
  }

  private func requireSlots(
    _ slots: Range<Int>, _ types: [SlotType], _ place: String
  ) throws(ModelError) {
    try require(
      slots.lowerBound >= 0 && slots.upperBound <= types.count, .invalid, place,
      "slots \(slots) are read before they are written")
  }

  private func requireTruth(
    _ slot: Int, _ types: [SlotType], _ place: String
  ) throws(ModelError) {
    try require(
      types.indices.contains(slot) && types[slot] == .truth, .invalid, place,
      "slot \(slot) holds no truth value written before")
  }
}
