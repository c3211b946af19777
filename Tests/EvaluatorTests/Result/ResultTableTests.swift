import Evaluator
import TestSupport
import Testing
import TreeIR

/// Results are typed columns with validity, and every row has a status.
@Suite struct ResultTableTests {
  private func table(
    _ model: TreeModel, _ rows: [[Double]], _ output: PredictionOutput
  ) throws -> ResultTable {
    let predictor = Predictor(model)
    var batch = RowBatch(model.input)
    for row in rows { batch.appendRow { row[$0] } }
    var workspace = predictor.makeWorkspace()
    return try predictor.predict(batch, output: output, workspace: &workspace)
  }

  @Test func columnsAreNamedAndTyped() throws {
    let model = try SampleModels.regression()
    let raw = try table(model, [[1, 1], [2, -1]], .raw)
    #expect(raw.columns.map(\.name) == ["raw_0"])
    #expect(raw.columns[0].values == .doubles([9.5, 20.25]))
    #expect(raw.rowStatus == [.scored, .scored] && raw.rowCount == 2)
    let leaves = try table(model, [[1, 1], [2, -1]], .leaf)
    #expect(leaves.columns.map(\.name) == ["leaf_0", "leaf_1"])
    #expect(leaves.columns[0].values == .integers([0, 1]))
  }

  @Test func leavesThatAGuardSkipsAreMissing() throws {
    let leaves = try table(try SampleModels.chain(), [[3, 0], [3, 1]], .leaf)
    #expect(leaves.columns[2].isValid == [false, true])
    #expect(leaves.columns[2].values == .integers([0, 1]))
  }

  @Test func rowsThatTheModelRefusesSayWhy() throws {
    let model = try SampleModels.everything()
    let results = try table(model, [[1, 3, 0], [-101, 3, 0], [.nan, 3, 0], [2, 3, 0]], .raw)
    let refused = RowStatus.refused("größe is below -100 or missing")
    #expect(results.rowStatus == [.scored, refused, refused, .scored])
    #expect(results.columns[0].isValid == [true, false, false, true])
    guard case .doubles(let values) = results.columns[0].values else {
      Issue.record("raw scores are numbers")
      return
    }
    #expect(values[0] == 2.5 && values[1].isNaN && values[3] == 4.5)
  }

  @Test func aSingleRowThatTheModelRefusesIsAnError() throws {
    let predictor = Predictor(try SampleModels.everything())
    let error = #expect(throws: PredictionError.self) {
      try predictor.predict(row: [-101, 3, 0], output: .raw)
    }
    #expect(error?.code == .rowRefused && error?.message.contains("größe") == true)
  }

  @Test func aWorkspaceForgetsTheRefusalsOfTheCallBefore() throws {
    let predictor = Predictor(try SampleModels.everything())
    var workspace = predictor.makeWorkspace()
    var counts: [Int] = []
    for first in [-200.0, 1] {
      let row = [first, 3, 0]
      var result = [0.0, 0, 0]
      var span = result.mutableSpan
      try predictor.predict(
        row.span, layout: .rowMajor(rows: 1, columns: 3), output: .raw, into: &span,
        workspace: &workspace)
      counts.append(workspace.refusals.count)
    }
    #expect(counts == [1, 0])
  }

  /// A label slot may hold any number; only positions of labels are labels.
  @Test func labelsHaveTheTypeOfTheClasses() throws {
    func labels(_ classes: [CategoryValue]) throws -> ResultColumn {
      var builder = ModelBuilder(
        input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
      builder.classLabels = classes
      builder.outputs = [ModelOutput(.label, slots: [0])]
      return try table(builder.build(), [[1], [0], [2], [0.5], [.nan], [-1]], .label).columns[0]
    }
    let valid = [true, true, false, false, false, false]
    let integers = try labels([.integer(7), .integer(9)])
    #expect(integers.isValid == valid)
    #expect(integers.values == .integers([9, 7, 0, 0, 0, 0]))
    #expect(
      try labels([.string("no"), .string("yes")]).values
        == .strings(["yes", "no", "", "", "", ""]))
    #expect(
      try labels([.boolean(false), .boolean(true)]).values
        == .booleans([true, false, false, false, false, false]))
    #expect(
      try labels([.string("a"), .integer(1)]).values == .strings(["1", "a", "", "", "", ""]))
  }
}
