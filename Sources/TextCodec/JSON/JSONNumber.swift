/// A number of a JSON text whose form matters besides its value, as it does to Python, where
/// `1` and `1.0` are of different types.
public struct JSONNumber: Sendable, Equatable {
  /// How the number is written, and where an integer fits.
  public enum Form: Sendable, Equatable {
    /// With fraction or exponent, or `NaN` or an infinity.
    case fraction
    /// An integer whose magnitude is at most 2^53.
    case integer
    /// Another integer that fits `Int64`.
    case wideInteger
    /// An integer that fits `UInt64` but not `Int64`.
    case unsignedInteger
    /// An integer that fits neither.
    case hugeInteger
  }

  /// The nearest `Double`; zero without sign for the integer `-0`.
  public let value: Double
  public let form: Form

  @inline(__always)
  init(_ value: Double, _ form: Form) {
    self.value = value
    self.form = form
  }

  /// Rounds the number that was scanned and ends at `end`.
  @inline(__always)
  init(_ decimal: ScannedDecimal, end: Int, _ bytes: Span<UInt8>) {
    let magnitude: Double = DecimalRounding.magnitude(decimal, bytes)
    let value = decimal.isNegative ? -magnitude : magnitude
    // A fraction lowers the exponent, and only an exponent lies behind the digits.
    guard decimal.digits.upperBound == end, decimal.exponent == 0 || decimal.isTruncated else {
      self.init(value, .fraction)
      return
    }
    if magnitude <= 0x1p53 && !decimal.isTruncated {
      self.init(value + 0, .integer)
    } else {
      self.init(value, Self.wideForm(decimal, bytes))
    }
  }

  @inline(never)
  private static func wideForm(_ decimal: ScannedDecimal, _ bytes: Span<UInt8>) -> Form {
    for index in decimal.digits where bytes[index] == ascii(".") { return .fraction }
    var start = decimal.digits.lowerBound
    guard let magnitude = DecimalParser.parseUInt64(bytes, at: &start, grammar: .json) else {
      return .hugeInteger
    }
    if magnitude <= UInt64(1) << 53 { return .integer }
    if magnitude <= Int64.min.magnitude - (decimal.isNegative ? 0 : 1) { return .wideInteger }
    return decimal.isNegative ? .hugeInteger : .unsignedInteger
  }
}

extension JSONReader {
  /// Reads the next value if it is a number; any other value stays unread.
  ///
  /// - Returns: Nil where the next value is no number.
  @inline(__always)
  @_lifetime(self: copy self)
  public mutating func readNumber() throws(JSONError) -> JSONNumber? {
    try startValue()
    var end = cursor.position
    guard let decimal = DecimalScanner.scan(cursor.bytes, at: &end, grammar: .json) else {
      guard try peekKind() == .number else { return nil }
      return JSONNumber(try readDouble(), .fraction)
    }
    cursor.position = end
    finishValue()
    return JSONNumber(decimal, end: end, cursor.bytes)
  }
}
