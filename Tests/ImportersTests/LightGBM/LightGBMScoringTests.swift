import Evaluator
import TestSupport
import Testing
import TreeIR

/// Every model of the LightGBM fixtures gives LightGBM's own answers: raw scores and leaves
/// to the bit, transformed outputs within the tolerance of the model's link.
@Suite struct LightGBMScoringTests {
  @Test(arguments: Fixture.lightGBM)
  func text(_ fixture: Fixture) throws {
    try check(try fixture.importText(), fixture)
  }

  @Test(arguments: Fixture.lightGBMWithJSON)
  func json(_ fixture: Fixture) throws {
    try check(try fixture.importJSON(), fixture)
  }

  /// Scores the rows through text, encoder and a `.tir` file in memory, and compares.
  private func check(_ imported: TreeModel, _ fixture: Fixture) throws {
    let model = try TreeModel(tirBytes: imported.tirBytes().span)
    let predictor = Predictor(model)
    let batch = try encode(fixture, model)
    let options = PredictionOptions(
      startIteration: fixture.startIteration, iterationCount: fixture.iterationCount,
      earlyStopping: fixture.earlyStopping.map {
        .init(margin: $0.margin, frequency: $0.frequency)
      })
    var report = VerificationReport()
    var workspace = predictor.makeWorkspace()
    try predictor.verify(
      batch, against: try references(fixture), options: options, workspace: &workspace,
      report: &report)
    #expect(report.rowCount > 0)
    for column in report.columns where column.failing > 0 {
      Issue.record("\(fixture.name), \(column.name): \(column.firstFailure!)")
    }
  }

  private func encode(_ fixture: Fixture, _ model: TreeModel) throws -> RowBatch {
    let input = try fixture.table("input.csv")
    let encoder = RowEncoder(model.input)
    let fields = try model.input.columns.map { column in
      try #require(input.header.firstIndex { $0.utf8.elementsEqual(column.name.utf8) })
    }
    var batch = RowBatch(model.input)
    for row in input.rows {
      batch.appendRow { (column) throws(CellError) in
        let cell = Array(row[fields[column]].utf8)
        return try encoder.encode(text: cell.span, column: column)
      }
    }
    #expect(batch.failures.isEmpty)
    return batch
  }

  private func references(_ fixture: Fixture) throws -> [ReferenceColumn] {
    let expected = try fixture.table("expected.csv")
    var columns: [ReferenceColumn] = []
    for (prefix, output) in [("raw_", PredictionOutput.raw), ("out_", .prediction)] {
      for (column, values) in expected.numbers(prefix).enumerated() {
        columns.append(ReferenceColumn(output: output, column: column, values: values))
      }
    }
    if fixture.path("leaf.csv") != nil {
      for (tree, values) in try fixture.table("leaf.csv").numbers("t").enumerated() {
        columns.append(ReferenceColumn(output: .leaf, column: tree, values: values))
      }
    }
    return columns
  }
}
