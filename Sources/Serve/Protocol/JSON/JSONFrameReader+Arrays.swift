import TextCodec

extension JSONFrameReader {
  /// Reads the value of `instances` or `inputs`, of which NumPy makes an array.
  ///
  /// Rows of cells, all of the same length, are read as they come; all else is looked at again
  /// for what exactly is wrong with it, as none of it can be scored.
  ///
  /// Numbers in columns of categories are codes, as in MLflow, which knows nothing else. Where
  /// there is text in such a column, which MLflow refuses, all rows are read once more, and
  /// what is no text there is refused but for null and NaN: nobody can tell if `2` is the
  /// category of that name or that code.
  mutating func readArrayField(
    _ reader: inout JSONReader, isInstances: Bool
  ) throws(JSONError) {
    if let fieldEncoder { return try readFieldArray(&reader, fieldEncoder) }
    container = .array
    encodes = model.hasHashedColumns && (!isStrict || model.rules.readsObjects)
    let start = reader
    var isRead = try readArray(&reader)
    if !isRead {
      reader = start
      isRead = try readRow(&reader)
    }
    guard isRead else {
      reader = start
      restart()
      let fault = try ArrayFault.find(
        &reader, isInstances: isInstances, names: model.names)
      return note(fault.error(isStrict: isStrict))
    }
    guard problem == nil, model.takes(columnCount: frame.columnCount) else { return }
    if model.rules.readsObjects { return try readObjects(again: start) }
    if hasCategoryText {
      encodes = true
      try readArray(again: start)
    }
    if hasInfiniteIntegers { try readArray(again: start, .refusesInfiniteIntegers) }
    // What holds categories as text is no array that MLflow's server could have rounded.
    guard !encodes else { return }
    switch model.rules.conversion(ofArray: arrayKinds) {
    case .none, .refused: break
    case .roundsToFloat: roundToFloat()
    case .roundsIntegersToFloat:
      roundedColumns = Array(repeating: true, count: model.columnCount)
      try readArray(again: start, .roundsIntegersToFloat)
      roundToFloat()
    }
  }

  /// Reads rows that were read before, in another way.
  mutating func readArray(
    again start: JSONReader, _ pass: NumberPass? = nil
  ) throws(JSONError) {
    var reader = start
    let wasRow = isRow
    restart()
    numberPass = pass
    _ = wasRow ? try readRow(&reader) : try readArray(&reader)
    numberPass = nil
  }

  /// Whether an integer may have become an infinity, over which Python's `float` fails.
  var hasInfiniteIntegers: Bool {
    guard arrayKinds.contains(.hugeInteger) else { return false }
    return frame.values.contains { $0.isInfinite }
  }

  /// What the cells of all columns were that hold numbers.
  var arrayKinds: Frame.Kinds {
    var kinds: Frame.Kinds = []
    for column in frame.kinds.indices
    where model.rules.readsObjects || !(encodes && encodedColumns[column]) {
      kinds.formUnion(frame.kinds[column])
    }
    return kinds
  }

  private mutating func roundToFloat() {
    for place in frame.values.indices {
      frame.values[place] = Double(Float(frame.values[place]))
    }
  }

  /// Reads rows of cells, all of the same length.
  ///
  /// - Returns: False where the value is something else; the reader is in the middle of it.
  private mutating func readArray(_ reader: inout JSONReader) throws(JSONError) -> Bool {
    guard try reader.peekKind() == .array else { return false }
    try reader.enterArray()
    while try reader.nextElement() {
      guard try reader.peekKind() == .array else { return false }
      try reader.enterArray()
      let isFirst = frame.rowCount == 0
      let isRead = isFirst || model.takes(columnCount: frame.columnCount)
      if isRead {
        beginRow()
      } else {
        frame.rowCount += 1
      }
      var position = 0
      var isLeft = false
      if problem == nil, isRead {
        (position, isLeft) = try readCells(&reader)
      }
      while !isLeft, try reader.nextElement() {
        if try reader.peekKind() == .array { return false }
        if model.rules.readsObjects {
          try readCell(&reader, column: place(position, .model))
        } else {
          try reader.skipValue()
        }
        position &+= 1
      }
      if hasListCells { return false }
      if isFirst { frame.columnCount = position }
      guard position == frame.columnCount else { return false }
    }
    noteForms()
    return frame.rowCount > 0
  }
}
