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
        fillRow(text.unicodeScalars.map { Array(String($0).utf8) }, order)
      case .object:
        beginRow()
        fillRow(try Axis.readKeys(&reader).keys.all, order)
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
    case .permuted, .mapped:
      let count = placeCount(order)
      while position < count, try reader.nextElement() {
        try readCell(&reader, column: place(position, order))
        position &+= 1
      }
      isLeft = position < count
    }
    if isLeft {
      fillUp(from: position, order)
    } else {
      while try reader.nextElement() {
        if model.rules.readsObjects {
          try readCell(&reader, column: place(position, order))
        } else {
          try reader.skipValue()
        }
        position &+= 1
      }
    }
    frame.columnCount = max(frame.columnCount, position)
  }

  /// Fills the last row with texts.
  private mutating func fillRow(_ texts: [[UInt8]], _ order: ColumnOrder) {
    guard problem == nil else { return }
    for (position, text) in texts.enumerated()
    where position < model.columnCount || model.rules.readsObjects {
      readText(text.span, column: place(position, order))
    }
    if texts.count < placeCount(order) { fillUp(from: texts.count, order) }
    frame.columnCount = max(frame.columnCount, texts.count)
  }

  /// pandas fills short rows with `None`.
  private mutating func fillUp(from position: Int, _ order: ColumnOrder) {
    for position in position..<max(position, model.columnCount) {
      readMissingCell(column: place(position, order), .null)
    }
    guard case .mapped(let places) = order else { return }
    for far in places.far where far >= position {
      readMissingCell(column: places[far], .null)
    }
  }

  /// How many columns of the body have a place of their own.
  private func placeCount(_ order: ColumnOrder) -> Int {
    if case .mapped(let places) = order { places.places.count } else { model.columnCount }
  }

  /// Reads the elements of a list that has been entered, as the cells of a frame's one column.
  mutating func readColumn(
    _ reader: inout JSONReader, order: ColumnOrder
  ) throws(JSONError) {
    frame.columnCount = 1
    repeat {
      if problem == nil, model.takes(columnCount: 1) {
        beginRow()
        if problem == nil {
          try readCell(&reader, column: place(0, order))
          continue
        }
      } else {
        frame.rowCount += 1
      }
      try reader.skipValue()
    } while try reader.nextElement()
  }
}
