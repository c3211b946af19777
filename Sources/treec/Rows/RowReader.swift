import Evaluator
import TextCodec
import TreeIR

/// Reads rows of a CSV for a model: finds the model's columns and encodes their cells.
struct RowReader: ~Copyable {
  private var table: CSVTable
  private let encoder: RowEncoder
  /// The CSV field of each input column.
  private let fields: [Int]
  /// The line in which each row of the last batch begins.
  private var lines: [Int] = []

  /// Opens `path`, nil or `-` being standard input.
  ///
  /// - Throws: when a column of the model is missing, naming it.
  init(_ path: String?, hasHeader: Bool, model: TreeModel) throws {
    let table = try CSVTable(path, hasHeader: hasHeader)
    if let header = table.header {
      fields = try ColumnMatch(header: header, file: table.name).fields(for: model)
    } else {
      let width = table.fieldCount ?? model.input.count
      guard width == model.input.count else {
        throw Failure(
          "\(table.name): \(width) fields, but the model has \(model.input.count) columns; "
            + "without a header they must be the same")
      }
      fields = Array(0..<width)
    }
    encoder = RowEncoder(model.input)
    self.table = table
  }

  var bytesRead: Int { table.bytesRead }
  var size: Int? { table.size }

  /// Refills `batch` with the next rows, at most `limit`.
  ///
  /// - Returns: false when there are no more.
  /// - Throws: when a cell cannot be encoded, naming line and column.
  mutating func read(into batch: inout RowBatch, limit: Int) throws -> Bool {
    batch.removeAll()
    lines.removeAll(keepingCapacity: true)
    while batch.rowCount < limit, try table.next() {
      lines.append(table.line)
      batch.appendRow { (column) throws(CellError) in
        try encoder.encode(text: table.field(fields[column]).bytes, column: column)
      }
    }
    if let failure = batch.failures.first {
      throw Failure("\(table.name), line \(lines[failure.row]): \(failure.message)")
    }
    return batch.rowCount > 0
  }
}

/// Finds the columns of a model in the header of a file.
struct ColumnMatch {
  let header: [String]
  let file: String

  /// The position in the header of each of the model's columns. Other columns are ignored.
  func fields(for model: TreeModel) throws(Failure) -> [Int] {
    var positions = Self.positions(of: header)
    if model.provenance.library == "LightGBM" {
      // LightGBM saves a blank in a name as an underscore.
      let saved = Self.positions(of: header.map { String($0.map { $0 == " " ? "_" : $0 }) })
      positions.merge(saved) { exact, _ in exact }
    }
    var fields: [Int] = []
    var missing: [String] = []
    for column in model.input.columns {
      guard let found = positions[.string(column.name)] else {
        missing.append(column.name)
        continue
      }
      guard found.count == 1 else {
        throw Failure("\(file): the column '\(column.name)' stands in the header twice")
      }
      fields.append(found[0])
    }
    guard missing.isEmpty else {
      let shown = missing.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      let more = missing.count > 5 ? " and \(missing.count - 5) more" : ""
      throw Failure(
        "\(file): the header lacks \(missing.count == 1 ? "the column" : "the columns") "
          + "\(shown)\(more) of the model; if the file has no header, use --no-header, which "
          + "goes by position")
    }
    return fields
  }

  /// Names as the bytes they are, which Swift's own comparison of text is not.
  private static func positions(of names: [String]) -> [CategoryValue: [Int]] {
    Dictionary(grouping: names.indices) { .string(names[$0]) }
  }
}
