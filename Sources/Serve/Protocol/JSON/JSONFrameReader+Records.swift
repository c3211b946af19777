import TextCodec

/// How records are read.
struct RecordsPlan {
  var keys: KeyTable
  var order = ColumnOrder.model
  /// Whether the keys are all known, so that others are passed over.
  var isFixed = false
  /// Whether objects have keys that come twice, of which the last counts.
  var findsLastKeys = false
  /// Columns of the same name as an earlier one: positions of both.
  var copies: [(from: Int, to: Int)] = []
  /// How many of the keys are columns that the model looks at, where those are found by name.
  var usedCount = 0
  /// Whether all of them were there, so that further keys leave the order as it is.
  var isOrderKnown = false
}

extension JSONFrameReader {
  /// Why a pass over records has to be made again.
  private enum Restart {
    case order(ColumnOrder)
    case lastKeys
  }

  /// Reads the elements of a list that has been entered, as rows of a frame: objects.
  ///
  /// The columns are the keys in the order in which they first come; where an object lacks
  /// one, its cell is NaN. The pass starts out from the keys being in the order of the model
  /// and none twice in an object, and is made again where that proves wrong. The reader
  /// stands before the first element.
  mutating func readRecords(
    _ reader: inout JSONReader, _ plan: RecordsPlan
  ) throws(JSONError) {
    let start = reader
    var plan = plan
    let keys = plan.keys
    var lastSeen = [Int](repeating: 0, count: model.columnCount)
    while let reason = try readRecords(&reader, &plan, &lastSeen) {
      reader = start
      restart()
      if !plan.isFixed {
        plan.keys = keys
        plan.usedCount = 0
      }
      for column in lastSeen.indices { lastSeen[column] = 0 }
      switch reason {
      case .order(let order): plan.order = order
      case .lastKeys: plan.findsLastKeys = true
      }
    }
    frame.columnCount = plan.keys.count
    if let error = plan.keys.surrogateError { noteInvalid(error) }
    if model.rules.checksNames {
      frame.names = plan.keys.isModelOrder ? .model : .list(plan.keys.makeKeys())
    }
    noteForms()
    for (from, to) in plan.copies where to < model.columnCount { copyKinds(from: from, to: to) }
  }

  /// One pass; it ends early where another one is needed.
  private mutating func readRecords(
    _ reader: inout JSONReader, _ plan: inout RecordsPlan, _ lastSeen: inout [Int]
  ) throws(JSONError) -> Restart? {
    repeat {
      if problem != nil {
        try reader.skipValue()
        continue
      }
      guard try reader.peekKind() == .object else {
        try readEmptyRecord(&reader)
        fillUp(plan, lastSeen)
        continue
      }
      beginRow()
      if problem == nil {
        if let restart = try readRecord(&reader, &plan, &lastSeen) { return restart }
      } else {
        try reader.skipValue()
      }
    } while try reader.nextElement()
    return nil
  }

  @inline(__always)
  private mutating func readRecord(
    _ reader: inout JSONReader, _ plan: inout RecordsPlan, _ lastSeen: inout [Int]
  ) throws(JSONError) -> Restart? {
    try reader.enterObject()
    let row = frame.rowCount
    let keysBefore = plan.keys.count
    let lastKeys = plan.findsLastKeys ? try self.lastKeys(reader, &plan) : nil
    var guess = 0
    var ordinal = 0
    var cellCount = 0
    while let key = try reader.nextKey() {
      defer { ordinal &+= 1 }
      guard let position = position(of: key, guess: guess, &plan) else {
        try reader.skipValue()
        continue
      }
      guess = position &+ 1
      if let lastKeys, lastKeys[position] != ordinal {
        try reader.skipValue()
        continue
      }
      if position >= lastSeen.count {
        guard model.rules.readsObjects else {
          // More columns than the model has: nothing of the frame will be used.
          try reader.skipValue()
          continue
        }
        lastSeen.append(contentsOf: repeatElement(0, count: position &+ 1 &- lastSeen.count))
      }
      if lastSeen[position] == row { return .lastKeys }
      lastSeen[position] = row
      cellCount &+= 1
      try readCell(&reader, column: place(position, plan.order))
    }
    if plan.keys.isFull { noteInvalid(model.names.tooManyKeys) }
    if plan.keys.count != keysBefore {
      if let order = wantedOrder(&plan), order != plan.order { return .order(order) }
      if row > 1 { missBefore(row, keysBefore, plan) }
    }
    if cellCount < limit(plan) { fillUp(plan, lastSeen) }
    copyColumns(plan)
    return nil
  }

  /// The position of a key's column; nil for one that is passed over.
  @inline(__always)
  private func position(
    of key: borrowing JSONString, guess: Int, _ plan: inout RecordsPlan
  ) -> Int? {
    guard !key.hasEscapes else {
      return position(of: key.makeBytes().span, guess, &plan)
    }
    return position(of: key.rawBytes, guess, &plan)
  }

  @inline(__always)
  private func position(
    of key: Span<UInt8>, _ guess: Int, _ plan: inout RecordsPlan
  ) -> Int? {
    if let position = plan.keys.position(of: key, guess: guess) { return position }
    if plan.isFixed { return nil }
    if let columns = model.bodyColumns, let column = model.names.column(called: key),
      columns.isUsed[column]
    {
      plan.usedCount += 1
    }
    return plan.keys.append(key)
  }

  /// For each column, which of the keys of the object that has been entered is its last.
  private func lastKeys(
    _ reader: JSONReader, _ plan: inout RecordsPlan
  ) throws(JSONError) -> [Int: Int] {
    var reader = reader
    var last: [Int: Int] = [:]
    var ordinal = 0
    while let key = try reader.nextKey() {
      if let position = position(of: key, guess: ordinal, &plan) {
        last[position] = ordinal
      }
      try reader.skipValue()
      ordinal += 1
    }
    return last
  }

  /// The order of the columns, once there are as many as the model has.
  private func wantedOrder(_ plan: inout RecordsPlan) -> ColumnOrder? {
    if plan.keys.isModelOrder { return nil }
    if let columns = model.bodyColumns {
      guard plan.usedCount == columns.usedCount, !plan.isOrderKnown else { return nil }
      plan.isOrderKnown = true
    } else if isStrict || plan.keys.count != model.columnCount {
      return nil
    }
    return model.order(of: plan.keys.makeKeys(), isStrict: isStrict)
  }

  /// How many of the columns are looked at.
  private func limit(_ plan: RecordsPlan) -> Int {
    model.rules.readsObjects ? plan.keys.count : min(plan.keys.count, model.columnCount)
  }

  /// The rows before `row` have nothing in the columns from `first` on.
  private mutating func missBefore(_ row: Int, _ first: Int, _ plan: RecordsPlan) {
    for position in first..<max(first, limit(plan)) {
      readMissingCell(column: place(position, plan.order), .fraction)
    }
  }

  /// Notes the cells that the last row has not.
  private mutating func fillUp(_ plan: RecordsPlan, _ lastSeen: [Int]) {
    for position in 0..<min(plan.keys.count, model.columnCount)
    where lastSeen[position] != frame.rowCount {
      readMissingCell(column: place(position, plan.order), .fraction)
    }
    guard case .mapped(let places) = plan.order else { return }
    for position in places.far
    where position >= lastSeen.count || lastSeen[position] != frame.rowCount {
      readMissingCell(column: places[position], .fraction)
    }
  }

  private mutating func copyColumns(_ plan: RecordsPlan) {
    for (from, to) in plan.copies where max(from, to) < model.columnCount {
      frame.values[rowStart + to] = frame.values[rowStart + from]
    }
  }

  /// Reads a row that is no object: Python makes a dictionary of an empty list or text, and of
  /// a list of pairs, which is refused here.
  private mutating func readEmptyRecord(_ reader: inout JSONReader) throws(JSONError) {
    switch try reader.peekKind() {
    case .array:
      var count = 0
      try reader.enterArray()
      while try reader.nextElement() {
        try notePair(count, &reader)
        count += 1
      }
      if count > 0 { noteInvalid("a list of pairs is no record") }
    case .string:
      if try !reader.readString().isEmpty {
        noteInvalid("dictionary update sequence element #0 has length 1; 2 is required")
      }
    default:
      noteInvalid("'\(try PythonValue.typeName(ofNext: reader))' object is not iterable")
      try reader.skipValue()
    }
    if problem == nil { beginRow() }
  }

  /// Reads what should be a pair of key and value, and notes if it is none.
  private mutating func notePair(_ position: Int, _ reader: inout JSONReader) throws(JSONError) {
    let element = "dictionary update sequence element #\(position)"
    let size: Int
    switch try reader.peekKind() {
    case .array: size = try Axis.elementCount(&reader)
    case .object: size = try Axis.readKeys(&reader).keys.count
    case .string: size = try reader.readString().unicodeScalars.count
    case .number, .bool, .null:
      noteInvalid("cannot convert \(element) to a sequence")
      return try reader.skipValue()
    }
    if size != 2 { noteInvalid("\(element) has length \(size); 2 is required") }
  }
}
