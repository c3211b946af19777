/// The numbers that tables are full of: a sign, at most seven digits, perhaps a point and more
/// digits, 19 in all. They are read eight bytes at a time, hardly with a loop; all others are
/// left to ``DecimalScanner``.
enum SimpleDecimal {
  /// The number of JSON at `position`, which then moves past it; nil, and no move, where there
  /// is none or none so simple, or it is among the last bytes of the text.
  @inline(__always)
  static func scan(_ bytes: Span<UInt8>, at position: inout Int) -> ScannedDecimal? {
    // Nine bytes: eight are looked at, and one behind them.
    var index = position
    guard index &+ 9 < bytes.count else { return nil }
    let isNegative = bytes[unchecked: index] == ascii("-")
    if isNegative { index &+= 1 }

    let start = index
    var word = ByteKernels.word(bytes, at: index)
    var digitCount = digits(word)
    guard digitCount > 0, digitCount < 8 else { return nil }
    if digitCount > 1 && word & 0xFF == UInt64(ascii("0")) { return nil }
    var significand = value(word, digitCount)
    index &+= digitCount

    var exponent = 0
    if bytes[unchecked: index] == ascii(".") {
      index &+= 1
      repeat {
        guard index &+ 8 < bytes.count, exponent > -24 else { return nil }
        word = ByteKernels.word(bytes, at: index)
        digitCount = digits(word)
        if digitCount > 0 {
          significand = significand &* powersOfTen[digitCount] &+ value(word, digitCount)
        }
        exponent &-= digitCount
        index &+= digitCount
      } while digitCount == 8
      // More digits would not fit the significand.
      guard exponent < 0, index &- start <= 20 else { return nil }
    }
    guard bytes[unchecked: index] | 0x20 != ascii("e") else { return nil }
    position = index
    return ScannedDecimal(
      significand: significand, exponent: exponent, isNegative: isNegative, isTruncated: false,
      digits: start..<index)
  }

  private static let powersOfTen: [UInt64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
  ]

  /// How many of the bytes are digits before the first that is none.
  @inline(__always)
  private static func digits(_ word: UInt64) -> Int {
    let low = word ^ ByteKernels.broadcast(ascii("0"))
    let others = ((low &+ ByteKernels.broadcast(0x76)) | low) & ByteKernels.broadcast(0x80)
    return others.trailingZeroBitCount / 8
  }

  /// The number that the first `count` bytes say, 1 to 8 digits.
  @inline(__always)
  private static func value(_ word: UInt64, _ count: Int) -> UInt64 {
    // Zeros come in from below, which are the places before the first digit.
    DecimalScanner.eightDigits(word &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count))
  }
}
