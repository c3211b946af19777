extension JavaNumber {
  /// The text of `Double.toString`: plain from 0.001 to below ten million, with an exponent
  /// outside; the shortest digits that read back as the number, as Java writes since version 19.
  package static func text(_ number: Double) -> String {
    text(number, encoding: number.magnitude.bitPattern)
  }

  /// The text of `Float.toString`; see ``text(_:)-(Double)``.
  package static func text(_ number: Float) -> String {
    text(number, encoding: UInt64(number.magnitude.bitPattern))
  }

  /// The shortest decimal digits of a finite number, and the exponent of the first; zero has
  /// the digit 0.
  package static func digits(_ number: Double) -> (digits: [UInt8], exponent: Int) {
    digits(number, encoding: number.magnitude.bitPattern)
  }

  private static func digits<Number: BinaryFormat>(
    _ number: Number, encoding: UInt64
  ) -> (digits: [UInt8], exponent: Int) {
    guard number != 0 else { return ([ascii("0")], 0) }
    let decimal = ShortestDecimal(Number.self, encoding: encoding)
    var digits = Array(String(decimal.significand).utf8)
    let exponent = decimal.exponent + digits.count - 1
    while digits.count > 1, digits.last == ascii("0") { digits.removeLast() }
    // Java shows two digits at least, which matters for the least numbers.
    if digits.count == 1, encoding < 20 { return leastDigits(Number.self, encoding) }
    return (digits, exponent)
  }

  /// Two digits of so many of the least number above zero.
  private static func leastDigits<Number: BinaryFormat>(
    _ type: Number.Type, _ count: UInt64
  ) -> (digits: [UInt8], exponent: Int) {
    let isDouble = Number.precision == Double.precision
    let unit = isDouble ? 49.40656458412465 : 14.01298464324817
    var exponent = isDouble ? -324 : -45
    var number = unit * Double(count)
    while number >= 99.5 {
      number /= 10
      exponent += 1
    }
    var digits = Array(String(Int(number.rounded())).utf8)
    if digits.last == ascii("0") { digits.removeLast() }
    return (digits, exponent)
  }

  private static func text<Number: BinaryFormat>(_ number: Number, encoding: UInt64) -> String {
    if number.isNaN { return "NaN" }
    let sign = number.sign == .minus ? "-" : ""
    if number.isInfinite { return sign + "Infinity" }
    let (digits, exponent) = digits(number, encoding: encoding)
    let magnitude = number.magnitude
    func digitText(_ range: Range<Int>) -> String {
      let range = range.clamped(to: 0..<max(range.lowerBound, digits.count))
      return String(decoding: digits[range], as: UTF8.self)
    }
    func fraction(from start: Int) -> String {
      start < digits.count ? digitText(start..<digits.count) : "0"
    }
    if magnitude != 0, magnitude < 1e-3 || magnitude >= 1e7 {
      return "\(sign)\(digitText(0..<1)).\(fraction(from: 1))E\(exponent)"
    }
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1)
        + digitText(0..<digits.count)
    }
    let whole = digitText(0..<min(exponent + 1, digits.count))
    let padding = String(repeating: "0", count: max(exponent + 1 - digits.count, 0))
    return "\(sign)\(whole)\(padding).\(fraction(from: exponent + 1))"
  }
}
