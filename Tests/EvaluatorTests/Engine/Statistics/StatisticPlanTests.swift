import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// Statistics of categories are made of parts that each are found once.
@Suite struct StatisticPlanTests {
  private func schema(_ count: Int) -> InputSchema {
    InputSchema(columns: (0..<count).map { InputColumn(name: "c\($0)", kind: .numeric) })
  }

  private func table() throws -> StatisticTable {
    try StatisticTable(
      records: [(key: 1, counts: [1, 2], sum: 1), (key: 2, counts: [3, 4], sum: 1)],
      classCount: 2, counterDenominator: 7)
  }

  private func statistic(
    _ kind: CategoryStatistic.Kind = .borders, table: Int, _ categories: [Int],
    border: Float? = nil, targetBorder: Int = 0, prior: Float = 0
  ) -> CategoryStatistic {
    CategoryStatistic(
      kind, table: table, categories: categories,
      floatSplits: border.map { [.init(slot: 2, border: $0)] } ?? [], targetBorder: targetBorder,
      priorNumerator: prior, priorDenominator: 1, shift: 0, scale: 15, output: 0)
  }

  private func graph(_ builder: ModelBuilder) throws -> GraphPlan {
    let model = try builder.build()
    return try #require(OutputPlan(.raw, of: model, SlotReads(model))).graph
  }

  @Test func `Combinations, searches and counts are shared`() throws {
    var builder = ModelBuilder(input: schema(3))
    let tables = [builder.add(try table()), builder.add(try table())]
    let slots = [
      statistic(table: tables[0], [0]), statistic(table: tables[0], [0], prior: 0.5),
      statistic(table: tables[0], [0], targetBorder: 1), statistic(table: tables[1], [0]),
      statistic(table: tables[0], [0, 1]), statistic(table: tables[0], [1, 0]),
      statistic(table: tables[0], [0], border: 3), statistic(table: tables[0], [0, 1], border: 3),
      // What a counter's class is plays no part.
      statistic(.counter, table: tables[1], [0]),
      statistic(.counter, table: tables[1], [0], targetBorder: 1),
    ].map { builder.statistic($0) }
    builder.outputs = [ModelOutput(.raw, slots: slots)]
    let graph = try graph(builder)
    #expect(graph.steps.count == 1 && graph.statistics.count == 1)
    let plan = graph.statistics[0]
    #expect(plan.categoryColumns == [0, 1])
    let combinations = plan.projections.map { Array(plan.elements[$0.elements]) }
    let split = StatisticPlan.Element.floatSplit(column: 2, border: 3, missingHolds: false)
    #expect(
      combinations == [
        [.category(0)], [.category(0), .category(1)], [.category(1), .category(0)],
        [.category(0), split], [.category(0), .category(1), split],
      ])
    #expect(plan.projections.map(\.lookups.count) == [2, 1, 1, 1, 1])
    #expect(plan.lookups.map(\.counts.count) == [2, 2, 1, 1, 1, 1])
    #expect(plan.counts.map(\.terms.count) == [2, 1, 1, 2, 1, 1, 1, 1])
  }

  @Test func `A statistic is made as early as what it reads is there`() throws {
    var builder = ModelBuilder(input: schema(3))
    let number = builder.add(try table())
    let first = builder.statistic(statistic(table: number, [0]))
    let truth = builder.compare(.slot(1), .less, .slot(first))
    builder.guardSlot = truth
    let guarded = builder.statistic(statistic(table: number, [0]))
    builder.guardSlot = nil
    let second = builder.statistic(statistic(table: number, [1]))
    let ofResult = builder.statistic(statistic(table: number, [first]))
    builder.outputs = [ModelOutput(.raw, slots: [first, guarded, second, ofResult])]
    let graph = try graph(builder)
    #expect(graph.statistics.map(\.terms.count) == [2, 2])
    #expect(graph.statistics.map(\.guarded.count) == [0, 1])
    #expect(graph.steps.count == 3)
  }

  @Test func `What names no category is in no table`() throws {
    var builder = ModelBuilder(input: schema(1))
    // The hash of category 0 is 0.
    let zero = builder.add(
      try StatisticTable(records: [(key: 0, counts: [5], sum: nil)], classCount: 1))
    let slot = builder.statistic(
      CategoryStatistic(
        .buckets, table: zero, categories: [0], priorNumerator: 0.5, priorDenominator: 1,
        shift: 0, scale: 1, output: 0))
    builder.outputs = [ModelOutput(.raw, slots: [slot])]
    let predictor = Predictor(
      try builder.build(), engines: EngineOptions(preparation: .immediate))
    let known = Double(5.5 as Float / 6)
    let cases: [(Double, Double)] = [
      (0, known), (-0.0, known), (0.5, 0.5), (-0.5, 0.5), (.nan, 0.5), (.infinity, 0.5),
      (-.infinity, 0.5), (0x1p32, 0.5), (-0x1p32, 0.5), (0x1p31, 0.5), (0x1p52, 0.5),
      (0x1p53, 0.5), (-0x1p31, 0.5), (0x1p31 - 1, 0.5), (1e300, 0.5), (5e-324, 0.5), (7, 0.5),
    ]
    for repeats in [1, 20] {
      let rows = cases.flatMap { [Double](repeating: $0.0, count: repeats) }
      let expected = cases.flatMap { [Double](repeating: $0.1, count: repeats) }
      var workspace = predictor.makeWorkspace()
      let found = try Scored(predictor, rows[...], count: rows.count, .raw, &workspace)
      #expect(found.bits == Scored.bits(of: expected))
      for (value, answer) in cases {
        #expect(try predictor.predict(row: [value], output: .raw) == [answer], "\(value)")
      }
    }
  }
}
