import TextCodec

extension JSONFrameReader {
  /// Reads the value of `dataframe_records`: a list of rows.
  mutating func readRecordsField(_ reader: inout JSONReader) throws(JSONError) {
    field = "records"
    guard try reader.peekKind() == .array else {
      let type = try PythonValue.typeName(ofNext: reader)
      let found = type == "dict" ? "dictionary" : "type <class '\(type)'>"
      note(.invalidInput("Dataframe records format must be a list of records. Got \(found)."))
      return try reader.skipValue()
    }
    if let fieldEncoder { return try readFieldRecords(&reader, fieldEncoder) }
    _ = try readList(&reader, columns: .none)
  }

  /// What the rows of a frame are made of.
  enum FrameSource {
    /// Nothing: null, or a list without elements.
    case nothing
    /// Lists of cells.
    case rows
    /// Objects.
    case records
    /// The cells of one column.
    case column
    /// One cell for all of the frame.
    case cell
    /// An object of columns.
    case columns
  }

  /// Reads the list that is the next value, of rows of the kind that the first one has.
  mutating func readList(
    _ reader: inout JSONReader, columns: Axis
  ) throws(JSONError) -> FrameSource {
    try reader.enterArray()
    guard try reader.nextElement() else { return .nothing }
    switch try reader.peekKind() {
    case .array:
      try readRows(&reader, order: columns.order(for: model, isStrict: isStrict))
      return .rows
    case .object:
      try readRecords(&reader, columns.recordsPlan(for: model, isStrict: isStrict))
      if let type = columns.unhashableType { noteInvalid("unhashable type: '\(type)'") }
      return .records
    default:
      try readColumn(&reader, order: columns.order(for: model, isStrict: isStrict))
      return .column
    }
  }

  /// Whether a frame that has been read must be read once more, for what only all of a column
  /// tells: whether its texts are categories, and whether it is one of integers. Prepares for it.
  mutating func needsAnotherPass() -> Bool {
    let rules = model.rules
    guard rules.framesHoldCodes || rules.roundsIntegerColumns else { return false }
    guard model.takes(columnCount: frame.columnCount) else { return false }
    var isNeeded = false
    if rules.framesHoldCodes, !isStrict, model.hasEncodedColumns,
      let columns = frame.textColumns(model)
    {
      encodes = true
      encodedColumns = columns
      isNeeded = true
    }
    if rules.roundsIntegerColumns {
      // Columns that are not there have no integers.
      if frame.kinds.contains(where: rules.isWideIntegerColumn) {
        numberPass = .roundsIntegersToFloat
        roundedColumns = frame.kinds.map(rules.isWideIntegerColumn)
        isNeeded = true
      }
    }
    return isNeeded
  }

  /// Notes that pandas cannot make a frame of the body.
  mutating func noteInvalid(_ reason: String) {
    note(.invalidFrame(field, reason))
  }
}
