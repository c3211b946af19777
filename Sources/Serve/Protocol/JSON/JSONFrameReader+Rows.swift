import TextCodec

extension JSONFrameReader {
  /// Reads the elements of a list that has been entered, as rows of a frame: lists of cells.
  ///
  /// As in pandas, rows are filled up to the longest one, and what else has a length passes
  /// for a row: of a text its letters, of an object its keys. The reader stands before the
  /// first element.
  mutating func readRows(
    _ reader: inout JSONReader, order: ColumnOrder
  ) throws(JSONError) {
    var notARow: String?
    repeat {
      if problem != nil {
        try reader.skipValue()
        continue
      }
      switch try reader.peekKind() {
      case .array:
        beginRow()
        try readRow(&reader, order)
      case .string:
        beginRow()
        let text = try reader.readString()
        fillRow(text.unicodeScalars.count, order)
      case .object:
        beginRow()
        fillRow(try Axis.readKeys(&reader).keys.count, order)
      case .number, .bool, .null:
        // pandas looks at null last.
        let type = try PythonValue.typeName(ofNext: reader)
        if notARow == nil || notARow == "NoneType" { notARow = type }
        try reader.skipValue()
      }
    } while try reader.nextElement()
    if let notARow { noteInvalid("object of type '\(notARow)' has no len()") }
  }

  @inline(__always)
  private mutating func readRow(
    _ reader: inout JSONReader, _ order: ColumnOrder
  ) throws(JSONError) {
    try reader.enterArray()
    var position = 0
    var isLeft = false
    if problem != nil {
      try reader.leaveContainer()
      return
    }
    switch order {
    case .model:
      (position, isLeft) = try readCells(&reader)
    case .permuted(let columns):
      while position < columns.count, try reader.nextElement() {
        try readCell(&reader, column: columns[position])
        position &+= 1
      }
      isLeft = position < columns.count
    }
    if isLeft {
      fillUp(from: position, order)
    } else {
      while try reader.nextElement() {
        try reader.skipValue()
        position &+= 1
      }
    }
    frame.columnCount = max(frame.columnCount, position)
  }

  /// Fills the last row with `count` texts.
  private mutating func fillRow(_ count: Int, _ order: ColumnOrder) {
    guard problem == nil else { return }
    for position in 0..<min(count, model.columnCount) { readText(column: order[position]) }
    if count < model.columnCount { fillUp(from: count, order) }
    frame.columnCount = max(frame.columnCount, count)
  }

  /// pandas fills short rows with `None`.
  private mutating func fillUp(from position: Int, _ order: ColumnOrder) {
    for position in position..<model.columnCount {
      readMissingCell(column: order[position], .null)
    }
  }

  /// Reads the elements of a list that has been entered, as the cells of a frame's one column.
  mutating func readColumn(_ reader: inout JSONReader) throws(JSONError) {
    frame.columnCount = 1
    repeat {
      if problem == nil, model.takes(columnCount: 1) {
        beginRow()
        if problem == nil {
          try readCell(&reader, column: 0)
          continue
        }
      } else {
        frame.rowCount += 1
      }
      try reader.skipValue()
    } while try reader.nextElement()
  }
}

extension ColumnOrder {
  /// The column of the model at a position of the body.
  subscript(position: Int) -> Int {
    switch self {
    case .model: position
    case .permuted(let columns): columns[position]
    }
  }
}
