import Evaluator
import TestSupport
import Testing
import TreeIR

/// Results are compared with reference answers by bits and ulps.
@Suite struct VerificationTests {
  static let knownDistances: [(Double, Double, UInt64)] = [
    (1.0, 1.0, 0), (1.0, 1.0.nextUp, 1), (1.0, 1.0.nextDown, 1), (0.0, -0.0, 1),
    (5e-324, -5e-324, 3), (.nan, .nan, 0), (.nan, 1, .max), (1, .nan, .max),
    (.infinity, .greatestFiniteMagnitude, 1), (2.0, 4.0, 1 << 52),
  ]

  @Test(arguments: knownDistances)
  func distances(_ left: Double, _ right: Double, _ ulps: UInt64) {
    #expect(ulpDistance(left, right) == ulps)
    #expect(ulpDistance(right, left) == ulps)
  }

  private func report(
    _ answers: [Double], tolerance: UInt64? = nil
  ) throws -> VerificationReport {
    let predictor = Predictor(try SampleModels.regression())
    var batch = RowBatch(predictor.model.input)
    let rows: [[Double]] = [[1, 1], [2, 1], [2, -1]]  // 9.5, 19.5, 20.25
    for row in rows { batch.appendRow { row[$0] } }
    var report = VerificationReport()
    var workspace = predictor.makeWorkspace()
    for _ in 0..<2 {
      try predictor.verify(
        batch, against: [ReferenceColumn(output: .raw, column: 0, values: answers)],
        tolerance: tolerance, workspace: &workspace, report: &report)
    }
    return report
  }

  @Test func equalAnswersPass() throws {
    let report = try report([9.5, 19.5, 20.25])
    #expect(report.passed && report.rowCount == 6)
    #expect(report.columns[0].name == "raw_0" && report.columns[0].compared == 6)
    #expect(report.columns[0].differing == 0 && report.columns[0].worst == nil)
  }

  @Test func oneUlpInARawScoreFails() throws {
    let report = try report([9.5, (19.5).nextUp, (20.25).nextUp.nextUp])
    #expect(!report.passed)
    let column = report.columns[0]
    #expect(column.differing == 4 && column.failing == 4)
    #expect(column.worst?.row == 2 && column.worst?.ulps == 2)
    #expect(column.firstFailure?.row == 1 && column.firstFailure?.actual == 19.5)
  }

  @Test func withinTheToleranceDiffersButPasses() throws {
    let report = try report([9.5, (19.5).nextUp, (20.25).nextUp.nextUp], tolerance: 2)
    #expect(report.passed && report.columns[0].differing == 4 && report.columns[0].failing == 0)
  }

  @Test func nothingComparedIsNoPass() {
    #expect(!VerificationReport().passed)
  }

  @Test func answersAreAsManyAsRowsAndTheSameColumnsInEveryCall() throws {
    let predictor = Predictor(try SampleModels.regression())
    var batch = RowBatch(predictor.model.input)
    batch.appendRow { _ in 1 }
    let raw = ReferenceColumn(output: .raw, column: 0, values: [9.5])
    let prediction = ReferenceColumn(output: .prediction, column: 0, values: [9.5])
    var report = VerificationReport()
    var workspace = predictor.makeWorkspace()
    func verify(_ references: [ReferenceColumn]) throws {
      try predictor.verify(batch, against: references, workspace: &workspace, report: &report)
    }
    try verify([raw])
    for wrong in [
      [raw, prediction], [prediction], [],
      [ReferenceColumn(output: .raw, column: 0, values: [])],
      [ReferenceColumn(output: .raw, column: 0, values: [9.5, 9.5])],
    ] {
      let error = #expect(throws: PredictionError.self) { try verify(wrong) }
      #expect(error?.code == .wrongShape)
    }
    #expect(report.rowCount == 1 && report.passed)
  }

  @Test func complementsAreComparedOnTheScaleOfOne() throws {
    // P0 = 1 − P1 where P1 is close to 1: one ulp of P1 is millions of ulps of P0.
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    let p1 = builder.link(.logistic(scale: 1), of: 0..<1).lowerBound
    let p0 = builder.arithmetic(.subtract, .constant(1), .slot(p1))
    builder.classLabels = [.integer(0), .integer(1)]
    builder.outputs = [ModelOutput(.probability, slots: [p0, p1])]
    let predictor = Predictor(try builder.build())
    let probabilities = try predictor.predict(row: [20], output: .probability)
    var batch = RowBatch(predictor.model.input)
    batch.appendRow { _ in 20 }
    for (shift, passes) in [(0.0, true), (1, true), (3, false)] {
      var report = VerificationReport()
      var workspace = predictor.makeWorkspace()
      let answer = 1 - (probabilities[1] - shift * Double.ulpOfOne)
      try predictor.verify(
        batch, against: [ReferenceColumn(output: .probability, column: 0, values: [answer])],
        workspace: &workspace, report: &report)
      #expect(report.passed == passes, "\(shift)")
    }
  }

  @Test func columnsThatTheModelLacksAreRefused() throws {
    let predictor = Predictor(try SampleModels.regression())
    var report = VerificationReport()
    var workspace = predictor.makeWorkspace()
    #expect(throws: PredictionError.self) {
      try predictor.verify(
        RowBatch(predictor.model.input),
        against: [ReferenceColumn(output: .raw, column: 1, values: [])], workspace: &workspace,
        report: &report)
    }
  }

  @Test func rowsInTheModelAreChecked() throws {
    let model = try SampleModels.everything()
    #expect(try Predictor(model).verifyEmbeddedRows()?.passed == true)
    #expect(try Predictor(model.withVerification(nil)).verifyEmbeddedRows() == nil)
    let wrong = VerificationRows(
      rowCount: 1, inputs: [1, 3, 0],
      answers: [.init(role: .raw, column: 0, values: [(2.5).nextUp])])
    #expect(
      try Predictor(model.withVerification(wrong)).verifyEmbeddedRows()?.passed == false)
  }
}
