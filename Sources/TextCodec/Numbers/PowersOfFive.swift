/// The leading 128 bits of the powers of five, shared by the parser (which needs
/// 5^-342 ... 5^308) and the printer (5^-292 ... 5^324).
///
/// Each entry is *truncated*: `entry <= 5^q / 2^(e - 127) < entry + 1` with
/// `e = floor(log2(5^q))`, so that the top bit is always set.
enum PowersOfFive {
  static let exponents = -342...324

  /// The exponents whose entry is the power itself: 5^55 < 2^128 < 5^56.
  static let exactExponents = 0...55

  /// High and low halves in turn. About 50 µs of work once a process; a literal
  /// table would be 670 lines of numbers that no reader could check.
  private static let halves: [UInt64] = makeHalves()

  /// The entry of `exponent`, which must be one of `exponents`.
  @inline(__always)
  static func entry(_ exponent: Int) -> (high: UInt64, low: UInt64) {
    let index = 2 &* (exponent &- exponents.lowerBound)
    return (halves[index], halves[index &+ 1])
  }

  /// `floor(log2(10^exponent))` for the exponents of the table.
  @inline(__always)
  static func floorLog2PowerOfTen(_ exponent: Int) -> Int {
    (exponent &* 217_706) >> 16
  }

  private static func makeHalves() -> [UInt64] {
    var halves = [UInt64](repeating: 0, count: 2 * exponents.count)
    func store(_ value: BigNatural, _ exponent: Int) {
      let leading = value.leading128Bits
      let index = 2 * (exponent - exponents.lowerBound)
      halves[index] = leading.high
      halves[index + 1] = leading.low
    }

    var power = BigNatural(1)
    store(power, 0)
    for exponent in 1...exponents.upperBound {
      power.multiply(by: 5)
      store(power, exponent)
    }

    // floor(floor(x / 5) / 5) = floor(x / 25), so dividing one large power of two
    // again and again gives every reciprocal, truncated, with bits to spare:
    // 5^342 < 2^795 leaves more than 128 of 1024.
    var reciprocal = BigNatural(1)
    reciprocal.shiftLeft(by: 1024)
    for exponent in (exponents.lowerBound..<0).reversed() {
      reciprocal.divide(by: 5)
      store(reciprocal, exponent)
    }
    return halves
  }
}
