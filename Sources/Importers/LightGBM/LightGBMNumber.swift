/// LightGBM's quick conversion of decimal text, by which it reads `sigmoid:` back.
///
/// It rounds several times, so that about one in thirty numbers of six digits comes out one
/// unit in the last place away from the nearest Double, and probabilities with it.
enum LightGBMNumber {
  /// The number that all of `text` is as LightGBM reads it, or nil if it is none.
  static func parse(_ text: some StringProtocol) -> Double? {
    var bytes = Array(text.utf8)[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    let whole = digits(&bytes)
    var value = whole.value
    var digitCount = whole.count
    if bytes.first == UInt8(ascii: ".") {
      bytes.removeFirst()
      let fraction = digits(&bytes)
      digitCount += fraction.count
      value += fraction.value / power(10, fraction.count)
    }
    guard digitCount > 0 else { return nil }
    if let first = bytes.first, first | 0x20 == UInt8(ascii: "e") {
      bytes.removeFirst()
      let dividing = bytes.first == UInt8(ascii: "-")
      if dividing || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
      let exponent = digits(&bytes)
      guard exponent.count > 0 else { return nil }
      let scale = scale(ofExponent: Int(min(exponent.value, 308)))
      value = dividing ? value / scale : value * scale
    }
    guard bytes.isEmpty else { return nil }
    return isNegative ? -value : value
  }

  private static func digits(_ bytes: inout ArraySlice<UInt8>) -> (value: Double, count: Int) {
    var value = 0.0
    var count = 0
    while let byte = bytes.first, byte >= 0x30, byte <= 0x39 {
      value = value * 10 + Double(byte - 0x30)
      count += 1
      bytes.removeFirst()
    }
    return (value, count)
  }

  private static func scale(ofExponent exponent: Int) -> Double {
    var scale = 1.0
    var rest = exponent
    while rest >= 50 { (scale, rest) = (scale * 1e50, rest - 50) }
    while rest >= 8 { (scale, rest) = (scale * 1e8, rest - 8) }
    while rest > 0 { (scale, rest) = (scale * 10, rest - 1) }
    return scale
  }

  /// `base` to a whole power ≥ 0, with the multiplications in LightGBM's order.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    if exponent == 0 { return 1 }
    if exponent % 2 == 0 { return power(base * base, exponent / 2) }
    if exponent % 3 == 0 { return power(base * base * base, exponent / 3) }
    return base * power(base, exponent - 1)
  }
}
