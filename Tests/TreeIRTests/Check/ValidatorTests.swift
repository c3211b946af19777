import TestSupport
import Testing
import TreeIR

/// What the validator lets in, the evaluator may rely on; everything else is refused with
/// its place.
@Suite struct ValidatorTests {
  private static let schema = InputSchema(columns: [InputColumn(name: "x", kind: .numeric)])

  private func builder(_ tree: TreeDraft) throws -> ModelBuilder {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try ensemble.add(tree)
    var builder = ModelBuilder(input: Self.schema)
    _ = builder.score(builder.add(ensemble.build()))
    return builder
  }

  private func message(_ builder: ModelBuilder) -> String {
    do {
      _ = try builder.build()
      return ""
    } catch {
      return error.description
    }
  }

  @Test func splitsReadSlotsThatExist() throws {
    let tree = SampleModels.stump(slot: 7, threshold: 0, missing: .left, left: 0, right: 1)
    #expect(
      message(try builder(tree)).contains("slot 7 is read before it is written"))
  }

  @Test func thresholdsAreNumbers() throws {
    for threshold in [Double.infinity, -.infinity, 0, .leastNonzeroMagnitude] {
      let tree = SampleModels.stump(
        slot: 0, threshold: threshold, missing: .left, left: 0, right: 1)
      #expect(message(try builder(tree)) == "")
    }
    let tree = SampleModels.stump(slot: 0, threshold: .nan, missing: .left, left: 0, right: 1)
    #expect(message(try builder(tree)).contains("tree 0, split 0: the threshold is not a number"))
  }

  @Test func floatEnsemblesHaveFloatThresholds() throws {
    var ensemble = EnsembleBuilder(profile: .xgBoost, outputCount: 1)
    try ensemble.add(
      SampleModels.stump(slot: 0, threshold: 0.1, missing: .left, left: 0, right: 1))
    var builder = ModelBuilder(input: Self.schema)
    _ = builder.score(builder.add(ensemble.build()))
    #expect(message(builder).contains("no Float"))
  }

  @Test func floatEnsemblesHaveFloatLeaves() throws {
    for (value, isFloat) in [(0.1, false), (1e300, false), (0.5, true), (.nan, true)] {
      var ensemble = EnsembleBuilder(profile: .xgBoost, outputCount: 1)
      try ensemble.add(
        SampleModels.stump(slot: 0, threshold: 0, missing: .left, left: 0, right: value))
      var builder = ModelBuilder(input: Self.schema)
      _ = builder.score(builder.add(ensemble.build()))
      #expect(message(builder).contains("a leaf's value is no Float") == !isFloat)
    }
  }

  @Test func linearSumsReadSlotsThatExist() {
    for slot in [1, 7, -1] {
      var builder = ModelBuilder(input: Self.schema)
      _ = builder.linearSum(
        from: 0, [.init(slot: 0, coefficient: 1), .init(slot: slot, coefficient: 1)])
      #expect(message(builder).contains("slot \(slot) is read before it is written"))
    }
  }

  @Test func sortingCountsEveryComparison() {
    let columns = (0..<10).map { InputColumn(name: "c\($0)", kind: .numeric) }
    var builder = ModelBuilder(input: InputSchema(columns: columns))
    _ = builder.link(.sorted, of: 0..<10)
    var limits = Limits()
    limits.reads = 10 + 45
    #expect(throws: Never.self) { try builder.build(limits: limits) }
    limits.reads -= 1
    #expect(throws: ModelError.self) { try builder.build(limits: limits) }
  }

  @Test func categorySetsExist() throws {
    var tree = SampleModels.stump(slot: 0, threshold: 0, missing: .left, left: 0, right: 1)
    tree.splits[0].condition = .inCategorySet
    tree.splits[0].operand = .categorySet(0)
    #expect(message(try builder(tree)).contains("category set 0 does not exist"))
  }

  @Test func columnNamesAreUniqueToTheByte() {
    func build(_ names: [String]) -> String {
      message(
        ModelBuilder(
          input: InputSchema(columns: names.map { InputColumn(name: $0, kind: .numeric) })))
    }
    #expect(build(["a", "b", "a"]).contains("'a' is used twice"))
    #expect(build(["a", ""]).contains("the name is empty"))
    #expect(build(["\u{E9}", "e\u{301}"]) == "")
  }

  @Test func dictionariesHaveNoDuplicates() {
    func build(_ values: [CategoryValue]) -> String {
      message(
        ModelBuilder(
          input: InputSchema(columns: [
            InputColumn(name: "c", kind: .dictionary(values, unknown: .missing))
          ])))
    }
    #expect(build([.string("a"), .string("a")]).contains("stands twice"))
    #expect(build([.string("1"), .integer(1)]) == "")
  }

  @Test func outputsReadSlotsThatExist() {
    var builder = ModelBuilder(input: Self.schema)
    builder.outputs = [ModelOutput(.raw, slots: [1])]
    #expect(message(builder).contains("output raw: slot 1 is read before it is written"))
    builder.outputs = [ModelOutput(.raw, slots: [0]), ModelOutput(.raw, slots: [0])]
    #expect(message(builder).contains("same role"))
  }

  @Test func labelsChooseAmongTheClasses() {
    var builder = ModelBuilder(input: Self.schema)
    builder.outputs = [ModelOutput(.label, slots: [builder.argmax(of: [0, 0])])]
    #expect(message(builder).contains("there are no class labels"))
    builder.classLabels = [.integer(0), .integer(1)]
    #expect(message(builder) == "")
  }

  @Test func guardsAreTruthValues() throws {
    var builder = try builder(
      SampleModels.stump(slot: 0, threshold: 0, missing: .left, left: 0, right: 1))
    builder.guardSlot = 0
    _ = builder.compare(.slot(0), .less, .constant(1))
    #expect(message(builder).contains("slot 0 holds no truth value"))
  }

  @Test func verificationRowsFitTheModel() throws {
    let model = try SampleModels.regression()
    #expect(throws: ModelError.self) {
      try model.withVerification(VerificationRows(rowCount: 2, inputs: [1, 2], answers: []))
    }
    #expect(throws: ModelError.self) {
      try model.withVerification(
        VerificationRows(
          rowCount: 1, inputs: [1, 2],
          answers: [.init(role: .probability, column: 0, values: [1])]))
    }
  }

  @Test func theGraphReadsABoundedNumberOfSlots() throws {
    var builder = ModelBuilder(input: Self.schema)
    let wide = builder.aggregate(.sum, [.init(values: 0..<1)])
    var limits = Limits()
    limits.reads = 1000
    let segments = (0..<1001).map { _ in Aggregate.Segment(values: wide) }
    _ = builder.aggregate(.sum, segments)
    let error = #expect(throws: ModelError.self) { try builder.build(limits: limits) }
    #expect(error?.code == .limit)
  }

  @Test func anEnsembleIsScoredOnce() throws {
    var builder = try builder(
      SampleModels.stump(slot: 0, threshold: 0, missing: .left, left: 0, right: 1))
    _ = builder.score(0)
    #expect(message(builder).contains("ensemble 0 is scored twice"))
  }

  @Test func earlyStoppingFitsTheOutputs() throws {
    for (stopping, outputs, fits) in [
      (Ensemble.EarlyStopping.binaryMargin, 1, true), (.binaryMargin, 2, false),
      (.bestTwoMargin, 2, true), (.bestTwoMargin, 1, false), (.never, 3, true),
    ] {
      let ensemble = EnsembleBuilder(
        profile: .lightGBM, outputCount: outputs, earlyStopping: stopping)
      var builder = ModelBuilder(input: Self.schema)
      _ = builder.score(builder.add(ensemble.build()))
      #expect(message(builder).isEmpty == fits, "\(stopping), \(outputs)")
    }
  }

  @Test func floatSumsStartFromFloats() throws {
    for (base, fits) in [(0.5, true), (0.1, false), (Double(0.1 as Float), true)] {
      let ensemble = EnsembleBuilder(profile: .xgBoost, outputCount: 1, baseScores: [base])
      var builder = ModelBuilder(input: Self.schema)
      _ = builder.score(builder.add(ensemble.build()))
      #expect(message(builder).isEmpty == fits, "\(base)")
    }
  }

  @Test func statisticTablesHaveClasses() {
    for classCount in [-1, 0, Int.max] {
      #expect(throws: ModelError.self) { try StatisticTable(records: [], classCount: classCount) }
    }
    #expect(throws: ModelError.self) {
      try StatisticTable(
        records: [(key: 1, counts: [1], sum: nil), (key: 1, counts: [2], sum: nil)],
        classCount: 1)
    }
  }

  @Test func statisticsReadClassesThatExist() throws {
    for border in [-1, 1, 1 << 40] {
      var builder = ModelBuilder(input: Self.schema)
      let table = builder.add(
        try StatisticTable(records: [(key: 1, counts: [1], sum: nil)], classCount: 1))
      _ = builder.statistic(
        CategoryStatistic(
          .counter, table: table, categories: [0], targetBorder: border, priorNumerator: 0,
          priorDenominator: 1, shift: 0, scale: 1, output: 0))
      #expect(message(builder).contains("target border \(border)"))
    }
  }

  @Test func impossibleCountsAreRefusedAndNotAdded() throws {
    var builder = ModelBuilder(input: Self.schema)
    _ = builder.link(.exponential, of: 0..<Int.max)
    _ = builder.link(.exponential, of: 0..<Int.max)
    #expect(throws: ModelError.self) { try builder.build() }
    #expect(throws: ModelError.self) {
      try SampleModels.regression().withVerification(
        VerificationRows(rowCount: .max, inputs: [], answers: []))
    }
    #expect(throws: ModelError.self) {
      try SampleModels.regression().withVerification(
        VerificationRows(rowCount: 1, inputs: [1, 2], answers: []))
    }
  }

  @Test func limitsAreKept() throws {
    var limits = Limits()
    limits.columns = 1
    let error = #expect(throws: ModelError.self) {
      try TreeModel(tirBytes: SampleModels.regression().tirBytes().span, limits: limits)
    }
    #expect(error?.code == .limit)
  }
}
