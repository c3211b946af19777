extension DecimalParser {
  /// The integer at `position`: digits after an optional sign (`-` alone in JSON;
  /// none for an unsigned type but `+` in plain text).
  ///
  /// Returns nil, and leaves `position`, where there is no integer and where it does
  /// not fit. A fraction or an exponent is not read: `1.5` is 1 with the point next.
  public static func parseInt64(
    _ bytes: Span<UInt8>, at position: inout Int, grammar: Grammar = .plain
  ) -> Int64? {
    parseInteger(bytes, at: &position, grammar: grammar)
  }

  /// The integer at `position`; see ``parseInt64(_:at:grammar:)``.
  public static func parseUInt64(
    _ bytes: Span<UInt8>, at position: inout Int, grammar: Grammar = .plain
  ) -> UInt64? {
    parseInteger(bytes, at: &position, grammar: grammar)
  }

  /// The integer at `position`; see ``parseInt64(_:at:grammar:)``.
  public static func parseInt32(
    _ bytes: Span<UInt8>, at position: inout Int, grammar: Grammar = .plain
  ) -> Int32? {
    parseInteger(bytes, at: &position, grammar: grammar)
  }

  /// The integer at `position`; see ``parseInt64(_:at:grammar:)``.
  public static func parseUInt32(
    _ bytes: Span<UInt8>, at position: inout Int, grammar: Grammar = .plain
  ) -> UInt32? {
    parseInteger(bytes, at: &position, grammar: grammar)
  }

  @inline(__always)
  private static func parseInteger<Integer: FixedWidthInteger>(
    _ bytes: Span<UInt8>, at position: inout Int, grammar: Grammar
  ) -> Integer? {
    let count = bytes.count
    var index = position
    guard index >= 0, index < count else { return nil }
    let sign = bytes[unchecked: index]
    let isNegative = sign == ascii("-") && Integer.isSigned
    if isNegative || (sign == ascii("+") && grammar == .plain) { index &+= 1 }

    let start = index
    var magnitude: UInt64 = 0
    var overflows = false
    while index < count, let digit = DecimalScanner.digitValue(bytes[unchecked: index]) {
      let (product, high) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(digit)
      overflows = overflows || high || carry
      magnitude = sum
      index &+= 1
    }
    guard index > start, !overflows else { return nil }
    if grammar == .json, index &- start > 1, bytes[unchecked: start] == ascii("0") { return nil }

    let value: Integer
    if isNegative {
      // The least integer's magnitude is one more than the greatest integer's.
      let limit = Integer.min.magnitude
      guard magnitude <= UInt64(limit) else { return nil }
      value = 0 &- Integer(truncatingIfNeeded: magnitude)
    } else {
      guard let positive = Integer(exactly: magnitude) else { return nil }
      value = positive
    }
    position = index
    return value
  }
}
