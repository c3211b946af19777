import TextCodec

/// What the converters of pandas 3.1's C parser make of the text of a cell.
enum PandasCell {
  /// A text as integer of a certain type.
  enum Integer {
    case fits(Int64)
    /// Digits alone, but too many of them.
    case overflows
    case none
  }

  /// A text as `UInt64`.
  enum Unsigned {
    case fits(UInt64)
    /// Whatever begins with a minus sign.
    case negative
    case overflows
    case none
  }

  /// Texts that stand for a missing value, next to the empty one.
  private static let missing: [StaticString] = [
    "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "n/a", "<NA>", "#N/A", "#NA", "-nan",
    "-NaN", "1.#IND", "1.#QNAN", "-1.#IND", "-1.#QNAN", "#N/A N/A",
  ]

  static func isMissing(_ text: Span<UInt8>) -> Bool {
    guard !text.isEmpty else { return true }
    // Most cells are none of the words, and most of those begin with another byte.
    switch text[0] {
    case UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "#"), UInt8(ascii: "<"),
      UInt8(ascii: "-"), UInt8(ascii: "1"):
      for word in missing where text.equals(word) { return true }
      return false
    default:
      return false
    }
  }

  /// `true` and `false` in any case.
  static func truth(_ text: Span<UInt8>) -> Bool? {
    if matches(text, "true") { return true }
    if matches(text, "false") { return false }
    return nil
  }

  private static func matches(_ text: Span<UInt8>, _ word: StaticString) -> Bool {
    guard text.count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      text.indices.allSatisfy { text[$0] | 0x20 == letters[$0] }
    }
  }

  // MARK: Integers

  /// The text as `Int64`: blanks around it, one sign, digits.
  static func signed(_ text: Span<UInt8>) -> Integer {
    guard let digits = digits(text, from: afterBlanks(text, 0)) else { return .none }
    var start = digits.lowerBound
    if start > 0, text[start - 1] == UInt8(ascii: "-") { start -= 1 }
    var end = start
    if let value = DecimalParser.parseInt64(text, at: &end) {
      return afterBlanks(text, end) == text.count ? .fits(value) : .none
    }
    // With a blank behind it, pandas does not take this for an integer at all.
    return digits.upperBound == text.count ? .overflows : .none
  }

  /// The text as `UInt64`.
  static func unsigned(_ text: Span<UInt8>) -> Unsigned {
    let start = afterBlanks(text, 0)
    if start < text.count, text[start] == UInt8(ascii: "-") { return .negative }
    guard let digits = digits(text, from: start) else { return .none }
    var end = digits.lowerBound
    if let value = DecimalParser.parseUInt64(text, at: &end) {
      return afterBlanks(text, end) == text.count ? .fits(value) : .none
    }
    return digits.upperBound == text.count ? .overflows : .none
  }

  /// The digits after an optional sign at `start`; nil if there are none.
  private static func digits(_ text: Span<UInt8>, from start: Int) -> Range<Int>? {
    var first = start
    if first < text.count, text[first] == UInt8(ascii: "-") || text[first] == UInt8(ascii: "+") {
      first += 1
    }
    var end = first
    while end < text.count, isDigit(text[end]) { end += 1 }
    return end > first ? first..<end : nil
  }

  // MARK: Floats

  /// The text as `Double`.
  ///
  /// pandas 3.1 rounds correctly but for one kind of text: see ``PandasDecimal``. Without
  /// `isStrict` that kind is rounded correctly too.
  static func float(_ text: Span<UInt8>, isStrict: Bool) -> Double? {
    // Infinities too, but `nan` only as ``isMissing(_:)`` has it.
    if let value = Double(decimalText: text) { return value.isNaN ? nil : value }
    let start = afterBlanks(text, 0)
    guard start < text.count else { return nil }
    if text[start] == UInt8(ascii: "+") {
      guard let value = PandasDecimal.parse(text.extracting(start...)) else { return nil }
      return isStrict ? value : padded(text, from: start) ?? value
    }
    return padded(text, from: start)
  }

  /// The number at `start`, with nothing but blanks behind it.
  private static func padded(_ text: Span<UInt8>, from start: Int) -> Double? {
    var end = start
    guard isNumeric(text, start), let value = DecimalParser.parseDouble(text, at: &end),
      afterBlanks(text, end) == text.count
    else { return nil }
    return value
  }

  /// Whether a number rather than a word begins at `start`.
  private static func isNumeric(_ text: Span<UInt8>, _ start: Int) -> Bool {
    let isSigned = text[start] == UInt8(ascii: "-") || text[start] == UInt8(ascii: "+")
    let first = isSigned ? start + 1 : start
    return first < text.count && (isDigit(text[first]) || text[first] == UInt8(ascii: "."))
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  /// The first byte from `offset` on that C's `isspace` does not know.
  static func afterBlanks(_ text: Span<UInt8>, _ offset: Int) -> Int {
    var offset = offset
    while offset < text.count, text[offset] == UInt8(ascii: " ") || text[offset] &- 9 < 5 {
      offset += 1
    }
    return offset
  }
}
