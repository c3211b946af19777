/// Digits into raw memory, eight at a time.
///
/// Every kernel may store anywhere in the 31 bytes from `bytes` on (those after a
/// sign in ``DecimalPrinter/requiredCapacity``) and returns how many of them are
/// its text.
enum DigitKernels {
  private static let zeros = ByteKernels.broadcast(ascii("0"))

  /// Ten to the powers 0 to 19.
  private static let powersOfTen: [UInt64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000,
    100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
    100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]

  static func write(_ word: StaticString, to bytes: UnsafeMutableRawPointer) -> Int {
    word.withUTF8Buffer { letters in
      UnsafeMutableRawBufferPointer(start: bytes, count: letters.count)
        .copyBytes(from: letters)
      return letters.count
    }
  }

  static func writeInteger(_ value: UInt64, to bytes: UnsafeMutableRawPointer) -> Int {
    let eight: UInt64 = 100_000_000
    var length = 0
    var rest = value
    if value >= eight * eight {
      // At most four digits before two full groups.
      length = writeLeadingGroup(value / (eight * eight), to: bytes)
      rest = value % (eight * eight)
      storeGroup(rest / eight, to: bytes + length)
      storeGroup(rest % eight, to: bytes + (length &+ 8))
      return length &+ 16
    }
    if value >= eight {
      length = writeLeadingGroup(value / eight, to: bytes)
      rest = value % eight
      storeGroup(rest, to: bytes + length)
      return length &+ 8
    }
    return writeLeadingGroup(value, to: bytes)
  }

  /// Digits and point or exponent of `decimal`, whose significand is not zero and
  /// has at most 17 digits.
  @inline(__always)
  static func writeDecimal(
    _ decimal: ShortestDecimal, to bytes: UnsafeMutableRawPointer
  ) -> Int {
    // All significands are brought to 17 digits: one and two groups of eight.
    let written = digitCount(decimal.significand)
    let significand = decimal.significand &* powersOfTen[17 &- written]
    let exponent = decimal.exponent &+ written &- 1
    let tail = significand % 10_000_000_000_000_000
    let first = UInt8(truncatingIfNeeded: significand / 10_000_000_000_000_000) | ascii("0")
    let upper = group(tail / 100_000_000)
    let lower = group(tail % 100_000_000)
    let trailingZeros =
      lower == 0 ? 8 &+ upper.leadingZeroBitCount / 8 : lower.leadingZeroBitCount / 8
    let count = 17 &- trailingZeros

    @inline(__always)
    func storeDigits(_ place: UnsafeMutableRawPointer) {
      place.storeBytes(of: first, as: UInt8.self)
      store(upper | zeros, to: place + 1)
      store(lower | zeros, to: place + 9)
    }

    guard exponent >= -4, exponent < 16 else {
      storeDigits(bytes + 1)
      bytes.storeBytes(of: first, as: UInt8.self)
      bytes.storeBytes(of: ascii("."), toByteOffset: 1, as: UInt8.self)
      let length = count == 1 ? 1 : count &+ 1
      return length &+ writeExponent(exponent, to: bytes + length)
    }
    if exponent < 0 {
      store(zeros, to: bytes)
      bytes.storeBytes(of: ascii("."), toByteOffset: 1, as: UInt8.self)
      storeDigits(bytes + (1 &- exponent))
      return 1 &- exponent &+ count
    }
    // The digits before the point move down by one to make room for it.
    storeDigits(bytes + 1)
    let point = exponent &+ 1
    for index in 0..<point {
      bytes.storeBytes(
        of: bytes.load(fromByteOffset: index &+ 1, as: UInt8.self), toByteOffset: index,
        as: UInt8.self)
    }
    bytes.storeBytes(of: ascii("."), toByteOffset: point, as: UInt8.self)
    return point &+ 1 &+ max(count &- point, 1)
  }

  /// `e`, a sign and at least two digits.
  @inline(__always)
  private static func writeExponent(
    _ exponent: Int, to bytes: UnsafeMutableRawPointer
  ) -> Int {
    bytes.storeBytes(of: ascii("e"), as: UInt8.self)
    bytes.storeBytes(
      of: exponent < 0 ? ascii("-") : ascii("+"), toByteOffset: 1, as: UInt8.self)
    let magnitude = UInt64(exponent.magnitude)
    let places = magnitude < 100 ? 2 : 3
    let digits = group(magnitude) | zeros
    store(digits >> UInt64(8 &* (8 &- places)), to: bytes + 2)
    return 2 &+ places
  }

  /// The digits of `value < 10^8` without leading zeros, but one for zero itself.
  @inline(__always)
  private static func writeLeadingGroup(
    _ value: UInt64, to bytes: UnsafeMutableRawPointer
  ) -> Int {
    let digits = group(value)
    // The first digit is in the lowest byte, so leading zeros are trailing ones.
    let leadingZeros = min(digits.trailingZeroBitCount / 8, 7)
    store((digits | zeros) >> UInt64(8 &* leadingZeros), to: bytes)
    return 8 &- leadingZeros
  }

  @inline(__always)
  private static func storeGroup(_ value: UInt64, to bytes: UnsafeMutableRawPointer) {
    store(group(value) | zeros, to: bytes)
  }

  @inline(__always)
  private static func store(_ word: UInt64, to bytes: UnsafeMutableRawPointer) {
    bytes.storeBytes(of: word.littleEndian, as: UInt64.self)
  }

  /// The eight digits of `value < 10^8`, one a byte, the first in the lowest: split
  /// in halves three times, with multiplications for the divisions.
  @inline(__always)
  private static func group(_ value: UInt64) -> UInt64 {
    let fours = value / 10_000 | (value % 10_000) << 32
    let hundreds = ((fours &* 10_486) >> 20) & 0x0000_007F_0000_007F
    let pairs = hundreds | (fours &- 100 &* hundreds) << 16
    let tens = ((pairs &* 103) >> 10) & 0x000F_000F_000F_000F
    return tens | (pairs &- 10 &* tens) << 8
  }

  @inline(__always)
  private static func digitCount(_ value: UInt64) -> Int {
    // log10(2) is 1233 / 4096 to within the width of 64 bits.
    let estimate = ((64 &- value.leadingZeroBitCount) &* 1233) >> 12
    return value < powersOfTen[estimate] ? estimate : estimate &+ 1
  }
}
