import TextCodec

extension ScoringService {
  /// Throws unless the model takes the rows of `frame`, as a pandas frame.
  ///
  /// - Parameter format: What the rows were written in.
  func checkFrame(_ frame: Frame, from format: BodyFormat) throws(ScoringError) {
    let rules = model.rules
    // Without rows, pandas makes columns of objects of a CSV header.
    try checkShape(
      frame, mayBeEmpty: format == .json ? rules.takesEmptyFrames : rules.takesEmptyTables)
    if options.isStrict, rules.needsCategoryColumns {
      throw unexpected(
        "\(rules.library) wants columns of pandas' type category, which no body can make.")
    }
    if rules.checksNames, let problem = model.problem(of: frame, isStrict: options.isStrict) {
      throw unexpected(problem)
    }
    if rules.readsObjects { return try checkObjects(frame) }
    for (column, kinds) in frame.kinds.prefix(frame.columnCount).enumerated()
    where !rules.takesFrameColumn(kinds) {
      guard frame.rowCount > 0 else { throw noRows }
      if let fault = frame.fault { throw unexpected(fault) }
      throw unexpected("Column '\(name(column))': \(rules.reason(against: kinds)).")
    }
    try checkRange(frame)
    if !options.isStrict { try checkAmbiguity(frame, from: format) }
  }

  /// Throws unless the model takes the rows of `frame`, as a NumPy array of which the columns
  /// of numbers have cells of `kinds`.
  ///
  /// - Parameter isRow: Whether the array is one row.
  func checkArray(
    _ frame: Frame, kinds: Frame.Kinds, isRow: Bool = false
  ) throws(ScoringError) {
    try checkShape(frame, mayBeEmpty: false)
    if let columns = model.bodyColumns {
      if let problem = columns.problem(ofWidth: frame.columnCount, in: model.names) {
        throw unexpected(problem)
      }
      return try checkObjects(frame, inArrayOf: model.rules.arrayType(kinds), isRow: isRow)
    }
    if model.rules.needsNames { throw unexpected(ServedModel.namesNeeded) }
    let isUnusable = frame.kinds.contains { !$0.isDisjoint(with: [.unusable, .nested]) }
    if isUnusable || model.rules.conversion(ofArray: kinds) == .refused {
      if let fault = frame.fault { throw unexpected(fault) }
      throw unexpected(model.rules.reasonAgainstArray)
    }
    try checkRange(frame)
  }

  /// Throws if the rules of a field refuse a cell of `frame`.
  func checkFields(_ frame: Frame) throws(ScoringError) {
    if let fault = frame.fault { throw unexpected(fault) }
  }

  /// Throws if the library cannot make categories of the columns of categories, or numbers of
  /// the others.
  ///
  /// - Parameter type: Nil for a frame, whose columns each have a type of their own.
  private func checkObjects(
    _ frame: Frame, inArrayOf type: LibraryRules.ArrayType? = nil, isRow: Bool = false
  ) throws(ScoringError) {
    guard frame.rowCount > 0 else { return }
    let rules = model.rules
    for (place, kinds) in frame.kinds.enumerated() {
      let isTaken: Bool
      if !model.isEncoded[place] {
        isTaken = rules.takesNumbers(kinds)
      } else if let type, place < model.columnCount {
        isTaken = rules.takesCategories(kinds, inArrayOf: type, isRow: isRow)
      } else {
        isTaken = rules.takesCategories(kinds)
      }
      guard !isTaken else { continue }
      if let fault = frame.fault { throw unexpected(fault) }
      throw unexpected(
        type == .fractions
          ? "The array has numbers with a fraction, and so no categories; write those as text."
          : "Integers are too large for a category, or for other cells of their column.")
    }
  }

  private func checkShape(_ frame: Frame, mayBeEmpty: Bool) throws(ScoringError) {
    guard frame.rowCount > 0 || mayBeEmpty else { throw noRows }
    guard model.takes(columnCount: frame.columnCount) else {
      throw unexpected(
        "The rows have \(frame.columnCount) columns; the model has \(model.columnCount).")
    }
  }

  private var noRows: ScoringError { unexpected("There are no rows.") }

  /// Throws if a number is infinite as a `Float`, and the library refuses that.
  private func checkRange(_ frame: Frame) throws(ScoringError) {
    guard !model.rules.takesInfinity, frame.rowCount > 0 else { return }
    // Half-way from the greatest `Float` to the next power of two, which is rounded up.
    let limit = 0x1.ffffffp127
    let values = frame.values.span
    var count = 0
    for place in values.indices { count &+= values[unchecked: place].magnitude >= limit ? 1 : 0 }
    guard count > 0, let place = frame.values.firstIndex(where: { $0.magnitude >= limit }) else {
      return
    }
    throw unexpected(
      Frame.Fault(
        row: place / model.columnCount,
        message: "column '\(name(place % model.columnCount))': the number is infinite, or too "
          + "large for 32 bits; if it is missing, write NaN"))
  }

  /// Throws if a number stands for a category or its code, and nobody can tell which.
  private func checkAmbiguity(
    _ frame: Frame, from format: BodyFormat
  ) throws(ScoringError) {
    let columns =
      format == .csv ? model.ambiguous.numbersInCSV : model.ambiguous.numbersInJSON
    for column in columns
    where column < frame.columnCount && !frame.kinds[column].contains(.category) {
      for row in 0..<frame.rowCount {
        let value = frame.values[row * model.columnCount + column]
        guard !value.isNaN else { continue }
        throw unexpected(
          Frame.Fault(
            row: row,
            message: "column '\(name(column))': \(value) may be a category or its code; send "
              + "categories as text, in JSON"))
      }
    }
  }

  private func name(_ column: Int) -> String {
    model.columns[column].name.escapingControlCharacters
  }

  func unexpected(_ reason: String) -> ScoringError {
    .unexpected(reason, isStrict: options.isStrict)
  }

  private func unexpected(_ fault: Frame.Fault) -> ScoringError {
    unexpected("Row \(fault.row), \(fault.message).")
  }
}
