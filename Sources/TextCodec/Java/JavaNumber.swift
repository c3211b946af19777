/// Texts of numbers as Java's own parsers take them, which PMML's reference implementation
/// relies on: `Double.parseDouble`, `Float.parseFloat` and `Integer.parseInt`.
///
/// Numbers are rounded correctly, for `Float` directly from the text.
package enum JavaNumber {
  /// As `Double.parseDouble`: control characters and spaces around the number do not count;
  /// decimal and hexadecimal digits, one of the suffixes `d`, `D`, `f` and `F`, `NaN` and
  /// `Infinity`. nil where the text is no number.
  package static func parseDouble(_ text: Span<UInt8>) -> Double? { parse(text) }

  /// As `Float.parseFloat`; see ``parseDouble(_:)``.
  package static func parseFloat(_ text: Span<UInt8>) -> Float? { parse(text) }

  /// As `Integer.parseInt`: a sign, and decimal digits of any script, with nothing around them.
  /// nil where the text is no number, or it does not fit.
  package static func parseInteger(_ text: Span<UInt8>) -> Int32? {
    guard !text.isEmpty else { return nil }
    let hasSign = text[0] == ascii("-") || text[0] == ascii("+")
    let isNegative = text[0] == ascii("-")
    var index = hasSign ? 1 : 0
    guard index < text.count else { return nil }
    // Java counts downwards, too: the least number has no positive counterpart.
    var value: Int64 = 0
    while index < text.count {
      let byte = text[index]
      let digit: Int64
      if byte < 0x80 {
        guard let plain = DecimalScanner.digitValue(byte) else { return nil }
        digit = Int64(plain)
        index += 1
      } else {
        guard let (other, length) = otherDigit(text, at: index) else { return nil }
        digit = other
        index += length
      }
      value = value * 10 + digit
      guard value <= Int64(Int32.max) + (isNegative ? 1 : 0) else { return nil }
    }
    return Int32(truncatingIfNeeded: isNegative ? -value : value)
  }

  /// The value and the number of bytes of a digit that is not ASCII. Java looks at UTF-16, so
  /// digits beyond the basic plane are none.
  private static func otherDigit(
    _ text: Span<UInt8>, at index: Int
  ) -> (value: Int64, length: Int)? {
    let length = text[index] < 0xE0 ? 2 : 3
    guard text[index] >= 0xC2, text[index] < 0xF0, text.count - index >= length else { return nil }
    var code = UInt32(text[index]) & (length == 2 ? 0x1F : 0x0F)
    for offset in 1..<length { code = code << 6 | UInt32(text[index + offset]) & 0x3F }
    guard let scalar = Unicode.Scalar(code),
      scalar.properties.generalCategory == .decimalNumber,
      let value = scalar.properties.numericValue
    else { return nil }
    return (Int64(value), length)
  }

  /// Where the text is when what `String.trim` takes away is left out.
  package static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
    var range = 0..<text.count
    while !range.isEmpty, text[range.lowerBound] <= 0x20 { range.removeFirst() }
    while !range.isEmpty, text[range.upperBound - 1] <= 0x20 { range.removeLast() }
    return range
  }

  @inline(__always)
  private static func parse<Number: BinaryFormat>(_ text: Span<UInt8>) -> Number? {
    var position = 0
    // Nearly all numbers have nothing around them.
    if let decimal = DecimalScanner.scan(text, at: &position, grammar: .plain),
      position == text.count
    {
      let magnitude: Number = DecimalRounding.magnitude(decimal, text)
      return decimal.isNegative ? -magnitude : magnitude
    }
    return parseOther(text.extracting(trimmed(text)))
  }

  @inline(never)
  private static func parseOther<Number: BinaryFormat>(_ text: Span<UInt8>) -> Number? {
    guard !text.isEmpty else { return nil }
    var position = 0
    if let decimal = DecimalScanner.scan(text, at: &position, grammar: .plain),
      isEnd(text, position)
    {
      let magnitude: Number = DecimalRounding.magnitude(decimal, text)
      return decimal.isNegative ? -magnitude : magnitude
    }
    let isNegative = text[0] == ascii("-")
    position = isNegative || text[0] == ascii("+") ? 1 : 0
    let unsigned = text.extracting(position..<text.count)
    let magnitude: Number
    if unsigned.isEqual(to: "NaN") {
      return .nan
    } else if unsigned.isEqual(to: "Infinity") {
      magnitude = .infinity
    } else if let number: Number = parseHexadecimal(unsigned) {
      magnitude = number
    } else {
      return nil
    }
    return isNegative ? -magnitude : magnitude
  }

  /// Whether nothing but a suffix follows.
  private static func isEnd(_ text: Span<UInt8>, _ position: Int) -> Bool {
    if position == text.count { return true }
    guard position == text.count - 1 else { return false }
    let letter = text[position] | 0x20
    return letter == ascii("d") || letter == ascii("f")
  }

  /// `0x`, digits with at most one point, `p` and a decimal exponent.
  private static func parseHexadecimal<Number: BinaryFormat>(_ text: Span<UInt8>) -> Number? {
    guard text.count > 3, text[0] == ascii("0"), text[1] | 0x20 == ascii("x") else { return nil }
    var significand: UInt64 = 0
    var exponent = 0
    var hasPoint = false
    var hasDigit = false
    var index = 2
    while index < text.count {
      if text[index] == ascii("."), !hasPoint {
        hasPoint = true
      } else if let digit = hexadecimalDigit(text[index]) {
        hasDigit = true
        if significand >> 59 == 0 {
          significand = significand << 4 | UInt64(digit)
          if hasPoint { exponent -= 4 }
        } else {
          // What does not fit only matters for rounding.
          if digit != 0 { significand |= 1 }
          if !hasPoint { exponent += 4 }
        }
      } else {
        break
      }
      index += 1
    }
    guard hasDigit, index < text.count, text[index] | 0x20 == ascii("p") else { return nil }
    index += 1
    guard index < text.count else { return nil }
    let isNegative = text[index] == ascii("-")
    if isNegative || text[index] == ascii("+") { index += 1 }
    let start = index
    var written = 0
    while index < text.count, let digit = DecimalScanner.digitValue(text[index]) {
      if written < 1 << 40 { written = written * 10 + Int(digit) }
      index += 1
    }
    guard index > start, isEnd(text, index) else { return nil }
    return rounded(significand, exponent + (isNegative ? -written : written))
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  /// `significand * 2^exponent`, to nearest, ties to even; the lowest bit of a significand of
  /// more than 59 bits also stands for bits below it.
  private static func rounded<Number: BinaryFormat>(
    _ significand: UInt64, _ exponent: Int
  ) -> Number {
    guard significand != 0 else { return 0 }
    let shift = significand.leadingZeroBitCount
    let bits = significand << UInt64(shift)
    // The exponent of the leading bit.
    let leading = exponent - shift + 63
    guard leading <= Number.exponentBounds.upperBound else { return .infinity }
    let lacking = max(Number.exponentBounds.lowerBound - leading, 0)
    let kept = Number.precision - lacking
    guard kept >= 0 else { return 0 }
    let dropped = UInt64(64 - kept)
    // A shift by 64 gives zero here.
    var result = bits >> dropped
    let rest = kept == 0 ? bits : bits << UInt64(kept)
    let half = UInt64(1) << 63
    if rest > half || (rest == half && result & 1 == 1) { result += 1 }
    return Number(
      encoding: Number.encoding(
        significand: result, exponent: max(leading, Number.exponentBounds.lowerBound)))
  }
}

extension Span where Element == UInt8 {
  /// Whether the bytes are those of `word`.
  func isEqual(to word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      indices.allSatisfy { self[$0] == letters[$0] }
    }
  }

  /// Whether the bytes are those of `word` but for the case of letters, which `word` has in lower
  /// case.
  func isEqualIgnoringCase(to word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      for index in indices {
        let byte = self[index]
        let isUpper = byte >= 0x41 && byte <= 0x5A
        if (isUpper ? byte | 0x20 : byte) != letters[index] { return false }
      }
      return true
    }
  }
}
