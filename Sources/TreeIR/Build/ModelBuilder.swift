/// Makes a ``TreeModel``: inputs, ensembles, the scoring graph and outputs. Every model,
/// imported, built by hand or read from a file, passes through its ``build(limits:)``.
///
/// ```swift
/// var builder = ModelBuilder(input: schema)
/// let score = builder.score(builder.add(ensemble))
/// let probability = builder.link(.logistic(scale: 1), of: score)
/// builder.outputs = [
///   ModelOutput(.raw, slots: Array(score)),
///   ModelOutput(.prediction, slots: Array(probability)),
/// ]
/// let model = try builder.build()
/// ```
public struct ModelBuilder: Sendable {
  public var provenance = Provenance()
  public var task = ModelTask.unknown
  public let input: InputSchema
  public var outputs: [ModelOutput] = []
  public var classLabels: [CategoryValue] = []
  public var categoryTexts = CategoryTexts()
  public var texts: [String] = []
  public var resultFields: [ResultField] = []
  public var verification: VerificationRows?
  public var statedResults: StatedResults?
  /// The guard of the operations that are added from now on: the slot of a truth value.
  public var guardSlot: Int?
  private(set) var ensembles: [Ensemble] = []
  private(set) var statisticTables: [StatisticTable] = []
  private(set) var operations: [Operation] = []
  private(set) var slotCount: Int

  /// Starts a model whose rows have the columns of `input`.
  public init(input: InputSchema) {
    self.input = input
    slotCount = input.count
  }

  /// Builds the model.
  ///
  /// - Throws: ``ModelError`` with the place of the first contradiction found.
  public func build(limits: Limits = .standard) throws(ModelError) -> TreeModel {
    try Validator(limits: limits).validate(self)
    return TreeModel(
      provenance: provenance, task: task, input: input, ensembles: ensembles,
      statisticTables: statisticTables, categoryTexts: categoryTexts, operations: operations,
      slotCount: slotCount, outputs: outputs, classLabels: classLabels, texts: texts,
      resultFields: resultFields, verification: verification, statedResults: statedResults)
  }

  /// Adds an ensemble and returns its number.
  public mutating func add(_ ensemble: Ensemble) -> Int {
    ensembles.append(ensemble)
    return ensembles.count - 1
  }

  /// Adds a statistic table and returns its number.
  public mutating func add(_ table: StatisticTable) -> Int {
    statisticTables.append(table)
    return statisticTables.count - 1
  }

  /// Scores an ensemble; returns the slots of its raw scores.
  ///
  /// - Parameters:
  ///   - number: The ensemble's.
  ///   - shortcut: Another ensemble that gives the same for some rows.
  public mutating func score(
    _ number: Int, shortcut: EnsembleScore.Shortcut? = nil
  ) -> Range<Int> {
    let outputs = reserve(outputCount(of: number))
    append(
      .ensemble(EnsembleScore(ensemble: number, outputs: outputs, shortcut: shortcut)))
    return outputs
  }

  /// Scores ensemble `number`; returns the slots of its raw scores, the slot that holds the
  /// number of iterations asked for, and the slot that tells whether they start with the
  /// first.
  public mutating func scoreReportingRange(
    _ number: Int
  ) -> (scores: Range<Int>, iterationCount: Int, startsAtFirst: Int) {
    let outputs = reserve(outputCount(of: number))
    append(.ensemble(EnsembleScore(ensemble: number, outputs: outputs, reportsRange: true)))
    let range = reserve(2)
    return (outputs, range.lowerBound, range.lowerBound + 1)
  }

  /// Applies a link function; returns the slots of its results.
  public mutating func link(_ function: Link.Function, of inputs: Range<Int>) -> Range<Int> {
    let outputs = reserve(inputs.count)
    append(.link(Link(function, from: inputs, to: outputs)))
    return outputs
  }

  /// Computes `left op right`; returns the slot of the result.
  public mutating func arithmetic(
    _ op: Arithmetic.Operator, _ left: Operand, _ right: Operand,
    precision: NumericProfile.Precision = .float64
  ) -> Int {
    let output = reserve(1).lowerBound
    append(
      .arithmetic(Arithmetic(op, left, right, precision: precision, output: output)))
    return output
  }

  /// Compares; returns the slot of the truth value.
  public mutating func compare(
    _ left: Operand, _ condition: SplitCondition, _ right: Operand
  ) -> Int {
    let output = reserve(1).lowerBound
    append(.comparison(Comparison(left, condition, right, output: output)))
    return output
  }

  /// Combines truth values; returns the slot of the result.
  public mutating func logic(_ op: Logic.Operator, _ inputs: [Int]) -> Int {
    let output = reserve(1).lowerBound
    append(.logic(Logic(op, inputs, output: output)))
    return output
  }

  /// Combines segments; returns the slots of the results.
  public mutating func aggregate(
    _ method: Aggregate.Method, _ segments: [Aggregate.Segment],
    precision: NumericProfile.Precision = .float64
  ) -> Range<Int> {
    let outputs = reserve(segments.first?.values.count ?? 0)
    append(
      .aggregate(Aggregate(method, segments, precision: precision, outputs: outputs)))
    return outputs
  }

  /// Finds the first largest of `inputs`; returns the slot of its position.
  public mutating func argmax(
    of inputs: [Int], nanRule: Argmax.NaNRule = .isLargest
  ) -> Int {
    let output = reserve(1).lowerBound
    append(.argmax(Argmax(of: inputs, nanRule: nanRule, output: output)))
    return output
  }

  /// Adds `terms` to `start`; returns the slot of the sum.
  public mutating func linearSum(
    from start: Double, _ terms: [LinearSum.Term],
    precision: NumericProfile.Precision = .float64
  ) -> Int {
    let output = reserve(1).lowerBound
    append(.linear(LinearSum(start: start, terms: terms, precision: precision, output: output)))
    return output
  }

  /// Evaluates an expression; returns the slot of its value, and the slot behind it that is 1 where
  /// there is none because the row must be refused.
  public mutating func compute(
    _ expression: FieldExpression, type: FieldType, name: String
  ) -> (value: Int, hasFailed: Int) {
    let output = reserve(2).lowerBound
    append(
      .computation(FieldComputation(expression, type: type, name: name, output: output)))
    return (output, output + 1)
  }

  /// Counts votes; returns the slot of the class that is elected, and those of shares.
  public mutating func vote(
    _ ballots: [Vote.Ballot], classes: [Double], skipsMissing: Bool,
    precision: NumericProfile.Precision = .float64
  ) -> Range<Int> {
    let outputs = reserve(classes.count + 1)
    append(
      .vote(
        Vote(
          ballots, classes: classes, skipsMissing: skipsMissing, precision: precision,
          outputs: outputs)))
    return outputs
  }

  /// Puts together the shares of classes; returns the slot of the class that wins, and those of
  /// shares.
  public mutating func consensus(
    _ method: Consensus.Method, _ segments: [Consensus.Segment], classes: [Double],
    candidates: [Int] = [], precision: NumericProfile.Precision = .float64
  ) -> Range<Int> {
    let outputs = reserve(classes.count + 1)
    append(
      .consensus(
        Consensus(
          method, segments, classes: classes, candidates: candidates, precision: precision,
          outputs: outputs)))
    return outputs
  }

  /// Chooses between two values; returns the slot of the result.
  public mutating func select(
    _ condition: Int, then: Operand, otherwise: Operand
  ) -> Int {
    let output = reserve(1).lowerBound
    append(.select(Select(condition, then: then, otherwise: otherwise, output: output)))
    return output
  }

  /// Refuses rows for which the truth value in `condition` is not 1.
  public mutating func require(_ condition: Int, reason: String) {
    append(.requirement(Requirement(condition, reason: reason, position: slotCount)))
  }

  /// Adds a statistic of a feature combination; its `output` is replaced by a fresh slot,
  /// which is returned.
  public mutating func statistic(_ statistic: CategoryStatistic) -> Int {
    var statistic = statistic
    statistic.output = reserve(1).lowerBound
    append(.categoryStatistic(statistic))
    return statistic.output
  }

  private mutating func append(_ kind: Operation.Kind) {
    operations.append(Operation(kind, guardedBy: guardSlot))
  }

  /// The next `count` slots. A count beyond all limits stops behind them, and the validator
  /// refuses the model.
  private mutating func reserve(_ count: Int) -> Range<Int> {
    let start = slotCount
    slotCount += min(count, Limits.standard.slots + 1)
    return start..<slotCount
  }

  private func outputCount(of ensemble: Int) -> Int {
    ensembles.indices.contains(ensemble) ? ensembles[ensemble].outputCount : 0
  }
}

extension ModelBuilder {
  /// Starts from all parts of `model`, but for its columns where others are given.
  package init(copying model: TreeModel, input: InputSchema? = nil) {
    self.init(
      input: input ?? model.input, ensembles: model.ensembles,
      statisticTables: model.statisticTables,
      operations: model.operations)
    provenance = model.provenance
    task = model.task
    outputs = model.outputs
    classLabels = model.classLabels
    categoryTexts = model.categoryTexts
    texts = model.texts
    resultFields = model.resultFields
    verification = model.verification
    statedResults = model.statedResults
  }

  /// Starts from parts that were read from a file; nothing about them is trusted.
  init(
    input: InputSchema, ensembles: [Ensemble], statisticTables: [StatisticTable],
    operations: [Operation]
  ) {
    self.init(input: input)
    self.ensembles = ensembles
    self.statisticTables = statisticTables
    self.operations = operations
    slotCount = operations.last?.results.upperBound ?? input.count
  }
}
