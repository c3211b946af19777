/// What a slot holds.
enum SlotType: Hashable {
  /// An input column or a computed number.
  case number
  /// 1, 0, or NaN where unknown.
  case truth
}

/// Checks that the operations form a graph without circles: each reads slots written
/// before it and writes the next free ones.
struct GraphValidator {
  private let model: ModelBuilder
  private let limits: Limits
  /// The largest slot that each ensemble reads; nil when it reads none.
  private let largestSlots: [UInt32?]
  private var types: [SlotType]
  private var place = "graph"
  private var scoredEnsembles: Set<Int> = []
  private var reads = 0

  init(model: ModelBuilder, limits: Limits) {
    self.model = model
    self.limits = limits
    types = [SlotType](repeating: .number, count: model.input.count)
    largestSlots = model.ensembles.map { ensemble in
      let terms = ensemble.leaves.linear?.termSlots.max()
      return [terms, ensemble.splits.slots.max()].compactMap { $0 }.max()
    }
  }

  /// Checks the graph and the slots of the model's outputs.
  mutating func validate() throws(ModelError) {
    try require(
      model.operations.count <= limits.operations && model.slotCount <= limits.slots, .limit,
      place, "more than \(limits.operations) operations or \(limits.slots) slots")
    for (number, operation) in model.operations.enumerated() {
      place = "operation \(number)"
      let results = operation.results
      try require(
        results.lowerBound == types.count && results.upperBound <= limits.slots, .invalid,
        place, "it writes slots \(results) where \(types.count) is the next free one")
      if let slot = operation.guardSlot { try requireTruth(slot) }
      let type = try check(operation.kind)
      types.append(contentsOf: repeatElement(type, count: results.count))
      if case .computation = operation.kind { types[results.upperBound - 1] = .truth }
      if case .ensemble(let score) = operation.kind, score.reportsRange {
        types[results.upperBound - 1] = .truth
      }
    }
    place = "graph"
    try require(
      types.count == model.slotCount, .invalid, place,
      "\(model.slotCount) slots, of which \(types.count) are written")
    for field in model.resultFields {
      place = "result '\(field.name)'"
      try requireSlot(.slot(field.slot))
    }
    for output in model.outputs {
      place = "output \(output.role)"
      for slot in output.slots { try requireSlot(.slot(slot)) }
    }
  }

  /// Checks what an operation reads and returns the type of its results.
  private mutating func check(_ kind: Operation.Kind) throws(ModelError) -> SlotType {
    switch kind {
    case .ensemble(let score): try check(score)
    case .categoryStatistic(let statistic): try check(statistic)
    case .arithmetic(let arithmetic):
      try requireSlot(arithmetic.left)
      try requireSlot(arithmetic.right)
    case .comparison(let comparison):
      try requireSlot(comparison.left)
      try requireSlot(comparison.right)
      try require(
        !comparison.condition.testsCategorySet, .invalid, place,
        "a comparison cannot test membership in a set")
      return .truth
    case .logic(let logic):
      try check(logic)
      return .truth
    case .aggregate(let aggregate): try check(aggregate)
    case .link(let link):
      try requireSlots(link.inputs)
      try require(
        !link.inputs.isEmpty && link.inputs.count == link.outputs.count, .invalid, place,
        "a link of \(link.inputs.count) inputs writes \(link.outputs.count) outputs")
      // Insertion compares each with all before it, at worst.
      if link.function == .sorted { try count(link.inputs.count * (link.inputs.count - 1) / 2) }
    case .argmax(let argmax):
      try require(!argmax.inputs.isEmpty, .invalid, place, "argmax of nothing")
      for slot in argmax.inputs { try requireSlot(.slot(slot)) }
    case .select(let select):
      try requireTruth(select.condition)
      try requireSlot(select.then)
      try requireSlot(select.otherwise)
    case .requirement(let requirement): try requireTruth(requirement.condition)
    case .linear(let sum):
      for term in sum.terms { try requireSlot(.slot(term.slot)) }
    case .computation(let computation): try check(computation)
    case .vote(let vote): try check(vote)
    case .consensus(let consensus): try check(consensus)
    }
    return .number
  }

  private mutating func check(_ score: EnsembleScore) throws(ModelError) {
    try check(score.ensemble, outputs: score.outputs.count)
    guard let shortcut = score.shortcut else { return }
    try requireTruth(shortcut.condition)
    try check(shortcut.ensemble, outputs: score.outputs.count)
    try require(
      model.ensembles[shortcut.ensemble].iterationCount
        == model.ensembles[score.ensemble].iterationCount, .invalid, place,
      "ensemble \(shortcut.ensemble) has other iterations than \(score.ensemble)")
  }

  private mutating func check(_ number: Int, outputs: Int) throws(ModelError) {
    try require(
      model.ensembles.indices.contains(number), .invalid, place,
      "ensemble \(number) does not exist")
    try require(
      scoredEnsembles.insert(number).inserted, .invalid, place,
      "ensemble \(number) is scored twice")
    let ensemble = model.ensembles[number]
    try require(
      outputs == ensemble.outputCount, .invalid, place,
      "\(outputs) slots for \(ensemble.outputCount) outputs")
    if let largest = largestSlots[number] { try requireSlot(.slot(Int(largest))) }
  }

  private mutating func check(_ logic: Logic) throws(ModelError) {
    let unary = logic.op == .not
    try require(
      unary ? logic.inputs.count == 1 : !logic.inputs.isEmpty, .invalid, place,
      "'\(logic.op)' of \(logic.inputs.count) inputs")
    for slot in logic.inputs {
      if logic.op == .isMissing {
        try requireSlot(.slot(slot))
      } else {
        try requireTruth(slot)
      }
    }
  }

  private mutating func check(
    _ statistic: CategoryStatistic
  ) throws(ModelError) {
    try require(
      model.statisticTables.indices.contains(statistic.table), .invalid, place,
      "statistic table \(statistic.table) does not exist")
    let table = model.statisticTables[statistic.table]
    let slots =
      statistic.categories + statistic.floatSplits.map(\.slot)
      + statistic.categoryTests.map(\.slot)
    try require(!slots.isEmpty, .invalid, place, "a statistic of no feature")
    for slot in slots { try requireSlot(.slot(slot)) }
    try require(
      (0..<table.classCount).contains(statistic.targetBorder), .invalid, place,
      "target border \(statistic.targetBorder) of \(table.classCount) classes")
    try require(
      statistic.kind != .targetMean || !table.sums.isEmpty, .invalid, place,
      "the table has no sums of targets")
  }

  private mutating func check(
    _ aggregate: Aggregate
  ) throws(ModelError) {
    try require(!aggregate.segments.isEmpty, .invalid, place, "an aggregate of no segments")
    for segment in aggregate.segments {
      try requireSlots(segment.values)
      try require(
        segment.values.count == aggregate.outputs.count, .invalid, place,
        "a segment of \(segment.values.count) values for \(aggregate.outputs.count) outputs")
      if let predicate = segment.predicate { try requireTruth(predicate) }
    }
  }

  private mutating func check(_ computation: FieldComputation) throws(ModelError) {
    for slot in computation.expression.slots { try requireSlot(.slot(slot)) }
    try FieldExpressionValidator(limits: limits, place: place).validate(computation.expression)
  }

  private mutating func check(_ vote: Vote) throws(ModelError) {
    try require(
      !vote.ballots.isEmpty && vote.outputs.count == vote.classes.count + 1, .invalid, place,
      "a vote of \(vote.ballots.count) ballots for \(vote.classes.count) classes writes "
        + "\(vote.outputs.count) slots")
    for ballot in vote.ballots {
      try requireSlot(.slot(ballot.slot))
      if let predicate = ballot.predicate { try requireTruth(predicate) }
    }
    // Each ballot is compared with the classes that were voted for before it.
    try count(vote.classes.count)
  }

  private mutating func check(_ consensus: Consensus) throws(ModelError) {
    let count = consensus.classes.count
    try require(
      !consensus.segments.isEmpty && consensus.outputs.count == count + 1, .invalid, place,
      "a consensus of \(consensus.segments.count) segments on \(count) classes writes "
        + "\(consensus.outputs.count) slots")
    for candidate in consensus.candidates {
      try require(
        consensus.classes.indices.contains(candidate), .invalid, place,
        "candidate \(candidate) of \(count) classes")
    }
    for segment in consensus.segments {
      try require(
        segment.shares.count == count && segment.places.count == count, .invalid, place,
        "a segment of \(segment.shares.count) shares and \(segment.places.count) places for "
          + "\(count) classes")
      for slot in segment.shares + segment.places { try requireSlot(.slot(slot)) }
      if let predicate = segment.predicate { try requireTruth(predicate) }
      // Each candidate looks at each segment.
      try self.count(consensus.candidates.count)
    }
  }

  private mutating func requireSlot(
    _ operand: Operand
  ) throws(ModelError) {
    guard case .slot(let slot) = operand else { return }
    try count(1)
    try require(
      types.indices.contains(slot), .invalid, place, "slot \(slot) is read before it is written")
  }

  private mutating func requireSlots(
    _ slots: Range<Int>
  ) throws(ModelError) {
    try require(
      slots.lowerBound >= 0 && slots.upperBound <= types.count, .invalid, place,
      "slots \(slots) are read before they are written")
    try count(slots.count)
  }

  private mutating func requireTruth(_ slot: Int) throws(ModelError) {
    try count(1)
    try require(
      types.indices.contains(slot) && types[slot] == .truth, .invalid, place,
      "slot \(slot) holds no truth value written before")
  }

  /// Adds to the slots that the graph reads for a row.
  private mutating func count(_ slots: Int) throws(ModelError) {
    reads += slots
    try require(
      reads <= limits.reads, .limit, place, "the graph reads more than \(limits.reads) slots")
  }
}
