import Evaluator
import TextCodec
import TreeIR

/// How the fields of a file are given to the columns of a model.
enum ColumnOrder {
  case name
  /// There is a header, but its names play no part.
  case position
  case positionWithoutHeader
}

/// Reads rows of a CSV for a model, a batch at a time: finds the model's columns and encodes their
/// cells.
struct RowReader: ~Copyable {
  private var table: CSVTable
  private let encoder: RowEncoder
  /// The CSV field of each input column.
  private let fields: [Int]
  /// The line in which each row of the last batch begins.
  private var lines: [Int] = []
  private var rowCount = 0
  private var unknownCategories: UnknownCategories
  private let advice: CellAdvice

  /// Opens `path`, nil or `-` being standard input.
  ///
  /// - Throws: when a column of the model is missing, naming it.
  init(_ path: String?, columns: ColumnOrder, predictor: Predictor) throws {
    let model = predictor.model
    let table = try CSVTable(path, hasHeader: columns != .positionWithoutHeader)
    let header = HeaderCheck(names: table.firstRecord, file: table.name, model: model)
    fields = try header.fields(columns)
    encoder = predictor.makeRowEncoder()
    unknownCategories = UnknownCategories(model.input)
    advice = CellAdvice(model)
    self.table = table
  }

  /// Rows to read at a time when every row has `resultWidth` results.
  func batchSize(resultWidth: Int) -> Int {
    BatchSize.rows(fieldCount: fields.count, resultWidth: resultWidth)
  }

  /// What the owner of the rows should know after they have been read.
  var notes: [String] { unknownCategories.notes(rowCount: rowCount) }

  /// Memory for the rows that are read.
  func makeBatch() -> RowBatch { encoder.makeBatch() }

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
        let text = table.field(fields[column]).bytes
        let value = try encoder.encode(text: text, column: column)
        if value.isNaN { unknownCategories.note(text, column: column, line: table.line) }
        return value
      }
    }
    if let failure = batch.failures.first {
      throw Failure(
        "\(table.name), line \(lines[failure.row]): \(failure.message)"
          + advice.hint(against: failure.error.reason))
    }
    rowCount += batch.rowCount
    return batch.rowCount > 0
  }
}

/// Rows that are scored at a time: many for speed, few enough for bounded memory where rows are
/// wide.
enum BatchSize {
  static func rows(fieldCount: Int, resultWidth: Int) -> Int {
    max(1, min(1024, (1 << 20) / max(1, fieldCount, resultWidth)))
  }
}
