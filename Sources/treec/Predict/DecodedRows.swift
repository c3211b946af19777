import Evaluator
import TextCodec

/// Rows of a batch as they are decoded from a text, and how far that went.
struct DecodedRows {
  /// The first cell of a row that could not be encoded.
  struct CellFailure {
    var row: Int
    var column: Int
    var error: CellError
  }

  let columnCount: Int
  /// Row-major; NaN in all places that nobody has filled.
  var values: [Double] = []
  /// The line in which each row begins, from 0.
  var lines: [Int] = []
  var failures: [CellFailure] = []
  var unknownCategories: UnknownCategories
  /// The columns that some row had so far; empty where every row has all.
  var columnsSeen: [Bool] = []
  /// Bytes of the text that have been decoded.
  var byteCount = 0
  /// Lines and records before the text; later, those before what is left of it.
  var lineCount = 0
  var recordCount = 0

  var rowCount: Int { lines.count }

  init(columnCount: Int, unknownCategories: UnknownCategories) {
    self.columnCount = columnCount
    self.unknownCategories = unknownCategories
  }

  /// Makes room for rows, at most `limit`.
  mutating func begin(limit: Int) {
    values.removeAll(keepingCapacity: true)
    values.append(contentsOf: repeatElement(.nan, count: limit * columnCount))
    lines.removeAll(keepingCapacity: true)
    failures.removeAll(keepingCapacity: true)
    byteCount = 0
  }

  /// Notes that a cell of the next row cannot be encoded; of a row, the first column is to blame.
  mutating func noteFailure(column: Int, _ error: CellError) {
    let failure = CellFailure(row: rowCount, column: column, error: error)
    guard let last = failures.last, last.row == rowCount else { return failures.append(failure) }
    if column < last.column { failures[failures.count - 1] = failure }
  }

  /// Gives the rows to `batch`.
  mutating func move(to batch: inout RowBatch) {
    values.removeLast(values.count - rowCount * columnCount)
    batch.exchange(values: &values, rowCount: rowCount)
    for failure in failures {
      batch.noteFailure(row: failure.row, column: failure.column, failure.error)
    }
  }
}

/// Decodes rows of a text.
protocol RowDecoder {
  /// Decodes rows from the beginning of `text`, which is that of a record.
  ///
  /// - Parameters:
  ///   - isStart: Whether nothing came before.
  ///   - limit: How many rows at most; there is room for them.
  /// - Returns: What is wrong with the record that follows the rows; nil if there is none, or not
  ///   looked at.
  mutating func decode(
    _ text: Span<UInt8>, isStart: Bool, limit: Int, into rows: inout DecodedRows
  ) -> RowFault?
}

/// Texts of cells that mean missing.
struct MissingTexts {
  private let texts: [[UInt8]]
  /// Whether some of them are numbers.
  let haveNumbers: Bool

  init(_ texts: [String]) {
    self.texts = texts.map { Array($0.utf8) }
    haveNumbers = self.texts.contains { Double(decimalText: $0.span) != nil }
  }

  var isEmpty: Bool { texts.isEmpty }

  func contain(_ text: Span<UInt8>) -> Bool {
    for missing in texts where text.equals(missing.span) { return true }
    return false
  }
}
