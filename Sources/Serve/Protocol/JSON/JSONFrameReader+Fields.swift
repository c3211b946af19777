import Evaluator
import TextCodec

/// Rows for a model whose columns have rules for cells of any type: PMML.
///
/// Columns go by name, wherever rows have names; those that the model does not have are passed
/// over, and those that it has must be there. Each cell is judged by itself.
extension JSONFrameReader {
  /// Stands for a column of the body that is none of the model's.
  private static let unknownColumn = -1

  /// Reads the next value, a list of rows that are lists of cells.
  mutating func readFieldRows(
    _ reader: inout JSONReader, columns: Axis, _ encoder: RowEncoder
  ) throws(JSONError) {
    guard try reader.peekKind() == .array else {
      noteInvalid("data is no list of rows")
      return try reader.skipValue()
    }
    let places = fieldPlaces(of: columns)
    frame.columnCount = places.count
    try reader.enterArray()
    while try reader.nextElement() {
      let isRow = try reader.peekKind() == .array
      if !isRow {
        noteUnexpected("Row \(frame.rowCount) is no list of cells.")
      }
      if problem == nil { beginRow() }
      guard problem == nil else {
        try reader.skipValue()
        continue
      }
      try readFieldRow(&reader, places, encoder)
    }
  }

  private mutating func readFieldRow(
    _ reader: inout JSONReader, _ places: [Int], _ encoder: RowEncoder
  ) throws(JSONError) {
    var position = 0
    try reader.enterArray()
    while try reader.nextElement() {
      if position < places.count, places[position] != Self.unknownColumn {
        try readField(&reader, column: places[position], encoder)
      } else {
        try reader.skipValue()
      }
      position &+= 1
    }
    if position != places.count {
      noteUnexpected("Row \(row) has \(position) cells; there are \(places.count) columns.")
    }
    endFieldRow()
  }

  /// For each column of the body the model's; by position where the body has no names.
  private mutating func fieldPlaces(of axis: Axis) -> [Int] {
    guard case .list(let list) = axis.names else { return Array(0..<model.columnCount) }
    var places = [Int](repeating: Self.unknownColumn, count: list.count)
    var isThere = [Bool](repeating: false, count: model.columnCount)
    for place in places.indices {
      guard let name = list[place], let column = model.names.column(called: name.span) else {
        continue
      }
      if isThere[column] { noteUnexpected("Two columns are called \(model.quotedName(column)).") }
      isThere[column] = true
      places[place] = column
    }
    if let problem = model.problem(ofColumnsThere: isThere) { noteUnexpected(problem) }
    return places
  }

  /// Reads the next value, a list of rows that are objects, by the names in which cells come.
  ///
  /// A name that is missing in a record is a missing value; one that all of them lack is a column
  /// that is missing.
  mutating func readFieldRecords(
    _ reader: inout JSONReader, _ encoder: RowEncoder
  ) throws(JSONError) {
    frame.columnCount = model.columnCount
    // By column, how many rows there were when it last came.
    var lastSeen = [Int](repeating: 0, count: model.columnCount)
    try reader.enterArray()
    while try reader.nextElement() {
      let isRecord = try reader.peekKind() == .object
      if !isRecord {
        noteUnexpected("Row \(frame.rowCount) is no object of cells.")
      }
      if problem == nil { beginRow() }
      guard problem == nil else {
        try reader.skipValue()
        continue
      }
      try readFieldRecord(&reader, &lastSeen, encoder)
    }
    guard frame.rowCount > 0, problem == nil else { return }
    if let problem = model.problem(ofColumnsThere: lastSeen.map { $0 > 0 }) {
      noteUnexpected(problem)
    }
  }

  private mutating func readFieldRecord(
    _ reader: inout JSONReader, _ lastSeen: inout [Int], _ encoder: RowEncoder
  ) throws(JSONError) {
    let rowCount = frame.rowCount
    var guess = 0
    var count = 0
    try reader.enterObject()
    while let key = try reader.nextKey() {
      guard let column = fieldColumn(key, guess) else {
        try reader.skipValue()
        continue
      }
      if lastSeen[column] == rowCount {
        // Of a name that comes twice the last one counts.
        fieldFaults.removeAll { $0.column == column }
      } else {
        lastSeen[column] = rowCount
        count &+= 1
      }
      guess = column &+ 1
      try readField(&reader, column: column, encoder)
    }
    if count < model.columnCount {
      let nothing: [UInt8] = []
      for column in lastSeen.indices where lastSeen[column] != rowCount {
        do {
          frame.values[rowStart + column] = try encoder.encode(text: nothing.span, column: column)
        } catch {
          note(error, column)
        }
      }
    }
    endFieldRow()
  }

  /// The column called `key`, which often is the one behind the last.
  @inline(__always)
  private func fieldColumn(_ key: borrowing JSONString, _ guess: Int) -> Int? {
    if key.hasEscapes {
      let name = key.makeBytes()
      return model.names.column(called: name.span)
    }
    if guess < model.columnCount, model.names.isName(key.rawBytes, ofColumn: guess) {
      return guess
    }
    return model.names.column(called: key.rawBytes)
  }

  /// Reads the next value, `instances` or `inputs`: a list of lists by position, or of objects.
  mutating func readFieldArray(
    _ reader: inout JSONReader, _ encoder: RowEncoder
  ) throws(JSONError) {
    guard try reader.peekKind() == .array else {
      noteUnexpected("The rows are no list.")
      return try reader.skipValue()
    }
    var ahead = reader
    try ahead.enterArray()
    if try ahead.nextElement(), try ahead.peekKind() == .object {
      return try readFieldRecords(&reader, encoder)
    }
    try readFieldRows(&reader, columns: .none, encoder)
  }

  // MARK: Cells

  @inline(__always)
  private mutating func readField(
    _ reader: inout JSONReader, column: Int, _ encoder: RowEncoder
  ) throws(JSONError) {
    switch try encoder.encode(from: &reader, column: column) {
    case .success(let value): frame.values[rowStart &+ column] = value
    case .failure(let error): note(error, column)
    }
  }

  private mutating func note(_ error: CellError, _ column: Int) {
    guard frame.fault == nil else { return }
    fieldFaults.append((column, error.message(column: model.columns[column].name)))
  }

  /// Of a row with several cells to blame, the first by the model's columns is.
  @inline(__always)
  private mutating func endFieldRow() {
    guard !fieldFaults.isEmpty else { return }
    if let fault = fieldFaults.min(by: { $0.column < $1.column }) {
      frame.fault = Frame.Fault(row: row, message: fault.message)
    }
    fieldFaults.removeAll()
  }

  private mutating func noteUnexpected(_ reason: String) {
    note(.unexpected(reason, isStrict: isStrict))
  }
}

extension ServedModel {
  /// Why rows cannot be scored that have some of the model's columns; nil if they can.
  func problem(ofColumnsThere isThere: [Bool]) -> String? {
    let missing = columns.indices.filter { !isThere[$0] && columns[$0].kind != .ignored }
    guard let first = missing.first else { return nil }
    if missing.count == 1 { return "Column \(quotedName(first)) is missing." }
    let shown = missing.prefix(5).map { quotedName($0) }.joined(separator: ", ")
    let others = missing.count > 5 ? " and \(missing.count - 5) more" : ""
    return "Columns \(shown)\(others) are missing."
  }

  /// The name of a column as messages have it.
  func quotedName(_ column: Int) -> String {
    "'\(PythonValue.shown(columns[column].name))'"
  }
}
