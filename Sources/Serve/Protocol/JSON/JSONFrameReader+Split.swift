import TextCodec

extension JSONFrameReader {
  /// The parts of a `dataframe_split`.
  struct SplitParts {
    var columns = Axis.none
    var index = Axis.none
    var hasData = false
    /// Whether there is more than one value of `data`; the last one counts.
    var isDataRepeated = false
    var source = FrameSource.nothing
    /// What `columns` was when the data was read.
    var columnsOfData = Axis.none
    /// The first keys that have no business there.
    var otherKeys: [String] = []
    static let shownKeys = 10
    var hasColumns = false
    var hasIndex = false
  }

  /// Reads the value of `dataframe_split`: an object of `data`, and `columns` and `index` if
  /// there are any.
  ///
  /// `columns` mostly comes before `data`. Where it comes after it and matters, the data is
  /// read once more; so is data that is no list, which needs both at hand.
  mutating func readSplitField(_ reader: inout JSONReader) throws(JSONError) {
    field = "split"
    guard try reader.peekKind() == .object else {
      let type = try PythonValue.typeName(ofNext: reader)
      let found = type == "list" ? "list" : "type <class '\(type)'>"
      note(.invalidInput("Dataframe split format must be a dictionary. Got \(found)."))
      return try reader.skipValue()
    }
    var parts = SplitParts()
    var data = reader
    var index = reader
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "columns":
        parts.hasColumns = true
        let start = reader
        parts.columns = try Axis.read(&reader, keepsNames: true, expecting: model.names)
        if model.rules.checksNames {
          try parts.columns.readFrameNames(start, model.names, model.rules.labels)
        }
      case "index":
        parts.hasIndex = true
        index = reader
        parts.index = try Axis.read(&reader, keepsNames: false)
      case "data":
        data = reader
        if parts.hasData {
          // Only the first value and the last are read.
          parts.isDataRepeated = true
          try reader.skipValue()
        } else {
          parts.hasData = true
          try readData(&reader, &parts)
        }
      default:
        if parts.otherKeys.count < SplitParts.shownKeys {
          let name = PythonValue.shown(key.makeString())
          if !parts.otherKeys.contains(name) { parts.otherKeys.append(name) }
        }
        try reader.skipValue()
      }
    }
    guard parts.hasData, parts.otherKeys.isEmpty else {
      restart()
      return note(.splitKeys(parts))
    }
    if parts.isDataRepeated || needsDataAgain(parts) {
      restart()
      var again = data
      try readData(&again, &parts)
    }
    switch parts.source {
    case .cell: try readCell(&data, parts)
    case .columns: try readColumns(data, parts, index: index)
    default: finish(parts)
    }
    if let names = parts.columns.frameNames { frame.names = names }
  }

  /// Reads data that is a list, and passes over all other.
  private mutating func readData(
    _ reader: inout JSONReader, _ parts: inout SplitParts
  ) throws(JSONError) {
    parts.columnsOfData = parts.columns
    if let fieldEncoder {
      parts.source = .rows
      return try readFieldRows(&reader, columns: parts.columns, fieldEncoder)
    }
    switch try reader.peekKind() {
    case .array:
      parts.source = try readList(&reader, columns: parts.columns)
      return
    case .object: parts.source = .columns
    case .null: parts.source = .nothing
    case .string, .number, .bool: parts.source = .cell
    }
    try reader.skipValue()
  }

  /// Whether columns that came after the data would have made a difference to its reading.
  private func needsDataAgain(_ parts: SplitParts) -> Bool {
    if fieldEncoder != nil { return parts.columnsOfData != parts.columns }
    return switch parts.source {
    case .rows, .column:
      parts.columnsOfData.order(for: model, isStrict: isStrict)
        != parts.columns.order(for: model, isStrict: isStrict)
    case .records: parts.columnsOfData != parts.columns
    case .nothing, .cell, .columns: false
    }
  }

  /// Brings the rows that were read together with columns and index, as pandas does; its
  /// complaints come in its order.
  private mutating func finish(_ parts: SplitParts) {
    let fault = problem
    problem = nil
    switch parts.source {
    case .nothing:
      noteError(of: parts.columns)
      if let type = parts.columns.unhashableType { noteInvalid("unhashable type: '\(type)'") }
      noteError(of: parts.index)
      // pandas fills such a frame with `None`, if it has cells at all.
      frame.rowCount = parts.index.count ?? 0
      frame.columnCount = parts.columns.count ?? 0
      for column in frame.kinds.indices { frame.kinds[column] = .null }
      if model.rules.readsObjects { addMissingRows() }
    case .column:
      noteError(of: parts.index)
      noteError(of: parts.columns)
      let rows = parts.index.count ?? frame.rowCount
      let columns = parts.columns.count ?? 1
      if rows != frame.rowCount || columns != 1 {
        noteInvalid(
          "Shape of passed values is (\(frame.rowCount), 1), indices imply (\(rows), \(columns))")
      }
    default:
      noteError(of: parts.columns)
      if let fault { note(fault) }
      if let count = parts.columns.count, count != frame.columnCount {
        noteInvalid("\(count) columns passed, passed data had \(frame.columnCount) columns")
      }
      noteError(of: parts.index)
      if let count = parts.index.count, frame.columnCount > 0 { stretch(to: count) }
    }
    if let fault { note(fault) }
  }

  /// Adds the rows that the frame has, of missing cells.
  private mutating func addMissingRows() {
    guard model.takes(columnCount: frame.columnCount) else { return }
    let count = frame.rowCount
    frame.rowCount = 0
    while frame.rowCount < count, problem == nil { beginRow() }
  }

  mutating func noteError(of axis: Axis) {
    if let error = axis.error { noteInvalid(error) }
  }

  /// Gives the frame `count` rows, of which it has as many already, or only one.
  private mutating func stretch(to count: Int) {
    guard problem == nil, count != frame.rowCount else { return }
    guard frame.rowCount == 1 else {
      noteInvalid(
        "Length of values (\(frame.rowCount)) does not match length of index (\(count))")
      return
    }
    repeatFirstRow(count: count)
  }

  /// Makes `count` rows of the first one.
  mutating func repeatFirstRow(count: Int) {
    guard model.takes(columnCount: frame.columnCount) else {
      frame.rowCount = count
      return
    }
    let first = Array(frame.values.prefix(model.columnCount))
    frame.values.removeAll(keepingCapacity: true)
    frame.rowCount = 0
    while frame.rowCount < count, problem == nil {
      beginRow()
      guard problem == nil else { return }
      frame.values.removeLast(first.count)
      frame.values.append(contentsOf: first)
    }
  }

  /// Reads data that is one number, truth value or text: pandas fills a frame with it that
  /// has both columns and index.
  private mutating func readCell(
    _ reader: inout JSONReader, _ parts: SplitParts
  ) throws(JSONError) {
    restart()
    if !parts.hasNamedAxes { noteInvalid("DataFrame constructor not properly called!") }
    noteError(of: parts.index)
    noteError(of: parts.columns)
    frame.columnCount = parts.columns.count ?? 0
    guard problem == nil, model.takes(columnCount: frame.columnCount) else {
      frame.rowCount = parts.index.count ?? 0
      return
    }
    beginRow()
    let order = parts.columns.order(for: model, isStrict: isStrict)
    for position in 0..<frame.columnCount where problem == nil {
      var again = reader
      try readCell(&again, column: place(position, order))
    }
    repeatFirstRow(count: parts.index.count ?? 0)
  }
}

extension JSONFrameReader.SplitParts {
  /// Whether both columns and index are there and not null.
  var hasNamedAxes: Bool { columns != .none && index != .none }
}

extension ScoringError {
  /// A `dataframe_split` without data, or with keys that have no business there.
  static func splitKeys(_ parts: JSONFrameReader.SplitParts) -> ScoringError {
    var keys: [String] = []
    if parts.hasColumns { keys.append("columns") }
    if parts.hasData { keys.append("data") }
    if parts.hasIndex { keys.append("index") }
    keys += parts.otherKeys
    let list = keys.map { "'\($0)'" }.joined(separator: ", ")
    let set = keys.isEmpty ? "set()" : "{\(list)}"
    return .invalidInput(
      "Dataframe split format must have 'data' field and optionally 'columns' and 'index' "
        + "fields. Got \(set).'")
  }
}
