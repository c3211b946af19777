import TextCodec

/// A part of the input: whole records, and what becomes of them. It belongs to one thread at a
/// time.
final class Piece: @unchecked Sendable {
  /// Its position among the pieces.
  var number = 0
  /// The records are the first ``count`` bytes.
  var bytes: [UInt8] = []
  var count = 0
  /// Whether it begins the text.
  var isStart = false
  /// Bytes of the file that had been read after it.
  var bytesRead = 0
  /// Results that are to be written.
  var output: [UInt8] = []
  var report: PieceReport

  init(_ unknownCategories: UnknownCategories) {
    report = PieceReport(unknownCategories: unknownCategories)
  }
}

/// What is to be said of a piece. Numbers of lines, records and rows count from the beginning of
/// the piece; whoever says it adds what came before.
struct PieceReport {
  /// A row that the model refused.
  struct Refusal {
    var row: Int
    var line: Int
    var reason: String
  }

  var rowCount = 0
  var lineCount = 0
  var recordCount = 0
  var refusals: [Refusal] = []
  var unknownCategories: UnknownCategories
  /// The columns that stood in some row, where a row may lack them.
  var columnsSeen: [Bool] = []
  /// What ended the piece before all of its rows were scored.
  var fault: RowFault?

  mutating func removeAll() {
    rowCount = 0
    lineCount = 0
    recordCount = 0
    refusals.removeAll()
    unknownCategories.removeAll()
    columnsSeen.removeAll(keepingCapacity: true)
    fault = nil
  }
}

/// Why rows cannot be read or scored any further. Lines count from 0, from the beginning of the
/// text that was read.
enum RowFault {
  case csv(CSVError)
  /// A record with so many fields instead of so many.
  case ragged(line: Int, count: Int, expected: Int)
  case blankLine(line: Int)
  case json(JSONError, line: Int)
  case lineTooLong(line: Int, limit: Int)
  case repeatedKey(String, line: Int)
  case noObject(JSONKind, line: Int)
  case cell(String, line: Int)
  case refused(String, line: Int, row: Int)
  /// The call was impossible, whatever the rows.
  case prediction(String)

  /// As it is seen from farther ahead in the text.
  func moved(lines: Int, records: Int, rows: Int) -> RowFault {
    switch self {
    case .csv(let error):
      .csv(
        CSVError(
          error.kind, record: error.record + records,
          location: TextLocation(
            line: error.location.line + lines, column: error.location.column)))
    case .ragged(let line, let count, let expected):
      .ragged(line: line + lines, count: count, expected: expected)
    case .blankLine(let line): .blankLine(line: line + lines)
    case .json(let error, let line): .json(error, line: line + lines)
    case .lineTooLong(let line, let limit): .lineTooLong(line: line + lines, limit: limit)
    case .repeatedKey(let key, let line): .repeatedKey(key, line: line + lines)
    case .noObject(let kind, let line): .noObject(kind, line: line + lines)
    case .cell(let message, let line): .cell(message, line: line + lines)
    case .refused(let reason, let line, let row):
      .refused(reason, line: line + lines, row: row + rows)
    case .prediction: self
    }
  }

  /// In words for the user, about the file called `name`.
  func failure(_ name: String) -> Failure {
    switch self {
    case .csv(let error):
      Failure("\(name): \(error)")
    case .ragged(let line, let count, let expected):
      Failure("\(name), line \(line + 1): \(count) fields where \(expected) are expected")
    case .blankLine(let line):
      Failure(
        "\(name), line \(line + 1): the line is blank; remove it, or write \"\" if it stands for a "
          + "missing value")
    case .json(let error, let line):
      Failure(
        "\(name), line \(line + 1), column \(error.offset + 1): \(error.message); each line must "
          + "be one JSON object")
    case .lineTooLong(let line, let limit):
      Failure(
        "\(name), line \(line + 1): the line is longer than the limit of \(limit) bytes; each line "
          + "must be one JSON object")
    case .repeatedKey(let key, let line):
      Failure(
        "\(name), line \(line + 1): the key '\(key.escapingControlCharacters)' stands there twice; "
          + "leave one of them out")
    case .noObject(let kind, let line):
      Failure(
        "\(name), line \(line + 1): the line holds a value of kind \(kind.rawValue); each line must "
          + "be one JSON object, such as {\"column\": 1.5}")
    case .cell(let message, let line):
      Failure("\(name), line \(line + 1): \(message)")
    case .refused(let reason, let line, let row):
      Failure("\(name), line \(line + 1): row \(row + 1): \(reason)")
    case .prediction(let message):
      Failure(message)
    }
  }
}
