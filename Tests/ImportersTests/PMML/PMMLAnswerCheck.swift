import Importers
import TestSupport
import TreeIR

@testable import Evaluator

/// Compares results with JPMML's answers.
struct PMMLAnswerCheck {
  /// How far a Double may lie from JPMML's.
  var ulps: UInt64 = 2

  /// How many rows of the case differ, and how the first of them does.
  struct Outcome {
    var count = 0
    var first = ""

    mutating func add(_ text: @autoclosure () -> String) {
      if count == 0 { first = text() }
      count += 1
    }
  }

  /// The rows that differ by the engines or by the book; a document that is read though JPMML
  /// refuses it counts as one.
  func outcome(_ pmml: PMMLCase) throws -> Outcome {
    var outcome = Outcome()
    let model: TreeModel
    do throws(ImportError) {
      let imported = try Importer.read(pmml.document.span, name: pmml.name)
      if let refusal = pmml.refusal { outcome.add("was read; JPMML says \(refusal)") }
      guard !pmml.rows.isEmpty else { return outcome }
      model = imported
    } catch {
      // Rows that JPMML refuses are refused early.
      for row in pmml.rows {
        if case .values = row.answer { outcome.add("\(error)") }
      }
      return outcome
    }
    let stored = try TreeModel(tirBytes: model.tirBytes().span)
    for predictor in [Predictor.reference(stored), Predictor(model)] {
      let found = try rows(pmml.rows, predictor, untyped: pmml.untypedOutputs)
      if found.count > outcome.count { outcome = found }
    }
    return outcome
  }

  private func rows(
    _ rows: [PMMLCase.Row], _ predictor: Predictor, untyped: Set<String>
  ) throws -> Outcome {
    var outcome = Outcome()
    let encoder = predictor.makeRowEncoder()
    var batch = encoder.makeBatch()
    for row in rows {
      batch.appendRow { (column) throws(CellError) in
        try encode(row.cells[predictor.model.input.columns[column].name], column, encoder)
      }
    }
    var workspace = predictor.makeWorkspace()
    let table = try predictor.predict(batch, output: .fields, workspace: &workspace)
    for (position, row) in rows.enumerated() {
      if let difference = difference(table, position, row.answer, untyped) {
        outcome.add("row \(position) \(row.cells): \(difference)")
      }
    }
    return outcome
  }

  /// An empty text is a text, unlike an empty cell of CSV.
  private func encode(
    _ text: String?, _ column: Int, _ encoder: RowEncoder
  ) throws(CellError) -> Double {
    if text == "", case .field(let reader) = encoder.cells[column] {
      let empty: [UInt8] = []
      do throws(FieldRefusal) {
        return try reader.readText(empty.span, encoder.texts)
      } catch {
        throw CellError(error)
      }
    }
    let bytes = Array((text ?? "").utf8)
    return try encoder.encode(text: bytes.span, column: column)
  }

  /// How a row differs from the answer; nil where it does not.
  private func difference(
    _ table: ResultTable, _ row: Int, _ answer: PMMLCase.Answer, _ untyped: Set<String>
  ) -> String? {
    switch (table.rowStatus[row], answer) {
    case (.refused, .refusal): return nil
    case (.refused(let reason), .values): return "refused: \(reason)"
    case (.scored, .refusal(let kind)): return "scored; JPMML says \(kind)"
    case (.scored, .values(let values)):
      for (name, value) in values.sorted(by: { $0.key < $1.key }) {
        guard let column = table.columns.first(where: { $0.name == name }) else {
          if value.isMissing { continue }
          return "no result '\(name)'"
        }
        let difference = difference(column, row, value, isTyped: !untyped.contains(name))
        if let difference { return "\(name): \(difference)" }
      }
      return table.columns.first { values[$0.name] == nil && $0.isValid[row] }
        .map { "'\($0.name)' is no result of JPMML" }
    }
  }

  private func difference(
    _ column: ResultColumn, _ row: Int, _ value: PMMLCase.Value, isTyped: Bool
  ) -> String? {
    guard !value.isMissing else {
      return column.isValid[row] ? "\(text(column, row)) where JPMML has nothing" : nil
    }
    let wanted = "\(value.type) \(value.text ?? "")"
    guard column.isValid[row] else { return "nothing instead of \(wanted)" }
    // Dates and times have no text in JPMML.
    guard let expected = value.text else { return nil }
    let isEqual =
      switch (column.values, value.type) {
      case (.doubles(let values), "Double"): isClose(values[row], expected)
      case (.floats(let values), "Float"): Float(expected) == values[row]
      case (.integers(let values), "Integer"): String(values[row]) == expected
      case (.booleans(let values), "Boolean"): String(values[row]) == expected
      case (.strings(let values), "String"): values[row].utf8.elementsEqual(expected.utf8)
      case (.strings(let values), "ArrayList"): values[row] == expected
      // Where a document does not tell a type, JPMML finds one in each row; treec gives text.
      case (.strings(let values), "Double") where !isTyped:
        Double(values[row]).map { isClose($0, expected) } ?? false
      case (.strings(let values), "Float") where !isTyped:
        Float(values[row]).map { $0 == Float(expected) } ?? false
      case (.strings(let values), _) where !isTyped: values[row] == expected
      default: false
      }
    return isEqual ? nil : "\(text(column, row)) instead of \(wanted)"
  }

  private func isClose(_ number: Double, _ expected: String) -> Bool {
    Double(expected).map { ulpDistance(number + 0, $0 + 0) <= ulps } ?? false
  }

  private func text(_ column: ResultColumn, _ row: Int) -> String {
    switch column.values {
    case .doubles(let values): "Double \(values[row])"
    case .floats(let values): "Float \(values[row])"
    case .integers(let values): "Integer \(values[row])"
    case .strings(let values): "String \(values[row])"
    case .booleans(let values): "Boolean \(values[row])"
    }
  }
}
