import Evaluator
import TextCodec
import TreeIR

/// Decodes rows of JSON objects, one a line, with the model's columns as keys in any order. A key
/// that is not there and `null` are what an empty cell of CSV is.
struct NDJSONDecoder: RowDecoder {
  private let encoder: RowEncoder
  private let keys: ColumnKeys
  private let missingTexts: MissingTexts
  private let options: JSONReaderOptions
  /// Columns whose missing values are no NaN, or may be refused.
  private let columnsWithRules: [Int]
  /// The number of the last row that had each column, from 1; 0 for none.
  private var lastRows: [Int]
  private var rowNumber = 0
  /// Keys of the last rows, in their order: those of the next one are most often the same.
  private var guesses = KeyGuesses()

  init(_ encoder: RowEncoder, model: TreeModel, missingTexts: MissingTexts) {
    self.encoder = encoder
    self.missingTexts = missingTexts
    keys = ColumnKeys(model)
    var options = JSONReaderOptions()
    options.allowsNonFinite = true
    self.options = options
    columnsWithRules = encoder.schema.columns.indices.filter { column in
      switch encoder.schema.columns[column].kind {
      case .hashedText, .field: true
      case .numeric, .categoryCodes, .dictionary, .ignored: false
      }
    }
    lastRows = [Int](repeating: 0, count: encoder.schema.count)
  }

  mutating func decode(
    _ text: Span<UInt8>, isStart: Bool, limit: Int, into rows: inout DecodedRows
  ) -> RowFault? {
    // Taken out, because nothing of the rows can be lent while others are added.
    var values: [Double] = []
    swap(&values, &rows.values)
    var target = values.mutableSpan
    let fault = decode(text, isStart, limit, into: &target, &rows)
    swap(&values, &rows.values)
    rows.columnsSeen = lastRows.map { $0 > 0 }
    return fault
  }

  private mutating func decode(
    _ text: Span<UInt8>, _ isStart: Bool, _ limit: Int, into values: inout MutableSpan<Double>,
    _ rows: inout DecodedRows
  ) -> RowFault? {
    var cursor = ByteCursor(text)
    if isStart, text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF {
      cursor.position = 3
    }
    var fault: RowFault?
    while rows.rowCount < limit, let range = cursor.nextLine() {
      let line = cursor.slice(range)
      if line.count > PieceReader.longestRecord {
        fault = .lineTooLong(line: rows.lineCount, limit: PieceReader.longestRecord)
        break
      }
      if !Self.isBlank(line) {
        do throws(JSONError) {
          fault = try readRow(line, into: &values, &rows)
        } catch {
          fault = .json(error, line: rows.lineCount)
        }
        if fault != nil { break }
        rows.lines.append(rows.lineCount)
      }
      rows.lineCount += 1
      rows.recordCount += 1
    }
    rows.byteCount = cursor.position
    return fault
  }

  private static func isBlank(_ line: Span<UInt8>) -> Bool {
    var cursor = ByteCursor(line)
    cursor.skipWhitespace()
    return cursor.isAtEnd
  }

  private mutating func readRow(
    _ line: Span<UInt8>, into values: inout MutableSpan<Double>, _ rows: inout DecodedRows
  ) throws(JSONError) -> RowFault? {
    let start = rows.rowCount * rows.columnCount
    rowNumber += 1
    var reader = JSONReader(line, options: options)
    let kind = try reader.peekKind()
    guard kind == .object else { return .noObject(kind, line: rows.lineCount) }
    try reader.enterObject()
    var position = 0
    while let key = try reader.nextKey() {
      let column = guesses.column(of: key, at: position, keys)
      position += 1
      guard let column else {
        try reader.skipValue()
        continue
      }
      guard lastRows[column] != rowNumber else {
        return .repeatedKey(key.makeString(), line: rows.lineCount)
      }
      lastRows[column] = rowNumber
      switch try readCell(&reader, line, column, &rows) {
      case .success(let value): values[start + column] = value
      case .failure(let error):
        values[start + column] = .nan
        rows.noteFailure(column: column, error)
      }
    }
    try reader.expectEnd()
    for column in columnsWithRules where lastRows[column] != rowNumber {
      switch missing(column) {
      case .success(let value): values[start + column] = value
      case .failure(let error): rows.noteFailure(column: column, error)
      }
    }
    return nil
  }

  private func readCell(
    _ reader: inout JSONReader, _ line: Span<UInt8>, _ column: Int, _ rows: inout DecodedRows
  ) throws(JSONError) -> Result<Double, CellError> {
    let kind = try reader.peekKind()
    if kind == .null {
      try reader.readNull()
      return missing(column)
    }
    if kind == .string, !missingTexts.isEmpty {
      // A copy that may read ahead.
      var ahead = reader
      var content: [UInt8] = []
      try ahead.readText().append(to: &content)
      if missingTexts.contain(content.span) {
        try reader.skipValue()
        return missing(column)
      }
    }
    let begin = reader.position
    let value = try encoder.encode(from: &reader, column: column)
    if case .success(let number) = value, number.isNaN {
      noteUnknown(line.extracting(begin..<reader.position), column, &rows)
    }
    return value
  }

  /// What an empty cell is.
  private func missing(_ column: Int) -> Result<Double, CellError> {
    let nothing: [UInt8] = []
    do throws(CellError) {
      return .success(try encoder.encode(text: nothing.span, column: column))
    } catch {
      return .failure(error)
    }
  }

  /// Notes the text of a value that has become missing, without its quotes.
  private func noteUnknown(_ value: Span<UInt8>, _ column: Int, _ rows: inout DecodedRows) {
    var cursor = ByteCursor(value)
    cursor.skipWhitespace()
    let isQuoted = cursor.consume(UInt8(ascii: "\""))
    let text = cursor.slice(cursor.position..<value.count - (isQuoted ? 1 : 0))
    rows.unknownCategories.note(text, column: column, line: rows.lineCount + 1)
  }
}

/// The columns of a model by their names, as ``ColumnMatch`` has them: LightGBM saves a blank in a
/// name as an underscore.
struct ColumnKeys {
  private var columns: [[UInt8]: Int] = [:]
  private let blanksAreSaved: Bool

  init(_ model: TreeModel) {
    blanksAreSaved = model.provenance.library != "LightGBM"
    for (position, column) in model.input.columns.enumerated() {
      columns[Array(column.name.utf8)] = position
    }
  }

  func column(of key: [UInt8]) -> Int? {
    if let column = columns[key] { return column }
    guard !blanksAreSaved else { return nil }
    return columns[key.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "_") : $0 }]
  }
}

/// Guesses which column a key is by its place in the row.
private struct KeyGuesses {
  private struct Guess {
    var key: [UInt8]
    var column: Int?
  }

  private var guesses: [Guess] = []

  /// Keys that are remembered, and the longest of them.
  private static let mostKeys = 1 << 16
  private static let longestKey = 256

  /// The column of the key at a position in its row; nil if the model has none of that name.
  mutating func column(of key: JSONString, at position: Int, _ keys: ColumnKeys) -> Int? {
    let raw = key.rawBytes
    if position < guesses.count, !key.hasEscapes {
      let guess = guesses[position]
      if raw.equals(guess.key.span) { return guess.column }
    }
    var content: [UInt8] = []
    key.append(to: &content)
    let column = keys.column(of: content)
    guard !key.hasEscapes, content.count <= Self.longestKey else { return column }
    if position < guesses.count {
      guesses[position] = Guess(key: content, column: column)
    } else if position == guesses.count, position < Self.mostKeys {
      guesses.append(Guess(key: content, column: column))
    }
    return column
  }
}
