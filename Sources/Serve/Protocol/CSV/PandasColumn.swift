import TextCodec

/// Finds the type of a column cell by cell, as `pandas.read_csv` finds it by trying one type
/// after the other: `Int64`, `UInt64`, `Double`, `Bool`, and text for what is none of them.
///
/// pandas does so piece by piece, a piece being some rows of the table, and joins the pieces.
struct PandasColumn {
  /// What is made of the cells of a column that is none of numbers.
  enum Objects: Sendable {
    /// Nothing: the column is refused.
    case refused
    /// Each is a number, or text that is one, as CatBoost reads them.
    case numbers
    /// Each is a category, as CatBoost takes them.
    case categories
  }

  /// What the cells of the piece so far allow, missing ones aside.
  enum State {
    case integer
    /// `UInt64`, or what an integer beyond `Int64` makes of the column otherwise.
    case large
    /// Integers of which one is beyond `UInt64`.
    case huge
    case float
    case boolean
    /// Nothing but text.
    case text
  }

  /// A cell that made the column one of text.
  struct Blame {
    enum Reason {
      case notANumber(String)
      case notATruthValue(String)
      case missingTruthValue
      /// Too large, or too large for the other cells.
      case largeInteger
      case truthAndNumbers
      case unknownCategory(String)
      /// A number with a fraction, or a missing cell, among categories.
      case noCategory
    }

    var row: Int
    var reason: Reason
  }

  /// A number of an integer column that is another where the column is one of floats: `-0`,
  /// what ``PandasDecimal`` reads, and integers that are rounded.
  struct FloatValue {
    var row: Int
    var value: Double
  }

  var state = State.integer
  var hasValue = false
  var firstMissing: Int?
  var hasNegative = false
  /// Whether every cell is a `Double` too; kept where `state` does not say it.
  private var isAllFloat = true
  var firstLarge = 0
  /// Whether a cell beside large integers is none, but begins with a minus sign.
  var hasFraction = false
  /// Whether a cell fits `UInt64` and not `Int64`.
  var hasUnsigned = false
  var floatValues: [FloatValue] = []

  /// Numbers that are others in a column of text, where objects are read.
  var textValues: [FloatValue] = []
  /// The first cell that is no number as text.
  var firstUnreadable: Blame?
  /// The first cell that is no integer.
  var firstFraction = 0
  /// The first word for a missing cell that is none to CatBoost.
  var firstUnknownWord: Blame?
  /// Whether an integer is too large for `Double`.
  var hasInfinity = false
  /// Cells whose category is not their text.
  var categories: [Category] = []

  /// What the pieces so far were; `.hugeInteger` stands for `UInt64`.
  var kinds: Frame.Kinds = []
  /// The first cell to blame, if the column is one of text.
  var blame: Blame?

  private let isStrict: Bool
  let objects: Objects
  /// Whether integers that `Double` may not hold are rounded straight to `Float`.
  private let roundsIntegers: Bool
  /// Those integers.
  private var wideIntegers: [FloatValue] = []

  init(isStrict: Bool, roundsIntegers: Bool = false, objects: Objects = .refused) {
    self.isStrict = isStrict
    self.objects = objects
    self.roundsIntegers = roundsIntegers
  }

  // MARK: Cells

  /// The cell that begins at `position` if it is written as most of the column are, which then
  /// moves to its end.
  @inline(__always)
  mutating func takePlain(
    _ tokenizer: borrowing PandasTokenizer, at position: inout Int
  ) -> Double? {
    switch state {
    case .integer:
      var end = position
      guard let value = Self.plainInteger(tokenizer.text, at: &end), tokenizer.isFieldEnd(end)
      else { return nil }
      if roundsIntegers, value.magnitude > Self.exactIntegers { return nil }
      hasNegative = hasNegative || value < 0
      hasValue = true
      position = end
      return Double(value)
    case .float:
      var end = position
      guard let value = DecimalParser.parseDouble(tokenizer.text, at: &end), value.isFinite,
        tokenizer.isFieldEnd(end)
      else { return nil }
      position = end
      return value
    case .large, .huge, .boolean, .text:
      return nil
    }
  }

  /// A minus sign or none and 1 to 18 digits, but not `-0`.
  @inline(__always)
  private static func plainInteger(_ text: Span<UInt8>, at position: inout Int) -> Int64? {
    var index = position
    let isNegative = index < text.count && text[unchecked: index] == UInt8(ascii: "-")
    if isNegative { index &+= 1 }
    let start = index
    var value: Int64 = 0
    while index < text.count, PandasCell.isDigit(text[unchecked: index]) {
      guard index &- start < 18 else { return nil }
      value = value &* 10 &+ Int64(text[unchecked: index] &- UInt8(ascii: "0"))
      index &+= 1
    }
    guard index > start, value > 0 || !isNegative else { return nil }
    position = index
    return isNegative ? 0 &- value : value
  }

  /// Takes a missing cell.
  mutating func takeMissing(row: Int) {
    if firstMissing == nil { firstMissing = row }
  }

  /// Takes any cell, and returns its number, NaN if it is missing or none.
  mutating func take(_ text: Span<UInt8>, row: Int) -> Double {
    if PandasCell.isMissing(text) {
      takeMissing(row: row)
      if objects == .numbers { noteMissingWord(text, row: row) }
      return .nan
    }
    defer { hasValue = true }
    let value = value(of: text, row: row)
    return objects == .numbers ? readAsText(text, besides: value, row: row) : value
  }

  private mutating func value(of text: Span<UInt8>, row: Int) -> Double {
    switch state {
    case .integer: return takeInteger(text, row: row)
    case .large: return takeLarge(text, row: row)
    case .huge: return takeHuge(text, row: row)
    case .float:
      if let value = PandasCell.float(text, isStrict: isStrict) { return value }
      return refuse(row, .notANumber(excerpt(text)))
    case .boolean:
      if let truth = PandasCell.truth(text) {
        keepCategory(.truth(truth), row: row)
        return truth ? 1 : 0
      }
      return refuse(row, .notATruthValue(excerpt(text)))
    case .text: return .nan
    }
  }

  private mutating func takeInteger(_ text: Span<UInt8>, row: Int) -> Double {
    switch PandasCell.signed(text) {
    case .fits(let integer):
      if case .negative = PandasCell.unsigned(text) { hasNegative = true }
      keepWideInteger(integer.magnitude, Float(integer), row: row)
      let value = Double(integer)
      keepFloatValue(text, besides: value, row: row)
      keepInteger(.integer(integer), text, row: row)
      return value
    case .overflows:
      state = .large
      firstLarge = row
      return takeLarge(text, row: row)
    case .none:
      if let value = PandasCell.float(text, isStrict: isStrict) {
        state = .float
        firstFraction = row
        return value
      }
      if !hasValue, let truth = PandasCell.truth(text) {
        state = .boolean
        keepCategory(.truth(truth), row: row)
        return truth ? 1 : 0
      }
      return refuse(row, .notANumber(excerpt(text)))
    }
  }

  private mutating func takeLarge(_ text: Span<UInt8>, row: Int) -> Double {
    let float = PandasCell.float(text, isStrict: isStrict)
    isAllFloat = isAllFloat && float != nil
    switch PandasCell.unsigned(text) {
    case .fits(let integer):
      keepWideInteger(integer.magnitude, Float(integer), row: row)
      let value = Double(integer)
      if integer > UInt64(Int64.max) { hasUnsigned = true }
      keepFloatValue(text, besides: value, row: row)
      keepInteger(.unsigned(integer), text, row: row)
      return value
    case .negative:
      hasNegative = true
      if case .none = PandasCell.signed(text) { hasFraction = true }
    case .overflows:
      guard objects != .refused, !hasFraction else { return refuse(row, .largeInteger) }
      state = .huge
    case .none:
      guard isAllFloat else { return refuse(row, .notANumber(excerpt(text))) }
      state = .float
      firstFraction = row
    }
    return float ?? .nan
  }

  private mutating func takeHuge(_ text: Span<UInt8>, row: Int) -> Double {
    switch PandasCell.signed(text) {
    case .fits(let integer): return Double(integer)
    case .overflows: return PandasCell.float(text, isStrict: isStrict) ?? .nan
    case .none: return refuse(row, .notANumber(excerpt(text)))
    }
  }

  /// Up to here `Double` holds all integers.
  private static let exactIntegers: UInt64 = 1 << 53

  private mutating func keepWideInteger(_ magnitude: UInt64, _ value: Float, row: Int) {
    guard roundsIntegers, magnitude > Self.exactIntegers else { return }
    wideIntegers.append(FloatValue(row: row, value: Double(value)))
  }

  /// Integers to be put into the rows, rounded once, if the column is one of integers.
  var roundedIntegers: [FloatValue] { kind == .integer ? wideIntegers : [] }

  private mutating func keepFloatValue(
    _ text: Span<UInt8>, besides integer: Double, row: Int
  ) {
    if objects != .categories, let value = PandasCell.float(text, isStrict: isStrict),
      value.bitPattern != integer.bitPattern
    {
      floatValues.append(FloatValue(row: row, value: value))
    }
  }

  /// Takes a cell of a column of categories that is none.
  mutating func refuseCategory(_ text: Span<UInt8>, row: Int) {
    _ = refuse(row, .unknownCategory(excerpt(text)))
    kinds.insert(.text)
  }

  private mutating func refuse(_ row: Int, _ reason: Blame.Reason) -> Double {
    state = .text
    if objects == .refused, blame == nil { blame = Blame(row: row, reason: reason) }
    return .nan
  }

  func excerpt(_ text: Span<UInt8>) -> String {
    let shown = text.extracting(0..<min(text.count, 40))
    let characters = shown.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    return characters.escapingControlCharacters + (shown.count < text.count ? "…" : "")
  }

  // MARK: Pieces

  /// The type of the pieces together; none if there was no row.
  var kind: Frame.Kinds {
    if kinds.contains(.text) { return .text }
    // `Int64` and `UInt64` have no common type but `Double`.
    if kinds.contains(.fraction) || kinds == [.integer, .hugeInteger] { return .fraction }
    return kinds == .hugeInteger ? .integer : kinds
  }

  /// Ends a piece, which begins at `start`.
  ///
  /// - Returns: Numbers that are to be put into the rows because the piece is one of floats.
  mutating func finishPiece(from start: Int) -> [FloatValue] {
    if objects == .numbers { return finishPieceOfObjects() }
    let kind = kindOfPiece()
    let isMixed =
      kind == .boolean
      ? !kinds.subtracting([.boolean, .text]).isEmpty
      : kind != .text && kinds.contains(.boolean)
    if isMixed { _ = refuse(start, .truthAndNumbers) }
    kinds.insert(isMixed ? .text : kind)

    let corrections = state == .float ? floatValues : []
    beginPiece()
    return corrections
  }

  mutating func beginPiece() {
    state = .integer
    hasValue = false
    firstMissing = nil
    hasNegative = false
    hasUnsigned = false
    hasFraction = false
    isAllFloat = true
    floatValues.removeAll()
    textValues.removeAll()
    firstUnreadable = nil
    firstUnknownWord = nil
    hasInfinity = false
    categories.removeAll()
  }

  /// The type of the piece; missing cells make integers floats, and truth values text.
  private mutating func kindOfPiece() -> Frame.Kinds {
    switch state {
    case .integer:
      return hasValue && firstMissing == nil ? .integer : .fraction
    case .large:
      guard hasNegative || firstMissing != nil else { return .hugeInteger }
      _ = refuse(firstLarge, .largeInteger)
    case .float:
      return .fraction
    case .huge:
      break
    case .boolean:
      guard let firstMissing else { return .boolean }
      _ = refuse(firstMissing, .missingTruthValue)
    case .text:
      break
    }
    return .text
  }
}

extension PandasColumn.Blame {
  /// What is wrong and what to do, for the column called `name`.
  func message(column name: String) -> String {
    let place = "column '\(PythonValue.shown(name))': "
    switch reason {
    case .notANumber(let text):
      return place + "'\(text)' is not a number; leave the cell empty if the value is missing"
    case .notATruthValue(let text):
      return place + "'\(text)' is no truth value as the cells above it; write 1 and 0 for "
        + "true and false"
    case .missingTruthValue:
      return place + "a cell is missing among truth values; write 1 and 0 for true and false"
    case .largeInteger:
      return place + "integers beyond 64 bits, or beyond 63 among missing or negative ones; "
        + "write them with a decimal point"
    case .truthAndNumbers:
      return place + "truth values and numbers; write 1 and 0 for true and false"
    case .unknownCategory(let text):
      return place + "'\(text)' is not a category that the model knows"
        + ScoringError.unknownCategoryRemedy
    case .noCategory:
      return place + "a number with a fraction, one that is too large, or nothing, is no category"
    }
  }
}
