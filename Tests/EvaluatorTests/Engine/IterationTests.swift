import Evaluator
import TestSupport
import Testing
import TreeIR

/// Ranges of iterations and early stopping, as LightGBM has them.
@Suite struct IterationTests {
  /// Ten iterations; iteration i adds 2^i to each output, output 1 tenfold.
  private func model(_ outputs: Int, _ stopping: Ensemble.EarlyStopping) throws -> Predictor {
    var ensemble = EnsembleBuilder(
      profile: .lightGBM, outputCount: outputs, earlyStopping: stopping)
    for iteration in 0..<10 {
      for output in 0..<outputs {
        let value = Double(1 << iteration) * (output == 1 ? 10 : 1)
        var tree = TreeDraft()
        tree.leaves = LeafDraft(values: [value])
        tree.output = output
        try ensemble.add(tree)
      }
      ensemble.endIteration()
    }
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    let (scores, count, _) = builder.scoreReportingRange(builder.add(ensemble.build()))
    let mean = builder.arithmetic(.divide, .slot(scores.lowerBound), .slot(count))
    builder.outputs = [
      ModelOutput(.raw, slots: Array(scores)), ModelOutput(.prediction, slots: [mean]),
    ]
    return Predictor(try builder.build())
  }

  private func raw(_ predictor: Predictor, _ options: PredictionOptions) throws -> Double {
    try predictor.predict(row: [0], output: .raw, options: options)[0]
  }

  @Test func rangesAreClampedToTheModel() throws {
    let predictor = try model(1, .never)
    let cases: [(Int, Int?, Double)] = [
      (0, nil, 1023), (0, 0, 1023), (0, -1, 1023), (0, 3, 7), (-5, 3, 7), (2, 3, 28),
      (8, 100, 768), (10, 1, 0), (99, nil, 0), (3, nil, 1016),
    ]
    for (start, count, sum) in cases {
      let options = PredictionOptions(startIteration: start, iterationCount: count)
      #expect(try raw(predictor, options) == sum, "\(start), \(count ?? -1)")
    }
  }

  @Test func meansDivideByTheIterationsAskedFor() throws {
    let predictor = try model(1, .binaryMargin)
    let range = PredictionOptions(startIteration: 1, iterationCount: 4)
    #expect(try predictor.predict(row: [0], options: range) == [30.0 / 4])
    // Early stopping ends the sum after 1 + 2 + 4, yet the mean is over ten.
    let stopping = PredictionOptions(earlyStopping: .init(margin: 10, frequency: 1))
    #expect(try predictor.predict(row: [0], options: stopping) == [7.0 / 10])
  }

  @Test func binaryMarginIsTwiceTheScore() throws {
    let predictor = try model(1, .binaryMargin)
    #expect(predictor.allowsEarlyStopping)
    let cases: [(Double, Int, Double)] = [
      (13, 1, 7), (14, 1, 15), (0, 1, 1), (13, 2, 15), (13, 4, 15), (13, 11, 1023),
      (1e9, 1, 1023),
    ]
    for (margin, frequency, sum) in cases {
      let options = PredictionOptions(
        earlyStopping: .init(margin: margin, frequency: frequency))
      #expect(try raw(predictor, options) == sum, "\(margin), \(frequency)")
    }
  }

  @Test func multiclassMarginIsBetweenTheBestTwo() throws {
    let predictor = try model(3, .bestTwoMargin)
    // After n iterations the scores are s, 10 s, s with s = 2^n − 1.
    let options = PredictionOptions(earlyStopping: .init(margin: 26.9, frequency: 1))
    #expect(try raw(predictor, options) == 3)
  }

  @Test func exactObjectivesDoNotStop() throws {
    let predictor = try model(1, .never)
    #expect(!predictor.allowsEarlyStopping)
    let options = PredictionOptions(earlyStopping: .init(margin: 0, frequency: 1))
    #expect(try raw(predictor, options) == 1023)
  }

  @Test func leavesFollowTheRangeAndNeverStopEarly() throws {
    let predictor = try model(2, .bestTwoMargin)
    let options = PredictionOptions(
      startIteration: 4, iterationCount: 3, earlyStopping: .init(margin: 0, frequency: 1))
    #expect(try predictor.predict(row: [0], output: .leaf, options: options).count == 6)
  }

  @Test func impossibleOptionsAreRefused() throws {
    let predictor = try model(1, .binaryMargin)
    for stopping in [
      PredictionOptions.EarlyStopping(margin: -1, frequency: 1), .init(margin: .nan, frequency: 1),
      .init(margin: 1, frequency: 0), .init(margin: 1, frequency: -3),
    ] {
      let error = #expect(throws: PredictionError.self) {
        try raw(predictor, PredictionOptions(earlyStopping: stopping))
      }
      #expect(error?.code == .invalidOption)
    }
    let several = Predictor(try SampleModels.chain())
    #expect(throws: PredictionError.self) {
      try several.predict(row: [1, 1], options: PredictionOptions(iterationCount: 1))
    }
  }

  @Test("XGBoost refuses iterations that the model has not")
  func outsideXGBoost() throws {
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    var ensemble = EnsembleBuilder(profile: .xgBoost, outputCount: 1)
    for _ in 0..<4 {
      try ensemble.add(
        SampleModels.stump(
          slot: 0, condition: .less, threshold: 0, missing: .left, left: 1, right: 2))
      ensemble.endIteration()
    }
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(ensemble.build()))))
    ]
    builder.provenance.library = "XGBoost"
    let predictor = Predictor(try builder.build())
    func sum(_ start: Int, _ count: Int?) throws -> Double {
      try predictor.predict(
        row: [1], output: .raw,
        options: PredictionOptions(startIteration: start, iterationCount: count))[0]
    }
    #expect(try sum(0, nil) == 8)
    #expect(try sum(0, 0) == 8)
    #expect(try sum(1, nil) == 6)
    #expect(try sum(1, 2) == 4)
    #expect(try sum(4, nil) == 0)
    for (start, count) in [(0, 5), (3, 2), (5, nil), (-1, nil), (1, Int.max)] {
      let error = #expect(throws: PredictionError.self) { try sum(start, count) }
      #expect(error?.code == .invalidOption)
    }
  }
}
