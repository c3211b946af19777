import TestSupport
import Testing
import TreeIR

@testable import Evaluator

extension Fixture {
  /// Scores the rows with `imported`, through text, encoder and a `.tir` file in memory, and
  /// compares with the library's own answers: raw scores and leaves to the bit, transformed
  /// outputs within the tolerance of the model's link.
  func check(_ imported: TreeModel) throws {
    let model = try TreeModel(tirBytes: imported.tirBytes().span)
    let options = PredictionOptions(
      startIteration: startIteration, iterationCount: iterationCount,
      earlyStopping: earlyStopping.map { .init(margin: $0.margin, frequency: $0.frequency) })
    for predictor in [Predictor(model), Predictor.reference(model)] {
      let batch = try encode(model)
      var report = VerificationReport()
      var workspace = predictor.makeWorkspace()
      try predictor.verify(
        batch, against: try references(model), options: options, workspace: &workspace,
        report: &report)
      #expect(report.rowCount > 0)
      for column in report.columns where column.failing > 0 {
        Issue.record("\(name), \(column.name): \(column.firstFailure!)")
      }
    }
  }

  private func encode(_ model: TreeModel) throws -> RowBatch {
    let input = try table("input.csv")
    let encoder = RowEncoder(model.input)
    let fields = try model.input.columns.map { column in
      column.kind == .ignored
        ? 0 : try #require(input.header.firstIndex { $0.utf8.elementsEqual(column.name.utf8) })
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

  private func references(_ model: TreeModel) throws -> [ReferenceColumn] {
    let expected = try table("expected.csv")
    var columns: [ReferenceColumn] = []
    let labels = expected.header.indices.filter { expected.header[$0].hasPrefix("label") }
    for (column, position) in labels.enumerated() {
      columns.append(
        ReferenceColumn(
          output: .label, column: column,
          values: try expected.rows.map { row in
            let label = try #require(
              model.classLabels.firstIndex { $0.isWritten(row[position]) }, "\(row[position])")
            return Double(label)
          }))
    }
    for (prefix, output) in [
      ("raw_", PredictionOutput.raw), ("out_", .prediction), ("probability_", .probability),
      ("log-probability_", .logProbability), ("exponent_", .exponent),
    ] {
      for (column, values) in expected.numbers(prefix).enumerated() {
        columns.append(ReferenceColumn(output: output, column: column, values: values))
      }
    }
    if path("leaf.csv") != nil {
      for (tree, values) in try table("leaf.csv").numbers("t").enumerated() {
        columns.append(ReferenceColumn(output: .leaf, column: tree, values: values))
      }
    }
    return columns
  }
}

extension CategoryValue {
  /// Whether a file of answers means this by `text`.
  fileprivate func isWritten(_ text: String) -> Bool {
    if case .double(let number) = self { return Double(text) == number }
    return description == text
  }
}
