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
      try readColumn(&reader)
      return .column
    }
  }

  /// Notes that pandas cannot make a frame of the body.
  mutating func noteInvalid(_ reason: String) {
    note(.invalidFrame(field, reason))
  }
}
