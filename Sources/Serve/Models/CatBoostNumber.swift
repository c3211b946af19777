import TextCodec

/// Numbers in text as CatBoost's Python package reads them.
///
/// Source: `_FloatOrNanFromString` of `_catboost.pyx`, which is `StrToD` of the library's
/// double-conversion, and a list of words for missing values. Measured with CatBoost 1.2.10.
enum CatBoostNumber {
  /// Words that stand for a missing value, next to the empty text.
  private static let missing: [StaticString] = [
    "nan", "NaN", "NAN", "-nan", "-NaN", "na", "NA", "Na", "n/a", "N/A", "#NA", "#N/A",
    "#N/A N/A", "null", "NULL", "Null", "none", "None", "-", "1.#IND", "-1.#IND", "1.#QNAN",
    "-1.#QNAN",
  ]

  /// The number that all of `text` is: blanks before it, a sign, and decimal digits with point
  /// and exponent, or `0x` and hexadecimal digits. Blanks alone are zero.
  static func parse(_ text: Span<UInt8>) -> Double? {
    guard !text.isEmpty else { return .nan }
    let start = PandasCell.afterBlanks(text, 0)
    guard start < text.count else { return 0 }
    if isNumeric(text, start) {
      let number = text.extracting(start...)
      if let value = Double(decimalText: number) ?? hexadecimal(number) { return value }
    }
    for word in missing where text.equals(word) { return .nan }
    return nil
  }

  /// Whether a number, rather than a word, may begin at `start`.
  private static func isNumeric(_ text: Span<UInt8>, _ start: Int) -> Bool {
    var first = start
    if text[first] == UInt8(ascii: "-") || text[first] == UInt8(ascii: "+") { first += 1 }
    guard first < text.count else { return false }
    return PandasCell.isDigit(text[first]) || text[first] == UInt8(ascii: ".")
  }

  /// A sign, `0x` and digits.
  private static func hexadecimal(_ text: Span<UInt8>) -> Double? {
    var index = 0
    let isNegative = text[0] == UInt8(ascii: "-")
    if isNegative || text[0] == UInt8(ascii: "+") { index = 1 }
    guard index + 2 < text.count, text[index] == UInt8(ascii: "0"),
      text[index + 1] | 0x20 == UInt8(ascii: "x")
    else { return nil }
    var digits = index + 2
    while digits < text.count - 1, text[digits] == UInt8(ascii: "0") { digits += 1 }
    // The first bits, and in the last of them whether there is anything behind.
    var significand: UInt64 = 0
    var exponent = 0
    for place in digits..<text.count {
      guard let digit = hexadecimalDigit(text[place]) else { return nil }
      if significand < 1 << 58 {
        significand = significand << 4 | digit
      } else {
        significand |= digit > 0 ? 1 : 0
        exponent += 4
      }
    }
    let value = exponent > 2048 ? .infinity : scaled(Double(significand), by: exponent)
    return isNegative ? -value : value
  }

  private static func scaled(_ number: Double, by exponent: Int) -> Double {
    number * Double(sign: .plus, exponent: min(exponent, 1000), significand: 1)
      * Double(sign: .plus, exponent: max(exponent - 1000, 0), significand: 1)
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt64? {
    if PandasCell.isDigit(byte) { return UInt64(byte - UInt8(ascii: "0")) }
    let letter = byte | 0x20
    return (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(letter)
      ? UInt64(letter - UInt8(ascii: "a") + 10) : nil
  }
}
