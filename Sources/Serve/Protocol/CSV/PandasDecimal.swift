import TextCodec

/// The decimal arithmetic of pandas 3.1's C parser where it does not round correctly.
///
/// `pandas.read_csv` (`float_precision=None`) rounds correctly wherever it can. What its exact
/// parser does not take is a number with a plus sign and blanks around it, such as `+1.5 `, and
/// that it reads as older versions read every number:
///
/// 1. The first 17 significant digits make an integer, which is rounded to a `Double`.
/// 2. Further digits before the point count as zeros, those after it are dropped.
/// 3. One multiplication with, or one division by, a rounded power of ten (two divisions below
///    1e-308) scales the number, and each rounds.
///
/// The exponent is read with C's `strtol`, so blanks may stand between `e` and its digits.
enum PandasDecimal {
  private static let significantDigits = 17
  private static let powersOfTen: [Double] = (0...308).map { exponent in
    Double(decimalText: Array("1e\(exponent)".utf8).span) ?? .infinity
  }

  /// The number that all of `text` is, but for blanks at its end; it begins with `+`.
  static func parse(_ text: Span<UInt8>) -> Double? {
    var position = 1
    var mantissa: UInt64 = 0
    var taken = 0
    var exponent = 0
    let start = position

    // Leading zeros take none of the 17 digits, neither before nor after the point.
    while let digit = digit(text, position) {
      if taken < significantDigits {
        mantissa = mantissa * 10 + digit
        if mantissa > 0 { taken += 1 }
      } else {
        exponent += 1
      }
      position += 1
    }
    var digitCount = position - start
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position += 1
      while let digit = digit(text, position) {
        if taken < significantDigits {
          mantissa = mantissa * 10 + digit
          if mantissa > 0 { taken += 1 }
          exponent -= 1
        }
        position += 1
        digitCount += 1
      }
    }
    guard digitCount > 0 else { return nil }

    if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      guard let written = parseExponent(text, at: &position) else { return nil }
      let (sum, overflows) = exponent.addingReportingOverflow(written)
      exponent = overflows || written == .max || written == .min ? written : sum
    }
    guard PandasCell.afterBlanks(text, position) == text.count else { return nil }
    return scale(Double(mantissa), by: exponent)
  }

  private static func scale(_ number: Double, by exponent: Int) -> Double {
    switch exponent {
    case 309...: number == 0 ? 0 : .infinity
    case 1...: number * powersOfTen[exponent]
    case (-308)...: number / powersOfTen[-exponent]
    case (-616)...: number / powersOfTen[-308 - exponent] / powersOfTen[308]
    default: 0
    }
  }

  /// Blanks, a sign and digits, which saturate; nil without digits.
  private static func parseExponent(_ text: Span<UInt8>, at position: inout Int) -> Int? {
    position = PandasCell.afterBlanks(text, position)
    guard position < text.count else { return nil }
    let isNegative = text[position] == UInt8(ascii: "-")
    if isNegative || text[position] == UInt8(ascii: "+") { position += 1 }
    let start = position
    var value = 0
    var saturates = false
    while let digit = digit(text, position) {
      let (product, high) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) =
        isNegative
        ? product.subtractingReportingOverflow(Int(digit))
        : product.addingReportingOverflow(Int(digit))
      saturates = saturates || high || carry
      if !saturates { value = sum }
      position += 1
    }
    guard position > start else { return nil }
    return saturates ? (isNegative ? .min : .max) : value
  }

  private static func digit(_ text: Span<UInt8>, _ position: Int) -> UInt64? {
    guard position < text.count, PandasCell.isDigit(text[position]) else { return nil }
    return UInt64(text[position] - UInt8(ascii: "0"))
  }
}
