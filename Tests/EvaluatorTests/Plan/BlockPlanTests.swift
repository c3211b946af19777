import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// An ensemble of too many tests for one plan has several; one of too large tables has none.
@Suite struct BlockPlanTests {
  /// Stumps that all compare with another threshold.
  private func ensemble(tests: Int) throws -> TreeModel {
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1, baseScores: [0.25])
    for number in 0..<tests {
      try builder.add(
        SampleModels.stump(
          slot: number % 3, threshold: Double(number / 3), missing: .left, left: Double(number),
          right: -0.1))
    }
    return try RandomModels.model(of: builder.build(), columnCount: 3)
  }

  private func plans(_ model: TreeModel, byteLimit: Int = 1 << 30) throws -> [BlockPlan] {
    let ensemble = model.ensembles[0]
    return try BlockPlan.make(
      ensemble,
      EngineContext(
        ensemble, rowWidth: 8, instructionSet: .baseline, tableMemoryLimit: byteLimit),
      codeBits: CodeBits(ensemble, registerBits: 0))
  }

  @Test func `Plans divide the trees`() throws {
    let model = try ensemble(tests: 3 * BlockPlan.softTestLimit)
    let plans = try plans(model)
    #expect(plans.count == 3)
    var end = 0
    for plan in plans {
      #expect(plan.trees.lowerBound == end && !plan.trees.isEmpty)
      #expect(plan.planeCount <= BlockPlan.softTestLimit + 100)
      end = plan.trees.upperBound
    }
    #expect(end == model.ensembles[0].treeCount)
  }

  @Test func `Several plans give the same bits`() throws {
    var random = SeededGenerator(seed: 1)
    let model = try ensemble(tests: 2 * BlockPlan.softTestLimit + 1)
    #expect(try plans(model).count == 3)
    try EngineCheck(model, rowCount: 65, outputs: [.raw, .leaf], &random).run(
      batches: 1, &random)
    let range = PredictionOptions(
      startIteration: 0, iterationCount: BlockPlan.softTestLimit + 3)
    try EngineCheck(model, rowCount: 65, options: range, outputs: [.raw], &random).run(
      batches: 1, &random)
  }

  @Test func `An ensemble without trees has one plan`() throws {
    let plans = try plans(try ensemble(tests: 0))
    #expect(plans.count == 1 && plans[0].trees.isEmpty)
  }

  @Test func `Tables that are too large are refused`() throws {
    let model = try ensemble(tests: 2000)
    let plan = try plans(model)[0]
    #expect(try plans(model, byteLimit: plan.byteCount).count == 1)
    #expect(throws: EngineRefusal.self) { try plans(model, byteLimit: plan.byteCount - 1) }
  }

  @Test func `A tree of more leaves than codes have is refused`() throws {
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try builder.add(SampleModels.chainTree(splitCount: 1 << 16))
    let model = try RandomModels.model(of: builder.build(), columnCount: 1)
    #expect(throws: EngineRefusal.self) { try plans(model) }
    // Somebody scores it all the same.
    let predictor = Predictor(
      model, engines: EngineOptions(engine: .bitSliced, preparation: .immediate))
    #expect(predictor.engineReports()[0].choices.map(\.engine) == [.reference])
    #expect(try predictor.predict(row: [1], output: .raw) == [0])
  }
}
