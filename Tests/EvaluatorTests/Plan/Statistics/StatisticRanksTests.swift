import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// The block engine looks ranks of statistics up, where nothing but trees reads them.
@Suite struct StatisticRanksTests {
  /// Statistics of one category, of one with tests, of two, and of one with many tests.
  private static let combinations: [(categories: [Int], borders: [Float])] = [
    ([0], []), ([0], [3]), ([0], [1, 2, 3]), ([0, 1], []), ([1], [7]),
    ([0], [1, 2, 3, 4, 5, 6]),
  ]

  /// A tree that asks whether each statistic is above 1.
  private func ensemble(_ slots: [Int], thresholds: [Double] = [1]) throws -> Ensemble {
    var ensemble = EnsembleBuilder(profile: .catBoost, outputCount: 1)
    for slot in slots {
      for threshold in thresholds {
        try ensemble.add(
          SampleModels.stump(
            slot: slot, condition: .greater, threshold: threshold, missing: .left, left: 0,
            right: 1))
        ensemble.endIteration()
      }
    }
    return ensemble.build()
  }

  private func builder(columns: Int = 3) -> ModelBuilder {
    ModelBuilder(
      input: InputSchema(
        columns: (0..<columns).map { InputColumn(name: "c\($0)", kind: .numeric) }))
  }

  private func table(categories: Range<Int32>, bits: Int = 0) throws -> StatisticTable {
    try StatisticTable(
      records: categories.map { category in
        var hash = combine(0, UInt64(bitPattern: Int64(category)))
        for _ in 0..<bits { hash = combine(hash, 1) }
        return (key: hash, counts: [1, Int32(category)], sum: nil)
      }, classCount: 2)
  }

  private func combine(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    CategoryStatistic.hashMultiplier &* (hash &+ CategoryStatistic.hashMultiplier &* value)
  }

  private func statistic(
    table: Int, _ categories: [Int], _ borders: [Float] = [], prior: Float = 0
  ) -> CategoryStatistic {
    CategoryStatistic(
      .borders, table: table, categories: categories,
      floatSplits: borders.map { .init(slot: 2, border: $0) }, priorNumerator: prior,
      priorDenominator: 0, shift: 0, scale: 15, output: 0)
  }

  private func engines(
    _ builder: ModelBuilder, _ options: EngineOptions = EngineOptions()
  ) throws -> EnsembleEngines {
    Predictor(try builder.build(), engines: options).enginePlan.ensembles[0]
  }

  // MARK: What is looked up

  @Test func `A combination of one category has codes, and others are hashed`() throws {
    var builder = builder()
    let slots = try Self.combinations.map { combination in
      let table = builder.add(
        try table(categories: 0..<50, bits: combination.borders.count))
      return builder.statistic(
        statistic(table: table, combination.categories, combination.borders))
    }
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(try ensemble(slots)))))
    ]
    var random = SeededGenerator(seed: 4)
    try EngineCheck(try builder.build(), outputs: [.raw, .leaf], &random).run(&random)
    let engines = try engines(builder)
    let ranks = try #require(engines.statisticNumbers)
    #expect(ranks.codedCount == 4 && ranks.hashedCount == 2 && ranks.targetCount == 6)
    #expect(engines.makesStatistics(rows: 512, leaves: false))
    #expect(engines.makesStatistics(rows: 512, leaves: true))
  }

  @Test func `Statistics of one combination share a search`() throws {
    var builder = builder()
    let table = builder.add(try table(categories: 0..<5))
    let slots = [0, 0.5, 1].map { builder.statistic(statistic(table: table, [0], prior: $0)) }
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(try ensemble(slots)))))
    ]
    let ranks = try #require(try engines(builder).statisticNumbers)
    #expect(ranks.codedCount == 1 && ranks.targetCount == 3)
  }

  @Test func `A combination with many more numbers than buckets is hashed`() throws {
    var builder = builder()
    let many = builder.add(try table(categories: 0..<20_000))
    let few = builder.add(try table(categories: 0..<5, bits: 3))
    let slots = [
      builder.statistic(statistic(table: many, [0])),
      builder.statistic(statistic(table: few, [0], [1, 2, 3])),
    ]
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(try ensemble(slots)))))
    ]
    let model = try builder.build()
    let engines = Predictor(model, engines: EngineOptions(preparation: .immediate))
      .enginePlan.ensembles[0]
    let ranks = try #require(engines.statisticNumbers)
    #expect(ranks.codedCount == 1 && ranks.hashedCount == 1)
    var random = SeededGenerator(seed: 5)
    try EngineCheck(model, outputs: [.raw, .leaf], &random).run(&random)
  }

  @Test func `A statistic of more thresholds than a byte counts has several columns`() throws {
    var builder = builder()
    let table = builder.add(try table(categories: 0..<400))
    let slot = builder.statistic(statistic(table: table, [0]))
    let thresholds = (1...600).map { Double(15 * Float($0) / 601) }
    builder.outputs = [
      ModelOutput(
        .raw,
        slots: Array(builder.score(builder.add(try ensemble([slot], thresholds: thresholds)))))
    ]
    let model = try builder.build()
    let engines = Predictor(model, engines: EngineOptions(preparation: .immediate))
      .enginePlan.ensembles[0]
    // A number cannot stand for three ranks.
    #expect(engines.statisticNumbers == nil)
    #expect(engines.makesStatistics(rows: 512, leaves: false))
    var random = SeededGenerator(seed: 6)
    try EngineCheck(model, outputs: [.raw, .leaf], &random).run(&random)
  }

  // MARK: What is computed instead

  /// How a model comes to need the statistics themselves.
  enum Need: CaseIterable {
    case output, operation, guardSlot, result, secondEnsemble, requirement, memory
  }

  @Test(arguments: Need.allCases)
  func `Statistics that something else needs are computed`(_ need: Need) throws {
    var builder = builder()
    let number = builder.add(try table(categories: 0..<50))
    var inputs = [0]
    if need == .result { inputs = [builder.arithmetic(.add, .slot(0), .constant(1))] }
    if need == .guardSlot { builder.guardSlot = builder.compare(.slot(1), .less, .constant(3)) }
    let slot = builder.statistic(statistic(table: number, inputs))
    builder.guardSlot = nil
    let forest = builder.add(try ensemble([slot]))
    var slots = Array(builder.score(forest))
    if need == .output { slots.append(slot) }
    if need == .operation {
      slots.append(builder.arithmetic(.add, .slot(slot), .constant(1)))
    }
    if need == .secondEnsemble { slots += builder.score(builder.add(try ensemble([slot]))) }
    if need == .requirement {
      builder.require(
        builder.compare(.slot(slots[0]), .lessOrEqual, .constant(0.5)), reason: "a large score")
    }
    builder.outputs = [ModelOutput(.raw, slots: slots)]
    let model = try builder.build()
    var options = EngineOptions(preparation: .immediate)
    // As much as the other tables take.
    if need == .memory { options.tableMemoryLimit = 64 }
    for engines in Predictor(model, engines: options).enginePlan.ensembles {
      #expect(engines.statisticNumbers == nil)
      #expect(!engines.makesStatistics(rows: 512, leaves: false))
    }
    var random = SeededGenerator(seed: 7)
    try EngineCheck(model, outputs: [.raw, .leaf], &random).run(&random)
  }
}
