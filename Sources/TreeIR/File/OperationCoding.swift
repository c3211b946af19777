extension RecordWriter {
  /// Kind (16 bits), guard slot (32 bits, all ones for none), then a framed payload.
  mutating func write(_ operation: Operation) {
    write(operation.kind.code)
    write(operation.guardSlot.map { UInt32($0) } ?? RecordReader.noSlot)
    writeFramed { writer in
      switch operation.kind {
      case .ensemble(let score):
        writer.write(count: score.ensemble)
        writer.write(score.outputs)
        writer.write(
          UInt8((score.reportsRange ? 1 : 0) | (score.shortcut == nil ? 0 : 2)))
        if let shortcut = score.shortcut {
          writer.write(count: shortcut.ensemble)
          writer.write(count: shortcut.condition)
        }
      case .categoryStatistic(let statistic): writer.write(statistic)
      case .arithmetic(let arithmetic):
        writer.write(arithmetic.op.rawValue)
        writer.write(arithmetic.left)
        writer.write(arithmetic.right)
        writer.write(arithmetic.precision.rawValue)
        writer.write(count: arithmetic.output)
      case .comparison(let comparison):
        writer.write(comparison.condition.rawValue)
        writer.write(comparison.left)
        writer.write(comparison.right)
        writer.write(count: comparison.output)
      case .logic(let logic):
        writer.write(logic.op.rawValue)
        writer.write(slots: logic.inputs)
        writer.write(count: logic.output)
      case .aggregate(let aggregate): writer.write(aggregate)
      case .link(let link):
        writer.write(link.function)
        writer.write(link.inputs)
        writer.write(link.outputs)
      case .argmax(let argmax):
        writer.write(slots: argmax.inputs)
        writer.write(count: argmax.output)
        // Files of earlier versions end here.
        if argmax.nanRule != .isLargest { writer.write(argmax.nanRule.rawValue) }
      case .select(let select):
        writer.write(count: select.condition)
        writer.write(select.then)
        writer.write(select.otherwise)
        writer.write(count: select.output)
      case .requirement(let requirement):
        writer.write(count: requirement.condition)
        writer.write(requirement.reason)
        writer.write(count: requirement.position)
      case .linear(let sum): writer.write(sum)
      case .computation(let computation): writer.write(computation)
      case .vote(let vote): writer.write(vote)
      case .consensus(let consensus): writer.write(consensus)
      }
    }
  }

  mutating func write(slots: [Int]) {
    write(count: slots.count)
    for slot in slots { write(count: slot) }
  }

  private mutating func write(_ operand: Operand) {
    switch operand {
    case .slot(let slot):
      write(UInt8(0))
      write(count: slot)
    case .constant(let value):
      write(UInt8(1))
      write(value)
    }
  }

  private mutating func write(_ statistic: CategoryStatistic) {
    write(statistic.kind.rawValue)
    write(count: statistic.table)
    write(slots: statistic.categories)
    write(count: statistic.floatSplits.count)
    for split in statistic.floatSplits {
      write(count: split.slot)
      write(split.border)
      write(UInt8(split.missingHolds ? 1 : 0))
    }
    write(count: statistic.categoryTests.count)
    for test in statistic.categoryTests {
      write(count: test.slot)
      write(test.value)
    }
    write(count: statistic.targetBorder)
    write(statistic.priorNumerator)
    write(statistic.priorDenominator)
    write(statistic.shift)
    write(statistic.scale)
    write(count: statistic.output)
  }

  private mutating func write(_ aggregate: Aggregate) {
    write(aggregate.method.rawValue)
    write(aggregate.precision.rawValue)
    write(count: aggregate.segments.count)
    for segment in aggregate.segments {
      write(segment.values)
      write(segment.predicate.map { UInt32($0) } ?? RecordReader.noSlot)
      write(segment.weight)
    }
    write(aggregate.outputs)
  }

  private mutating func write(_ vote: Vote) {
    write(count: vote.ballots.count)
    for ballot in vote.ballots {
      write(count: ballot.slot)
      write(ballot.predicate.map { UInt32($0) } ?? RecordReader.noSlot)
      write(ballot.weight)
    }
    write(count: vote.classes.count)
    for number in vote.classes { write(number) }
    write(UInt8(vote.skipsMissing ? 1 : 0))
    write(vote.precision.rawValue)
    write(vote.outputs)
  }

  private mutating func write(_ sum: LinearSum) {
    write(sum.start)
    write(count: sum.terms.count)
    for term in sum.terms {
      write(count: term.slot)
      write(term.coefficient)
    }
    write(sum.precision.rawValue)
    write(count: sum.output)
  }

  private mutating func write(_ function: Link.Function) {
    switch function {
    case .logistic(let scale):
      write(UInt8(0))
      write(scale)
    case .exponential: write(UInt8(1))
    case .logOnePlusExp: write(UInt8(2))
    case .signedSquare: write(UInt8(3))
    case .softmax: write(UInt8(4))
    case .logOfRoundedOnePlusExp: write(UInt8(5))
    case .logisticInFloat: write(UInt8(6))
    case .exponentialInFloat: write(UInt8(7))
    case .softmaxInFloat: write(UInt8(8))
    case .unitStep: write(UInt8(9))
    case .sorted: write(UInt8(10))
    case .increasingInFloat: write(UInt8(11))
    case .logLogistic: write(UInt8(12))
    case .fastExponential: write(UInt8(13))
    case .fastSoftmax: write(UInt8(14))
    case .fastLogSoftmax: write(UInt8(15))
    case .powerInFloat: write(UInt8(16))
    case .logisticOfPower: write(UInt8(17))
    case .softmaxOfPower: write(UInt8(18))
    case .normalDistribution: write(UInt8(19))
    case .complementaryLogLog(let precision):
      write(UInt8(20))
      write(precision.rawValue)
    case .logLog(let precision):
      write(UInt8(21))
      write(precision.rawValue)
    case .cauchyDistribution(let precision):
      write(UInt8(22))
      write(precision.rawValue)
    }
  }
}

extension Operation.Kind {
  fileprivate var code: UInt16 {
    switch self {
    case .ensemble: 1
    case .categoryStatistic: 2
    case .arithmetic: 3
    case .comparison: 4
    case .logic: 5
    case .aggregate: 6
    case .link: 7
    case .argmax: 8
    case .select: 9
    case .requirement: 10
    case .linear: 11
    case .computation: 12
    case .vote: 13
    case .consensus: 14
    }
  }
}

extension RecordReader {
  /// Stands for "no slot".
  static var noSlot: UInt32 { .max }

  mutating func readOperation() throws(ModelError) -> Operation {
    let code = try read(UInt16.self)
    let guardSlot = try readOptionalSlot()
    let end = try readFrame()
    let kind: Operation.Kind
    switch code {
    case 1: kind = .ensemble(try readEnsembleScore())
    case 2: kind = .categoryStatistic(try readStatistic())
    case 3:
      let op = try readCase(Arithmetic.Operator.self)
      kind = .arithmetic(
        Arithmetic(
          op, try readOperand(), try readOperand(),
          precision: try readCase(NumericProfile.Precision.self), output: try readCount()))
    case 4:
      let condition = try readCase(SplitCondition.self)
      kind = .comparison(
        Comparison(try readOperand(), condition, try readOperand(), output: try readCount()))
    case 5:
      let op = try readCase(Logic.Operator.self)
      kind = .logic(Logic(op, try readSlots(), output: try readCount()))
    case 6: kind = .aggregate(try readAggregate())
    case 7:
      let function = try readLinkFunction()
      kind = .link(Link(function, from: try readRange(), to: try readRange()))
    case 8:
      var argmax = Argmax(of: try readSlots(), output: try readCount())
      if position < end { argmax.nanRule = try readCase(Argmax.NaNRule.self) }
      kind = .argmax(argmax)
    case 9:
      kind = .select(
        Select(
          try readCount(), then: try readOperand(), otherwise: try readOperand(),
          output: try readCount()))
    case 10:
      kind = .requirement(
        Requirement(try readCount(), reason: try readText(), position: try readCount()))
    case 11: kind = .linear(try readLinearSum())
    case 12: kind = .computation(try readComputation())
    case 13: kind = .vote(try readVote())
    case 14: kind = .consensus(try readConsensus())
    default:
      throw ModelError(
        .unsupported, "section graph",
        "operation \(code) is unknown to this treec; use a newer one")
    }
    try expectEnd(ofFrame: end)
    return Operation(kind, guardedBy: guardSlot)
  }

  mutating func readOptionalSlot() throws(ModelError) -> Int? {
    let slot = try read(UInt32.self)
    return slot == Self.noSlot ? nil : Int(slot)
  }

  private mutating func readOperand() throws(ModelError) -> Operand {
    switch try read(UInt8.self) {
    case 0: .slot(try readCount())
    case 1: .constant(try readDouble())
    case let code: throw corrupt("unknown operand \(code)")
    }
  }

  private mutating func readEnsembleScore() throws(ModelError) -> EnsembleScore {
    var score = EnsembleScore(ensemble: try readCount(), outputs: try readRange())
    let flags = try read(UInt8.self)
    guard flags < 4 else { throw corrupt("unknown flags \(flags) of an ensemble") }
    score.reportsRange = flags & 1 != 0
    if flags & 2 != 0 {
      score.shortcut = EnsembleScore.Shortcut(ensemble: try readCount(), where: try readCount())
    }
    return score
  }

  private mutating func readStatistic() throws(ModelError) -> CategoryStatistic {
    let kind = try readCase(CategoryStatistic.Kind.self)
    let table = try readCount()
    let categories = try readSlots()
    var floatSplits: [CategoryStatistic.FloatSplit] = []
    for _ in 0..<(try readCount(ofElementsWidth: 9)) {
      floatSplits.append(
        .init(
          slot: try readCount(), border: try readFloat(),
          missingHolds: try read(UInt8.self) != 0))
    }
    var categoryTests: [CategoryStatistic.CategoryTest] = []
    for _ in 0..<(try readCount(ofElementsWidth: 8)) {
      categoryTests.append(.init(slot: try readCount(), value: try read(Int32.self)))
    }
    return CategoryStatistic(
      kind, table: table, categories: categories, floatSplits: floatSplits,
      categoryTests: categoryTests, targetBorder: try readCount(),
      priorNumerator: try readFloat(), priorDenominator: try readFloat(),
      shift: try readFloat(), scale: try readFloat(), output: try readCount())
  }

  private mutating func readAggregate() throws(ModelError) -> Aggregate {
    let method = try readCase(Aggregate.Method.self)
    let precision = try readCase(NumericProfile.Precision.self)
    var segments: [Aggregate.Segment] = []
    for _ in 0..<(try readCount(ofElementsWidth: 20)) {
      segments.append(
        Aggregate.Segment(
          values: try readRange(), predicate: try readOptionalSlot(), weight: try readDouble()))
    }
    return Aggregate(method, segments, precision: precision, outputs: try readRange())
  }

  private mutating func readVote() throws(ModelError) -> Vote {
    var ballots: [Vote.Ballot] = []
    for _ in 0..<(try readCount(ofElementsWidth: 16)) {
      ballots.append(
        Vote.Ballot(
          try readCount(), predicate: try readOptionalSlot(), weight: try readDouble()))
    }
    var classes: [Double] = []
    for _ in 0..<(try readCount(ofElementsWidth: 8)) { classes.append(try readDouble()) }
    return Vote(
      ballots, classes: classes, skipsMissing: try read(UInt8.self) != 0,
      precision: try readCase(NumericProfile.Precision.self), outputs: try readRange())
  }

  private mutating func readLinearSum() throws(ModelError) -> LinearSum {
    let start = try readDouble()
    var terms: [LinearSum.Term] = []
    for _ in 0..<(try readCount(ofElementsWidth: 12)) {
      terms.append(LinearSum.Term(slot: try readCount(), coefficient: try readDouble()))
    }
    return LinearSum(
      start: start, terms: terms, precision: try readCase(NumericProfile.Precision.self),
      output: try readCount())
  }

  private mutating func readLinkFunction() throws(ModelError) -> Link.Function {
    switch try read(UInt8.self) {
    case 0: .logistic(scale: try readDouble())
    case 1: .exponential
    case 2: .logOnePlusExp
    case 3: .signedSquare
    case 4: .softmax
    case 5: .logOfRoundedOnePlusExp
    case 6: .logisticInFloat
    case 7: .exponentialInFloat
    case 8: .softmaxInFloat
    case 9: .unitStep
    case 10: .sorted
    case 11: .increasingInFloat
    case 12: .logLogistic
    case 13: .fastExponential
    case 14: .fastSoftmax
    case 15: .fastLogSoftmax
    case 16: .powerInFloat
    case 17: .logisticOfPower
    case 18: .softmaxOfPower
    case 19: .normalDistribution
    case 20: .complementaryLogLog(try readCase(NumericProfile.Precision.self))
    case 21: .logLog(try readCase(NumericProfile.Precision.self))
    case 22: .cauchyDistribution(try readCase(NumericProfile.Precision.self))
    case let code:
      throw ModelError(
        .unsupported, "section graph",
        "link function \(code) is unknown to this treec; use a newer one")
    }
  }
}
