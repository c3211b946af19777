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
    #expect(message(builder).contains("output raw: slot 1 does not exist"))
    builder.outputs = [ModelOutput(.raw, slots: [0]), ModelOutput(.raw, slots: [0])]
    #expect(message(builder).contains("same role"))
  }

  @Test func labelsChooseAmongTheClasses() {
    var builder = ModelBuilder(input: Self.schema)
    builder.outputs = [ModelOutput(.label, slots: [builder.argmax(of: [0, 0])])]
    builder.classLabels = [.integer(0)]
    #expect(message(builder).contains("does not choose among the 1 class labels"))
    builder.classLabels = [.integer(0), .integer(1)]
    #expect(message(builder) == "")
  }

  @Test func guardsAreTruthValues() throws {
    var builder = try builder(
      SampleModels.stump(slot: 0, threshold: 0, missing: .left, left: 0, right: 1))
    _ = builder.score(0, guardedBy: 0)
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

  @Test func limitsAreKept() throws {
    var limits = Limits()
    limits.columns = 1
    let error = #expect(throws: ModelError.self) {
      try TreeModel(tirBytes: SampleModels.regression().tirBytes().span, limits: limits)
    }
    #expect(error?.code == .limit)
  }
}
