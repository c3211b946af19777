import Evaluator
import TextCodec
import TreeIR

/// Reads a CSV of reference answers. Its header says what the columns are: `raw_0`,
/// `prediction_0` (or `out_0`), `probability_0`, `log-probability_0`, `exponent_0`, `label` (or
/// `label_0`), `leaf_0` (or `t0`).
struct ReferenceReader: ~Copyable {
  private var table: CSVTable
  private let columns: [(output: PredictionOutput, column: Int)]
  private let labels: RowEncoder

  init(_ path: String, model: TreeModel) throws {
    let table = try CSVTable(path, hasHeader: true)
    guard
      !model.classLabels.isEmpty || !table.firstRecord.contains(where: { $0.hasPrefix("label") })
    else {
      throw Failure("\(path): the model has no classes to compare the column 'label' with")
    }
    columns = try table.firstRecord.map { name in
      guard let column = Self.column(name) else {
        throw Failure(
          "\(path): the column '\(name)' is none of raw_0 …, prediction_0 …, probability_0 …, "
            + "log-probability_0 …, exponent_0, label and leaf_0 …")
      }
      return column
    }
    labels = RowEncoder(
      InputSchema(columns: [
        InputColumn(name: "label", kind: .dictionary(model.classLabels, unknown: .refused))
      ]))
    self.table = table
  }

  var columnCount: Int { columns.count }

  /// Reads the answers for the next `count` rows.
  ///
  /// - Throws: when there are fewer, or a cell is no number or no class of the model.
  mutating func read(_ count: Int) throws -> [ReferenceColumn] {
    var answers = columns.map {
      ReferenceColumn(output: $0.output, column: $0.column, values: [])
    }
    for _ in 0..<count {
      guard try table.next() else {
        throw Failure("\(table.name): there are fewer answers than rows")
      }
      for position in answers.indices {
        answers[position].values.append(try value(position))
      }
    }
    return answers
  }

  /// - Throws: when there are answers left.
  mutating func expectEnd() throws {
    guard try !table.next() else {
      throw Failure("\(table.name), line \(table.line): there are more answers than rows")
    }
  }

  private func value(_ position: Int) throws -> Double {
    let text = table.field(position).bytes
    if columns[position].output == .label {
      guard let label = try? labels.encode(text: text, column: 0), !label.isNaN else {
        throw Failure(
          "\(table.name), line \(table.line), column 'label': "
            + "'\(table.field(position).makeString())' is no class of the model, which are "
            + labels.schema.columns[0].categories)
      }
      return label
    }
    if text.isEmpty { return .nan }
    guard let number = Double(decimalText: text) else {
      throw Failure(
        "\(table.name), line \(table.line), column '\(table.firstRecord[position])': "
          + "'\(table.field(position).makeString())' is not a number")
    }
    return number
  }

  private static func column(_ name: String) -> (output: PredictionOutput, column: Int)? {
    if name == "label" { return (.label, 0) }
    let prefixes: [(String, PredictionOutput)] = [
      ("raw_", .raw), ("prediction_", .prediction), ("out_", .prediction),
      ("probability_", .probability), ("log-probability_", .logProbability),
      ("exponent_", .exponent), ("label_", .label), ("leaf_", .leaf), ("t", .leaf),
    ]
    for (prefix, output) in prefixes where name.hasPrefix(prefix) {
      if let number = UInt32(name.dropFirst(prefix.count)) { return (output, Int(number)) }
    }
    return nil
  }
}

extension InputColumn {
  /// The first categories of a dictionary column.
  fileprivate var categories: String {
    guard case .dictionary(let values, _) = kind else { return "" }
    return values.prefix(20).map(\.description).joined(separator: ", ")
      + (values.count > 20 ? ", …" : "")
  }
}
