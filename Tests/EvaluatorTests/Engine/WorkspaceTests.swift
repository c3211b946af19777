import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// A workspace may serve one predictor after another.
@Suite struct WorkspaceTests {
  @Test func `A workspace outlives the predictors that used it`() throws {
    // Each predictor is gone before the next is made, which may then have its address.
    let models = try (0..<20).map { number in
      var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
      try ensemble.add(
        SampleModels.stump(
          slot: 0, threshold: 0, missing: .left, left: Double(number), right: -1))
      return try RandomModels.model(of: ensemble.build(), columnCount: 1)
    }
    var workspace = Predictor(models[0]).makeWorkspace()
    for (number, model) in models.enumerated() {
      let row = [-1.0]
      let scored = try Scored(Predictor(model), row[...], count: 1, .raw, &workspace)
      #expect(scored.bits == [Double(number).bitPattern])
    }
  }

  @Test func `One workspace for many models in turn`() throws {
    var random = SeededGenerator(seed: 1)
    var workspace = Predictor(try SampleModels.regression()).makeWorkspace()
    let predictors = try (0..<12).map { _ in Predictor(try RandomModels.graph(&random)) }
    for _ in 0..<5 {
      for predictor in predictors {
        let count = random.pick([1, 64, 300])
        let rows = HardRows(predictor.model).rows(count, &random)
        let reference = Predictor.reference(predictor.model)
        var fresh = reference.makeWorkspace()
        let expected = try Scored(reference, rows[...], count: count, .prediction, &fresh)
        let found = try Scored(predictor, rows[...], count: count, .prediction, &workspace)
        #expect(found == expected)
      }
    }
  }

  @Test func `Refusals are in the order of rows, whichever requirement refused`() throws {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try ensemble.add(
      SampleModels.stump(slot: 0, threshold: 0, missing: .left, left: 1, right: 2))
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    builder.require(builder.compare(.slot(0), .less, .constant(5)), reason: "early")
    let score = builder.score(builder.add(ensemble.build()))
    builder.require(
      builder.compare(.slot(score.lowerBound), .less, .constant(2)), reason: "late")
    builder.outputs = [ModelOutput(.raw, slots: Array(score))]
    let predictor = Predictor(try builder.build())
    var workspace = predictor.makeWorkspace()
    let rows: [Double] = [1, -1, 9, 1]
    let scored = try Scored(predictor, rows[...], count: 4, .raw, &workspace)
    #expect(scored.refusals.map(\.row) == [0, 2, 3])
    #expect(scored.refusals.map(\.reason) == ["late", "early", "late"])
  }
}
