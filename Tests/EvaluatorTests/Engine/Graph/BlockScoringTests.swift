import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// Blocks of rows, run column by column, have the bits of rows that go by the book.
@Suite struct BlockScoringTests {
  /// Around a row, a word of the bit-sliced engine, and a block.
  static let sizes = [1, 2, 3, 7, 8, 9, 63, 64, 65, 127, 129, 511, 512, 513, 1100]

  private func predictor(_ model: TreeModel) -> Predictor {
    Predictor(model, engines: EngineOptions(preparation: .immediate))
  }

  /// Compares all outputs of blocks of every size with those by the book.
  private func check(
    _ model: TreeModel, options: PredictionOptions = PredictionOptions(),
    _ random: inout SeededGenerator
  ) throws {
    let (reference, predictor) = (Predictor.reference(model), predictor(model))
    let columns = model.input.count
    let rows = HardRows(model).rows(1100, &random)
    var (book, workspace) = (reference.makeWorkspace(), predictor.makeWorkspace())
    for output in PredictionOutput.allCases {
      guard (try? predictor.columnCount(of: output, options: options)) != nil else { continue }
      let whole = try Scored(
        reference, rows[...], count: 1100, output, options: options, &book)
      for size in Self.sizes {
        let first = random.int(0...1100 - size)
        let found = try Scored(
          predictor, rows[first * columns..<(first + size) * columns], count: size, output,
          options: options, &workspace)
        #expect(found == whole.rows(first, size, of: 1100), "\(output), \(size) rows")
      }
    }
  }

  @Test(arguments: 0..<60)
  func `Random graphs`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 20_000 + seed)
    try check(RandomModels.graph(&random), &random)
  }

  @Test(arguments: 0..<60)
  func `Random graphs with many statistics`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 21_000 + seed)
    try check(RandomModels.statistics(&random), &random)
  }

  @Test func `Models made by hand`() throws {
    var random = SeededGenerator(seed: 3)
    for (_, model) in try SampleModels.all() { try check(model, &random) }
  }

  @Test(arguments: [(0, nil), (0, 3), (2, nil), (3, 2), (10, nil)] as [(Int, Int?)])
  func `Ranges of iterations`(start: Int, count: Int?) throws {
    var random = SeededGenerator(seed: 4)
    let options = PredictionOptions(startIteration: start, iterationCount: count)
    try check(SampleModels.categoryStatistic(), options: options, &random)
    try check(biased(outputs: 1), options: options, &random)
    try check(biased(outputs: 3), options: options, &random)
  }

  /// Trees, the mean of the iterations, and a bias where these start with the first.
  private func biased(outputs: Int) throws -> TreeModel {
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    var ensemble = EnsembleBuilder(profile: .catBoost, outputCount: outputs)
    for number in 0..<12 {
      var tree = SampleModels.stump(
        slot: 0, threshold: Double(number), missing: .left, left: 0.1 * Double(number), right: -1)
      tree.output = number % outputs
      try ensemble.add(tree)
      if number % 2 == 1 { ensemble.endIteration() }
    }
    let score = builder.scoreReportingRange(builder.add(ensemble.build()))
    let means = score.scores.map {
      builder.arithmetic(.divide, .slot($0), .slot(score.iterationCount))
    }
    builder.guardSlot = score.startsAtFirst
    let biased = means.map { builder.arithmetic(.add, .slot($0), .constant(0.7)) }
    builder.guardSlot = nil
    let chosen = zip(means, biased).map { mean, biased in
      builder.select(score.startsAtFirst, then: .slot(biased), otherwise: .slot(mean))
    }
    builder.outputs = [
      ModelOutput(.raw, slots: chosen),
      ModelOutput(.prediction, slots: chosen + biased + [score.iterationCount, 0]),
    ]
    return try builder.build()
  }

  // MARK: Every operation

  /// All results of every kind of operation on four columns, each with and without a guard.
  private func everyOperation() throws -> TreeModel {
    var builder = ModelBuilder(
      input: InputSchema(
        columns: (0..<4).map { InputColumn(name: "c\($0)", kind: .numeric) }))
    let isSmall = builder.compare(.slot(3), .less, .constant(2))
    var results = [isSmall]
    var truths = [isSmall]
    for guardSlot in [nil, isSmall] {
      builder.guardSlot = guardSlot
      for precision in NumericProfile.Precision.allCases {
        for op in Arithmetic.Operator.allCases {
          results.append(builder.arithmetic(op, .slot(0), .slot(1), precision: precision))
          results.append(builder.arithmetic(op, .slot(0), .constant(0.3), precision: precision))
          results.append(builder.arithmetic(op, .constant(-2), .slot(1), precision: precision))
        }
        results.append(
          builder.linearSum(
            from: 0.25, (0..<4).map { .init(slot: $0, coefficient: 0.5 - Double($0)) },
            precision: precision))
      }
      for condition in SplitCondition.allCases where !condition.testsCategorySet {
        truths.append(builder.compare(.slot(0), condition, .slot(1)))
        truths.append(builder.compare(.slot(2), condition, .constant(1)))
      }
      for op in [Logic.Operator.and, .or] {
        for count in 1...3 { truths.append(builder.logic(op, Array(truths.suffix(count)))) }
        truths.append(builder.logic(op, [truths[1], truths[1]]))
      }
      truths.append(builder.logic(.not, [truths[2]]))
      truths.append(builder.logic(.isMissing, [1]))
      truths.append(builder.logic(.isMissing, [0, 1, 3]))
      truths.append(builder.logic(.isMissing, [results[0], 2]))
      results.append(builder.select(truths[1], then: .slot(2), otherwise: .constant(-5)))
      results.append(builder.arithmetic(.divide, .constant(1), .constant(3)))
      for nanRule in Argmax.NaNRule.allCases {
        results.append(builder.argmax(of: [0, 1, 2, 3], nanRule: nanRule))
        results.append(builder.argmax(of: [2], nanRule: nanRule))
      }
      for function in RandomModels.links {
        results += Array(builder.link(function, of: 0..<4))
        results += Array(builder.link(function, of: 1..<2))
      }
      results += aggregates(&builder, truths)
    }
    builder.outputs = [ModelOutput(.raw, slots: results + truths)]
    return try builder.build()
  }

  /// Rows with a value go to one ensemble and others to another one, or to a shortcut and not.
  @Test(arguments: [0, 0.01, 0.1, 0.3, 0.9, 1], [false, true])
  func `Rows that are scored by one of two ensembles`(missing: Double, reads: Bool) throws {
    let columns = 19
    var builder = ModelBuilder(
      input: InputSchema(
        columns: (0..<columns).map { InputColumn(name: "c\($0)", kind: .numeric) }))
    let derived = builder.arithmetic(.multiply, .slot(2), .constant(0.5))
    let isMissing = builder.logic(
      .or,
      [
        builder.logic(.isMissing, [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 17]),
        builder.logic(.isMissing, [derived, 18]),
      ])
    let isPresent = builder.logic(.not, [isMissing])
    let slots = [0, 3, 17, 18, reads ? derived : 4]
    func ensemble(missing: MissingRule) throws -> Int {
      var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 2)
      for (number, slot) in (slots + slots + slots).enumerated() {
        var tree = SampleModels.stump(
          slot: slot, threshold: 0.05 * Double(number + 1), missing: missing,
          left: Double(number), right: 8.5)
        tree.output = number % 2
        try ensemble.add(tree)
        if number % 2 == 1 { ensemble.endIteration() }
      }
      ensemble.endIteration()
      return builder.add(ensemble.build())
    }
    let shortcut = EnsembleScore.Shortcut(
      ensemble: try ensemble(missing: .right), where: isPresent)
    var scores = Array(builder.score(try ensemble(missing: .left), shortcut: shortcut))
    for guardSlot in [isPresent, isMissing] {
      builder.guardSlot = guardSlot
      scores += Array(builder.score(try ensemble(missing: .left)))
    }
    builder.guardSlot = nil
    builder.outputs = [ModelOutput(.raw, slots: [isMissing] + scores)]
    let model = try builder.build()
    let (reference, predictor) = (Predictor.reference(model), predictor(model))
    var random = SeededGenerator(seed: 77)
    let rows = (0..<columns * 1100).map { _ in
      Double.random(in: 0..<1, using: &random) < missing / 5
        ? .nan : Double.random(in: 0..<1, using: &random)
    }
    var (book, workspace) = (reference.makeWorkspace(), predictor.makeWorkspace())
    let expected = try Scored(reference, rows[...], count: 1100, .raw, &book)
    for size in Self.sizes {
      let found = try Scored(predictor, rows[..<(columns * size)], count: size, .raw, &workspace)
      #expect(found == expected.rows(0, size, of: 1100), "\(size) rows")
    }
  }

  private func aggregates(_ builder: inout ModelBuilder, _ truths: [Int]) -> [Int] {
    var results: [Int] = []
    for method in [Aggregate.Method.sum, .average] {
      for precision in NumericProfile.Precision.allCases {
        for predicates in [
          [nil, nil], [truths[1], nil], [nil, truths[2]], [truths[1], truths[2]],
        ] {
          results += Array(
            builder.aggregate(
              method,
              [
                Aggregate.Segment(values: 0..<2, predicate: predicates[0]),
                Aggregate.Segment(values: 2..<4, predicate: predicates[1], weight: 0.3),
              ], precision: precision))
        }
      }
    }
    return results
  }

  @Test func `Every operation, on hard numbers`() throws {
    let model = try everyOperation()
    var random = SeededGenerator(seed: 5)
    let numbers = HardNumbers.special + [.nan, .nan, -1, -.infinity]
    let rows = (0..<4 * 1100).map { _ in random.pick(numbers) }
    let (reference, predictor) = (Predictor.reference(model), predictor(model))
    var (book, workspace) = (reference.makeWorkspace(), predictor.makeWorkspace())
    let expected = try Scored(reference, rows[...], count: 1100, .raw, &book)
    for size in Self.sizes {
      let found = try Scored(predictor, rows[..<(4 * size)], count: size, .raw, &workspace)
      let part = expected.rows(0, size, of: 1100)
      let width = part.bits.count / size
      let wrong = Set(
        part.bits.indices.filter { found.bits[$0] != part.bits[$0] }.map { $0 % width })
      #expect(wrong.isEmpty, "\(size) rows: columns \(wrong.sorted())")
    }
  }

  // MARK: Refusals

  @Test(arguments: [1, 2, 64, 513, 1100])
  func `The first requirement that does not hold refuses a row`(count: Int) throws {
    var builder = ModelBuilder(
      input: InputSchema(columns: ["x", "y"].map { InputColumn(name: $0, kind: .numeric) }))
    let isOdd = builder.compare(.slot(0), .notEqual, .constant(0))
    let isLow = builder.compare(.slot(1), .less, .constant(3))
    builder.require(isLow, reason: "high")
    let sum = builder.arithmetic(.add, .slot(0), .slot(1))
    builder.guardSlot = isOdd
    builder.require(builder.compare(.slot(sum), .notEqual, .constant(2)), reason: "guarded")
    builder.guardSlot = nil
    builder.require(builder.compare(.slot(sum), .less, .constant(3)), reason: "last")
    builder.outputs = [ModelOutput(.raw, slots: [sum, 0])]
    let predictor = predictor(try builder.build())
    let rows = (0..<count).flatMap { [Double($0 % 2), Double($0 % 5)] }
    var workspace = predictor.makeWorkspace()
    let scored = try Scored(predictor, rows[...], count: count, .raw, &workspace)
    var expected = Scored()
    for row in 0..<count {
      let (x, y) = (rows[2 * row], rows[2 * row + 1])
      let reason =
        y >= 3 ? "high" : x != 0 && x + y == 2 ? "guarded" : x + y >= 3 ? "last" : nil
      if let reason { expected.refusals.append(.init(row: row, reason: reason)) }
      expected.bits += Scored.bits(of: reason == nil ? [x + y, x] : [.nan, .nan])
    }
    #expect(scored == expected)
  }

  // MARK: Workspaces

  @Test func `One workspace for models with and without statistics in turn`() throws {
    var random = SeededGenerator(seed: 6)
    var workspace = Predictor(try SampleModels.regression()).makeWorkspace()
    let predictors = try (0..<8).map { number in
      predictor(try number % 2 == 0 ? RandomModels.statistics(&random) : SampleModels.chain())
    }
    for _ in 0..<4 {
      for predictor in predictors {
        let count = random.pick([1, 64, 600])
        let rows = HardRows(predictor.model).rows(count, &random)
        let reference = Predictor.reference(predictor.model)
        var book = reference.makeWorkspace()
        let expected = try Scored(reference, rows[...], count: count, .prediction, &book)
        let found = try Scored(predictor, rows[...], count: count, .prediction, &workspace)
        #expect(found == expected)
      }
    }
  }

  @Test func `Wide models without trees are run in smaller blocks`() throws {
    var builder = ModelBuilder(
      input: InputSchema(
        columns: (0..<700).map { InputColumn(name: "c\($0)", kind: .numeric) }))
    let sum = builder.linearSum(
      from: 1, (0..<700).map { .init(slot: $0, coefficient: 1 / Double($0 + 3)) },
      precision: .float32)
    builder.outputs = [ModelOutput(.raw, slots: [sum])]
    let model = try builder.build()
    let plan = try #require(OutputPlan(.raw, of: model, SlotReads(model)))
    #expect(plan.graph.blockRows == 64)
    var random = SeededGenerator(seed: 7)
    try check(model, &random)
  }
}
