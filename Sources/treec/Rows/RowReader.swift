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
      do {
        fields = try ColumnMatch(header, to: model).positions
      } catch {
        throw Failure(error.message(file: table.name))
      }
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

  /// Rows to read at a time when every row has `resultWidth` results: many for speed, few
  /// enough for bounded memory where rows are wide.
  func batchSize(resultWidth: Int) -> Int {
    max(1, min(1024, (1 << 20) / max(1, fields.count, resultWidth)))
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

extension ColumnMatch.Failure {
  /// What is wrong with the header of `file`.
  func message(file: String) -> String {
    switch self {
    case .ambiguous(let name):
      return "\(file): the column '\(name)' stands in the header twice"
    case .missing(let names):
      let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      let more = names.count > 5 ? " and \(names.count - 5) more" : ""
      return "\(file): the header lacks \(names.count == 1 ? "the column" : "the columns") "
        + "\(shown)\(more) of the model; if the file has no header, use --no-header, which "
        + "goes by position"
    }
  }
}
