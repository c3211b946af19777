/// A decimal number as its text says it, before rounding.
struct ScannedDecimal {
  /// The first 19 significant digits, or all if there are fewer.
  var significand: UInt64
  /// The power of ten that `significand` is to be multiplied with.
  var exponent: Int
  var isNegative: Bool
  /// Whether digits beyond `significand` were left out (they may be zeros).
  var isTruncated: Bool
  /// Where the digits (with at most one point among them) lie in the text.
  var digits: Range<Int>
}

/// Finds the number that begins at a place in text.
enum DecimalScanner {
  /// Exponents of more than this are all alike: no text in memory has enough
  /// digits to bring such a number back to finite or to zero.
  private static let exponentCap = 1 << 56

  /// Most significant digits that fit 64 bits whatever they are.
  private static let significandDigits = 19

  /// The number at `position`, which then moves past it; nil, and no move, where
  /// there is none.
  @inline(__always)
  static func scan(
    _ bytes: Span<UInt8>, at position: inout Int, grammar: DecimalParser.Grammar
  ) -> ScannedDecimal? {
    let count = bytes.count
    var index = position
    guard index < count else { return nil }

    let first = bytes[unchecked: index]
    let isNegative = first == ascii("-")
    if isNegative || (first == ascii("+") && grammar == .plain) { index &+= 1 }

    let start = index
    var significand: UInt64 = 0
    while index < count, let digit = digitValue(bytes[unchecked: index]) {
      significand = significand &* 10 &+ digit
      index &+= 1
    }
    var digitCount = index &- start
    if grammar == .json {
      let isPadded = digitCount > 1 && bytes[unchecked: start] == ascii("0")
      guard digitCount > 0, !isPadded else { return nil }
    }

    var exponent = 0
    if index < count, bytes[unchecked: index] == ascii(".") {
      let fraction = index &+ 1
      var end = fraction
      while end &+ 8 <= count {
        let word = ByteKernels.word(bytes, at: end)
        guard isEightDigits(word) else { break }
        significand = significand &* 100_000_000 &+ eightDigits(word)
        end &+= 8
      }
      while end < count, let digit = digitValue(bytes[unchecked: end]) {
        significand = significand &* 10 &+ digit
        end &+= 1
      }
      let fractionDigits = end &- fraction
      if fractionDigits == 0 && grammar == .json { return nil }
      digitCount &+= fractionDigits
      exponent = 0 &- fractionDigits
      // A point alone is no number, and not part of one.
      if digitCount > 0 { index = end }
    }
    guard digitCount > 0 else { return nil }
    let digits = start..<index

    if index < count, bytes[unchecked: index] | 0x20 == ascii("e") {
      if let written = scanExponent(bytes, at: &index) {
        exponent &+= written
      } else if grammar == .json {
        return nil
      }
    }

    position = index
    var scanned = ScannedDecimal(
      significand: significand, exponent: exponent, isNegative: isNegative, isTruncated: false,
      digits: digits)
    if digitCount > significandDigits {
      truncate(&scanned, bytes)
    }
    return scanned
  }

  /// The value of `e` and its digits at `index`, which moves past them; nil, and no
  /// move, where `e` is not followed by a number.
  @inline(__always)
  private static func scanExponent(_ bytes: Span<UInt8>, at index: inout Int) -> Int? {
    let count = bytes.count
    var end = index &+ 1
    guard end < count else { return nil }
    let sign = bytes[unchecked: end]
    if sign == ascii("-") || sign == ascii("+") { end &+= 1 }
    let start = end
    var magnitude = 0
    while end < count, let digit = digitValue(bytes[unchecked: end]) {
      if magnitude < exponentCap { magnitude = magnitude &* 10 &+ Int(digit) }
      end &+= 1
    }
    guard end > start else { return nil }
    index = end
    return sign == ascii("-") ? 0 &- magnitude : magnitude
  }

  /// Takes the significand again from the first 19 significant digits: that of
  /// more digits overflowed, unless the first ones were zeros.
  @inline(never)
  private static func truncate(_ scanned: inout ScannedDecimal, _ bytes: Span<UInt8>) {
    var significand: UInt64 = 0
    var taken = 0
    var dropped = 0
    for index in scanned.digits {
      guard let digit = digitValue(bytes[unchecked: index]) else { continue }
      if taken == significandDigits {
        dropped &+= 1
      } else if digit != 0 || taken > 0 {
        significand = significand &* 10 &+ digit
        taken &+= 1
      }
    }
    scanned.significand = significand
    scanned.exponent &+= dropped
    scanned.isTruncated = dropped > 0
  }

  @inline(__always)
  static func digitValue(_ byte: UInt8) -> UInt64? {
    let digit = byte &- 0x30
    return digit < 10 ? UInt64(digit) : nil
  }

  /// Whether all eight bytes of a little-endian word are digits: the high half of
  /// each is 3, and stays 3 when 6 is added.
  @inline(__always)
  private static func isEightDigits(_ word: UInt64) -> Bool {
    let high = word & 0xF0F0_F0F0_F0F0_F0F0
    let carried = (word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0
    return high | carried >> 4 == 0x3333_3333_3333_3333
  }

  /// The number that eight digits say: neighbours are joined to pairs, pairs to
  /// fours, fours to the whole, each by one multiplication.
  @inline(__always)
  static func eightDigits(_ word: UInt64) -> UInt64 {
    let pairs = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2561) >> 8
    let fours = ((pairs & 0x00FF_00FF_00FF_00FF) &* 6_553_601) >> 16
    return ((fours & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) >> 32
  }
}

/// The byte of an ASCII character, folded at compile time.
@inline(__always)
func ascii(_ character: Unicode.Scalar) -> UInt8 {
  UInt8(truncatingIfNeeded: character.value)
}
