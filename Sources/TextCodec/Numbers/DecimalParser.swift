/// Decimal text to numbers, correctly rounded (to nearest, ties to even) whatever
/// the number of digits, and for `Float` directly, never by way of `Double`.
///
/// Every function parses the longest number that begins at `position` and moves
/// `position` past it; where there is none it returns nil and leaves `position`.
/// What follows the number is the caller's business. Nothing here allocates, but
/// for the rare number that needs exact integers.
public enum DecimalParser {
  /// Which texts are numbers.
  public enum Grammar: Sendable {
    /// What CSV and model files write: an optional sign, digits with an optional
    /// point before, among or after them, an optional exponent; or `inf`,
    /// `infinity` and `nan` in any case, with an optional sign. No hexadecimal.
    case plain
    /// RFC 8259: no `+`, no leading zeros, digits on both sides of a point, no
    /// words. What only begins like a number (`01`, `1.`, `1e`) is not one.
    case json
  }

  /// The `Double` nearest to the number at `position`.
  ///
  /// Too large a number gives an infinity and too small a one a subnormal or zero,
  /// with the sign of the text, as `strtod` does.
  public static func parseDouble(
    _ bytes: Span<UInt8>, at position: inout Int, grammar: Grammar = .plain
  ) -> Double? {
    parse(bytes, at: &position, grammar: grammar)
  }

  /// The `Float` nearest to the number at `position`; see ``parseDouble(_:at:grammar:)``.
  public static func parseFloat(
    _ bytes: Span<UInt8>, at position: inout Int, grammar: Grammar = .plain
  ) -> Float? {
    parse(bytes, at: &position, grammar: grammar)
  }

  @inline(__always)
  private static func parse<Number: BinaryFormat>(
    _ bytes: Span<UInt8>, at position: inout Int, grammar: Grammar
  ) -> Number? {
    guard position >= 0 else { return nil }
    if let decimal = DecimalScanner.scan(bytes, at: &position, grammar: grammar) {
      let magnitude: Number = DecimalRounding.magnitude(decimal, bytes)
      return decimal.isNegative ? -magnitude : magnitude
    }
    return grammar == .plain ? parseWord(bytes, at: &position) : nil
  }

  /// `inf`, `infinity` or `nan` with an optional sign.
  @inline(never)
  private static func parseWord<Number: BinaryFormat>(
    _ bytes: Span<UInt8>, at position: inout Int
  ) -> Number? {
    var index = position
    guard index < bytes.count else { return nil }
    let isNegative = bytes[index] == ascii("-")
    if isNegative || bytes[index] == ascii("+") { index += 1 }

    let value: Number
    if bytes.hasPrefixIgnoringCase("inf", at: index) {
      index += bytes.hasPrefixIgnoringCase("infinity", at: index) ? 8 : 3
      value = .infinity
    } else if bytes.hasPrefixIgnoringCase("nan", at: index) {
      index += 3
      value = .nan
    } else {
      return nil
    }
    position = index
    return isNegative ? -value : value
  }
}

extension Double {
  /// The number that all of `text` is, or nil if it is none; see ``DecimalParser``.
  public init?(decimalText text: Span<UInt8>, grammar: DecimalParser.Grammar = .plain) {
    var position = 0
    guard let value = DecimalParser.parseDouble(text, at: &position, grammar: grammar),
      position == text.count
    else { return nil }
    self = value
  }
}

extension Float {
  /// The number that all of `text` is, or nil if it is none; see ``DecimalParser``.
  public init?(decimalText text: Span<UInt8>, grammar: DecimalParser.Grammar = .plain) {
    var position = 0
    guard let value = DecimalParser.parseFloat(text, at: &position, grammar: grammar),
      position == text.count
    else { return nil }
    self = value
  }
}

extension Span where Element == UInt8 {
  /// Whether the bytes from `offset` on are `word`, which must be lower case letters.
  fileprivate func hasPrefixIgnoringCase(_ word: StaticString, at offset: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard length <= count - offset else { return false }
    return word.withUTF8Buffer { letters in
      for index in 0..<length where self[offset + index] | 0x20 != letters[index] {
        return false
      }
      return true
    }
  }
}
