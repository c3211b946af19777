import TextCodec

extension JSONFrameReader {
  /// Reads data that is an object of columns: each of them a list of cells, an object of cells
  /// by label, or one cell for all rows.
  mutating func readColumns(
    _ reader: JSONReader, _ parts: SplitParts, index: JSONReader
  ) throws(JSONError) {
    restart()
    noteError(of: parts.columns)
    if let type = parts.columns.unhashableType { noteInvalid("unhashable type: '\(type)'") }
    guard problem == nil else { return }
    var plan = try ColumnsPlan(reader, columns: parts.columns, model)
    if plan.isFull { return noteInvalid(model.names.tooManyKeys) }
    if let error = LoneSurrogate.error(in: plan.keys) { noteInvalid(error) }
    try plan.measure(reader, hasColumns: parts.columns != .none)

    noteError(of: parts.index)
    var labels = NameList(plan.labels)
    var rowCount = plan.listSize ?? labels.count
    if let count = parts.index.count {
      rowCount = count
      if plan.hasObjects {
        if let type = parts.index.unhashableType { noteInvalid("unhashable type: '\(type)'") }
        var index = index
        labels = try Axis.read(&index, keepsNames: true).labels(model)
      }
    } else {
      noteAmbiguity(of: plan)
    }
    frame.columnCount = parts.columns.count ?? plan.keys.count
    if model.rules.checksNames { frame.names = .list(plan.keys.all) }
    if model.takes(columnCount: frame.columnCount) {
      while frame.rowCount < rowCount, problem == nil { beginRow() }
    } else {
      frame.rowCount = rowCount
    }
    let names = parts.columns == .none ? Axis(names: .list(NameList(plan.keys))) : parts.columns
    try readCells(
      reader, plan, order: names.order(for: model, isStrict: isStrict),
      RowLabels(labels, hasMissing: parts.index.hasMissing))
  }

  /// Notes where pandas does not know how many rows there are.
  private mutating func noteAmbiguity(of plan: ColumnsPlan) {
    if plan.listSize == nil, !plan.hasObjects, plan.targets.contains(where: { !$0.isEmpty }) {
      noteInvalid("If using all scalar values, you must pass an index")
    }
    if plan.hasUnevenLists { noteInvalid("All arrays must be of the same length") }
    if plan.listSize != nil, plan.hasObjects {
      noteInvalid("Mixing dicts with non-Series may lead to ambiguous ordering.")
    }
  }

  /// Reads the cells of all columns, into rows that are there already.
  private mutating func readCells(
    _ reader: JSONReader, _ plan: ColumnsPlan, order: ColumnOrder, _ labels: RowLabels
  ) throws(JSONError) {
    var reader = reader
    var members = plan.makeMembers()
    let isRead = model.takes(columnCount: frame.columnCount)
    try reader.enterObject()
    while try reader.nextKey() != nil {
      let key = members.next()
      guard problem == nil, let key, let first = plan.targets[key].first else {
        try reader.skipValue()
        continue
      }
      var column = isRead ? place(first, order) : nil
      if column == BodyColumns.ignored { column = nil }
      switch try reader.peekKind() {
      case .array:
        try readList(&reader, column)
      case .object:
        try readObject(&reader, column, labels)
      case .string, .number, .bool, .null:
        try readScalar(&reader, column)
      }
      guard let column else { continue }
      for position in plan.targets[key].dropFirst() {
        copyColumn(from: column, to: place(position, order))
      }
    }
    guard isRead else { return }
    for position in plan.emptyColumns {
      let column = place(position, order)
      if column != BodyColumns.ignored { frame.kinds[column].formUnion(.null) }
    }
  }

  private mutating func readList(
    _ reader: inout JSONReader, _ column: Int?
  ) throws(JSONError) {
    var count = 0
    try reader.enterArray()
    while try reader.nextElement() {
      if let column, count < frame.rowCount {
        moveTo(row: count)
        try readCell(&reader, column: column)
      } else if let column, count == 0, problem == nil {
        try readLooseCell(&reader, column)
      } else {
        try reader.skipValue()
      }
      count += 1
    }
    guard count != frame.rowCount else { return }
    if count == 1 {
      if let column { repeatFirstCell(of: column) }
    } else {
      noteInvalid("Length of values (\(count)) does not match length of index (\(frame.rowCount))")
    }
  }

  private mutating func readScalar(
    _ reader: inout JSONReader, _ column: Int?
  ) throws(JSONError) {
    guard let column else { return try reader.skipValue() }
    guard frame.rowCount > 0 else { return try readLooseCell(&reader, column) }
    moveTo(row: 0)
    try readCell(&reader, column: column)
    repeatFirstCell(of: column)
  }

  /// Reads a cell for the rows of a frame that has none: what it is settles the column's type.
  private mutating func readLooseCell(
    _ reader: inout JSONReader, _ column: Int
  ) throws(JSONError) {
    beginRow()
    guard problem == nil else { return try reader.skipValue() }
    try readCell(&reader, column: column)
    frame.values.removeAll(keepingCapacity: true)
    frame.rowCount = 0
  }

  private mutating func repeatFirstCell(of column: Int) {
    guard column < model.columnCount else { return }
    for row in stride(from: 1, to: frame.rowCount, by: 1) {
      frame.values[row * model.columnCount + column] = frame.values[column]
    }
  }

  /// Reads cells by label; a row whose label is not there is NaN.
  ///
  /// Where a row has no label, pandas goes by another way, on which the cells without a row
  /// count too for what the column is.
  private mutating func readObject(
    _ reader: inout JSONReader, _ column: Int?, _ labels: RowLabels
  ) throws(JSONError) {
    guard let column, frame.rowCount > 0 else { return try reader.skipValue() }
    let (keys, lastMembers) = try Self.lastMembers(reader)
    var member = -1
    var cellCount = 0
    var isAllNull = true
    try reader.enterObject()
    while let key = try reader.nextKey() {
      member += 1
      let rows = labels.rows(called: key)
      guard let number = keys.number(of: key), lastMembers[number] == member,
        !rows.isEmpty || labels.hasMissing
      else {
        try reader.skipValue()
        continue
      }
      if try reader.peekKind() != .null { isAllNull = false }
      moveTo(row: rows.first ?? 0)
      cellCount += rows.count
      guard column < model.columnCount else {
        try readCell(&reader, column: column)
        continue
      }
      let before = frame.values[rowStart + column]
      try readCell(&reader, column: column)
      let value = frame.values[rowStart + column]
      if rows.isEmpty { frame.values[rowStart + column] = before }
      for row in rows.dropFirst() { frame.values[row * model.columnCount + column] = value }
    }
    guard cellCount < frame.rowCount else { return }
    readMissingCell(column: column, labels.hasMissing && isAllNull ? .null : .fraction)
  }

  /// The keys of the object that is the next value, and which of its members is the last of
  /// each.
  private static func lastMembers(
    _ reader: JSONReader
  ) throws(JSONError) -> (keys: KeyIndex, lastMembers: [Int]) {
    var reader = reader
    var keys = KeyIndex()
    var last: [Int] = []
    var member = 0
    try reader.enterObject()
    while let key = try reader.nextKey() {
      let number = keys.insert(key)
      if number == last.count { last.append(member) }
      last[number] = member
      member += 1
      try reader.skipValue()
    }
    return (keys, last)
  }

  private mutating func copyColumn(from: Int, to: Int) {
    noteForms()
    copyKinds(from: from, to: to)
    guard max(from, to) < model.columnCount, to >= 0 else { return }
    for row in 0..<frame.rowCount {
      frame.values[row * model.columnCount + to] = frame.values[row * model.columnCount + from]
    }
  }
}

extension JSONFrameReader {
  /// Makes the cells of a column those of another; text that was hashed is no number, and the
  /// other way round.
  mutating func copyKinds(from: Int, to: Int) {
    guard to >= 0 else { return }
    let isSame = !model.rules.readsObjects || model.isEncoded[from] == model.isEncoded[to]
    frame.kinds[to] = isSame ? frame.kinds[from] : .unusable
  }
}

/// The rows of a frame by their labels.
private struct RowLabels {
  private let keys: KeyIndex
  /// The rows, those of the same label beside one another.
  private var rows: [Int]
  /// Where the rows of each label end in ``rows``.
  private var ends: [Int]
  /// Whether a row has none.
  let hasMissing: Bool

  init(_ labels: NameList, hasMissing: Bool) {
    self.hasMissing = hasMissing
    keys = labels.keys
    ends = Array(repeating: 0, count: keys.count)
    for case let number? in labels.numbers { ends[number] += 1 }
    var total = 0
    for number in ends.indices {
      total += ends[number]
      ends[number] = total
    }
    rows = Array(repeating: 0, count: total)
    var starts = [0] + ends.dropLast()
    for (row, number) in labels.numbers.enumerated() {
      guard let number else { continue }
      rows[starts[number]] = row
      starts[number] += 1
    }
  }

  /// The rows with this label, in their order.
  func rows(called label: borrowing JSONString) -> ArraySlice<Int> {
    guard let number = keys.number(of: label) else { return [] }
    return rows[(number > 0 ? ends[number - 1] : 0)..<ends[number]]
  }
}
