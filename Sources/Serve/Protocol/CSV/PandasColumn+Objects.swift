import TextCodec

/// Columns of a library that reads Python objects one by one: CatBoost.
extension PandasColumn {
  /// A cell whose category is that of a number or truth value.
  struct Category {
    var row: Int
    var value: CategoryValue
  }

  /// What a cell is other than its text.
  enum CategoryValue {
    case integer(Int64)
    case unsigned(UInt64)
    case truth(Bool)

    /// The text by which CatBoost knows it.
    var text: [UInt8] {
      var text: [UInt8] = []
      switch self {
      case .integer(let number): DecimalPrinter.append(number, to: &text)
      case .unsigned(let number): DecimalPrinter.append(number, to: &text)
      case .truth(let truth): text.append(UInt8(ascii: truth ? "1" : "0"))
      }
      return text
    }
  }

  // MARK: Cells

  /// Keeps what a cell is if the column turns out to be text, and returns it where it has.
  mutating func readAsText(
    _ text: Span<UInt8>, besides value: Double, row: Int
  ) -> Double {
    guard let number = CatBoostNumber.parse(text) else {
      if firstUnreadable == nil {
        firstUnreadable = Blame(row: row, reason: .notANumber(excerpt(text)))
      }
      return value
    }
    if state == .text { return number }
    if value.isInfinite, state == .large || state == .huge { hasInfinity = true }
    if number.bitPattern != value.bitPattern {
      textValues.append(FloatValue(row: row, value: number))
    }
    return value
  }

  /// Keeps the word of a missing cell in case that pandas leaves it as it is.
  mutating func noteMissingWord(_ text: Span<UInt8>, row: Int) {
    guard firstUnknownWord == nil, CatBoostNumber.parse(text) == nil else { return }
    firstUnknownWord = Blame(row: row, reason: .notANumber(excerpt(text)))
  }

  mutating func keepInteger(_ value: CategoryValue, _ text: Span<UInt8>, row: Int) {
    // Most integers are written as they would be.
    guard objects == .categories, !Self.isPlainInteger(text) else { return }
    keepCategory(value, row: row)
  }

  mutating func keepCategory(_ value: CategoryValue, row: Int) {
    guard objects == .categories else { return }
    categories.append(Category(row: row, value: value))
  }

  /// Digits without zeros before them, after a minus sign or nothing.
  private static func isPlainInteger(_ text: Span<UInt8>) -> Bool {
    var first = 0
    if text.count > 1, text[0] == UInt8(ascii: "-") { first = 1 }
    guard PandasCell.isDigit(text[first]), PandasCell.isDigit(text[text.count - 1]) else {
      return false
    }
    return text.count == 1 || text[first] != UInt8(ascii: "0")
  }

  // MARK: Pieces

  /// Like ``finishPiece(from:)`` for a column of numbers of which all objects will do: it is one
  /// of text only if a cell is no number.
  mutating func finishPieceOfObjects() -> [FloatValue] {
    defer { beginPiece() }
    if state == .large, isConflict, firstUnreadable == nil { firstUnreadable = firstUnknownWord }
    switch (state, isConflict) {
    case (.text, _), (.large, true):
      kinds.insert(firstUnreadable == nil ? .fraction : .text)
      if blame == nil { blame = firstUnreadable }
      return textValues
    case (.huge, _),
      (.large, false) where hasNegative || firstMissing != nil:
      // Python fails over integers that are too large for a number; as text they are infinite.
      kinds.insert(hasInfinity ? .text : .fraction)
      if hasInfinity, blame == nil { blame = Blame(row: firstLarge, reason: .largeInteger) }
      return []
    case (.float, _):
      kinds.insert(.fraction)
      return floatValues
    case (.boolean, _):
      kinds.insert(firstMissing == nil ? .boolean : .fraction)
    case (.integer, _), (.large, _):
      kinds.insert(
        !hasValue || firstMissing != nil ? .fraction : state == .integer ? .integer : .hugeInteger)
    }
    // Objects and truth values beside numbers are no integers.
    if kinds.contains(.boolean), kinds != .boolean { kinds.insert(.fraction) }
    return []
  }

  /// Whether integers beyond `Int64` stand beside negative ones or missing cells: pandas leaves all
  /// of them as text, the missing cells too.
  ///
  /// So it does with what begins with a minus sign and is no integer.
  private var isConflict: Bool {
    hasFraction || hasUnsigned && (hasNegative || firstMissing != nil)
  }

  /// Ends a piece of a column of categories.
  ///
  /// - Parameter takesMissing: Whether a cell without text is a category.
  /// - Returns: Cells whose category is not their text, because pandas makes integers or truth
  ///   values of the piece.
  mutating func finishPieceOfCategories(takesMissing: Bool) -> [Category] {
    defer { beginPiece() }
    let isText = state == .large && isConflict
    if let firstMissing, !takesMissing, !isText { refuseCategory(firstMissing) }
    switch state {
    case .text: kinds.insert(.text)
    case .float: refuseCategory(firstFraction)
    case .huge: refuseCategory(firstLarge)
    case .large where isConflict: kinds.insert(.text)
    case .large where hasNegative: refuseCategory(firstLarge)
    case .large: kinds.insert(.hugeInteger)
    case .integer where hasValue: kinds.insert(.integer)
    case .integer: break
    case .boolean: kinds.insert(.boolean)
    }
    switch state {
    case .integer, .boolean: return categories
    case .large: return isConflict ? [] : categories
    case .text, .float, .huge: return []
    }
  }

  private mutating func refuseCategory(_ row: Int) {
    if blame == nil { blame = Blame(row: row, reason: .noCategory) }
  }

  /// What a column of categories has come to: text, or something unusable.
  ///
  /// - Parameter isStrict: Whether pieces that pandas joins to numbers with a fraction are
  ///   refused.
  mutating func kindOfCategories(isStrict: Bool) -> Frame.Kinds {
    if isStrict, kinds.isSuperset(of: [.integer, .hugeInteger]),
      kinds.isDisjoint(with: [.boolean, .text])
    {
      refuseCategory(0)
    }
    return blame == nil ? .text : .unusable
  }
}
