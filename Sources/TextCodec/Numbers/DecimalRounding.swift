/// Decimal to binary, rounded to nearest, ties to even, in three steps of rising
/// cost: an exact floating-point operation, a 128-bit product (the method of Eisel
/// and Lemire), and comparison of exact integers.
enum DecimalRounding {
  /// The number nearest to `decimal`, without its sign.
  @inline(__always)
  static func magnitude<Number: BinaryFormat>(
    _ decimal: ScannedDecimal, _ bytes: Span<UInt8>
  ) -> Number {
    let significand = decimal.significand
    let exponent = decimal.exponent
    // Both operands are exact, so the one rounding is the right one.
    let powers = Number.exactPowersOfTen
    if significand <= 1 << UInt64(Number.precision), !decimal.isTruncated,
      exponent > 0 &- powers.count, exponent < powers.count
    {
      let exact = Number(significand)
      return exponent < 0 ? exact / powers[0 &- exponent] : exact * powers[exponent]
    }
    return Number(encoding: encoding(Number.self, decimal, bytes))
  }

  @inline(never)
  private static func encoding<Number: BinaryFormat>(
    _ type: Number.Type, _ decimal: ScannedDecimal, _ bytes: Span<UInt8>
  ) -> UInt64 {
    let significand = decimal.significand
    let exponent = decimal.exponent
    guard significand != 0, exponent >= Number.decimalExponents.lowerBound else { return 0 }
    guard exponent <= Number.decimalExponents.upperBound else { return Number.infinityEncoding }

    let lower = product(type, significand, exponent)
    if lower.isRounded {
      guard decimal.isTruncated else { return lower.encoding }
      let upper = product(type, significand &+ 1, exponent)
      if upper.isRounded && upper.encoding == lower.encoding { return lower.encoding }
    }
    // The rounded product of the truncated digits may be one too high to start from.
    let start = lower.isRounded ? max(lower.encoding, 1) &- 1 : lower.encoding
    return ExactRounding.encoding(type, decimal, bytes, startingFrom: start)
  }

  /// An encoding that is the nearest to a product, or, where that could not be
  /// decided, the greatest one not above it.
  private struct Product {
    var encoding: UInt64
    var isRounded: Bool
  }

  /// `significand * 10^exponent`, `significand` not zero.
  @inline(__always)
  private static func product<Number: BinaryFormat>(
    _ type: Number.Type, _ significand: UInt64, _ exponent: Int
  ) -> Product {
    let leadingZeros = significand.leadingZeroBitCount
    let normalized = significand << UInt64(leadingZeros)
    let power = PowersOfFive.entry(exponent)

    // value = high:low * 2^(unit - 64), from below: the power is truncated, and its
    // low half not yet multiplied in, so the value is less than 2^64 units above.
    var (high, low) = normalized.multipliedFullWidth(by: power.high)
    let topBit = 62 &+ Int(high >> 63)
    let binaryExponent =
      topBit &+ 1 &+ PowersOfFive.floorLog2PowerOfTen(exponent) &- leadingZeros
    guard binaryExponent <= Number.exponentBounds.upperBound else {
      return Product(encoding: Number.infinityEncoding, isRounded: true)
    }

    let subnormalShift = max(Number.exponentBounds.lowerBound &- binaryExponent, 0)
    let dropped = topBit &+ 1 &- Number.precision &+ subnormalShift
    guard dropped < 64 else { return Product(encoding: 0, isRounded: false) }

    let significandBits = high >> UInt64(dropped)
    let down: UInt64
    if subnormalShift > 0 {
      down = significandBits
    } else {
      down = Number.encoding(significand: significandBits, exponent: binaryExponent)
    }
    let half = UInt64(1) << UInt64(dropped &- 1)
    var rest = high & (half << 1 &- 1)
    if rest < half &- 1 { return Product(encoding: down, isRounded: true) }
    if rest > half || (rest == half && low > 0) {
      // If the true rest carried into the significand, that was the same number.
      return Product(encoding: down &+ 1, isRounded: true)
    }

    let correction = normalized.multipliedFullWidth(by: power.low)
    let (sum, carry) = low.addingReportingOverflow(correction.high)
    low = sum
    rest &+= carry ? 1 : 0
    let isExact = PowersOfFive.exactExponents.contains(exponent)
    if rest < half {
      // Now the value is less than two units above.
      let isCertain = isExact || low < UInt64.max &- 1
      return Product(encoding: down, isRounded: isCertain)
    }
    let isTie = rest == half && low == 0 && correction.low == 0 && isExact
    return Product(encoding: isTie ? down &+ (down & 1) : down &+ 1, isRounded: true)
  }
}

/// The last resort: the decimal, all its digits, is compared with the exact
/// midpoint of two neighbouring binary numbers.
enum ExactRounding {
  /// No midpoint of two neighbours has more significant digits than this (767 for
  /// `Double`), so what follows matters only by being zero or not.
  private static let significantDigits = 768

  /// The encoding of the number nearest to `decimal`, searched upwards from one
  /// that is not above it. One or two steps suffice where that one is near.
  @inline(never)
  static func encoding<Number: BinaryFormat>(
    _ type: Number.Type, _ decimal: ScannedDecimal, _ bytes: Span<UInt8>,
    startingFrom start: UInt64
  ) -> UInt64 {
    let exact = exactDigits(decimal, bytes)
    var encoding = start
    while encoding < Number.infinityEncoding {
      let (significand, unitExponent) = Number.decoded(encoding)
      let order = compare(
        exact, withMidpoint: 2 &* significand &+ 1, binaryExponent: unitExponent &- 1)
      switch order {
      case .less: return encoding
      case .equal: return encoding &+ (encoding & 1)
      case .greater: encoding &+= 1
      }
    }
    return encoding
  }

  private struct Exact {
    var digits: BigNatural
    var exponent: Int
  }

  private static func exactDigits(_ decimal: ScannedDecimal, _ bytes: Span<UInt8>) -> Exact {
    var value = BigNatural(0)
    var chunk: UInt64 = 0
    var scale: UInt64 = 1
    var taken = 0
    var restIsZero = true
    for index in decimal.digits {
      guard let digit = DecimalScanner.digitValue(bytes[index]) else { continue }
      if taken == significantDigits {
        restIsZero = restIsZero && digit == 0
        continue
      }
      guard digit != 0 || taken > 0 else { continue }
      chunk = chunk * 10 + digit
      scale *= 10
      taken += 1
      if scale == 10_000_000_000_000_000_000 {
        value.multiply(by: scale, adding: chunk)
        (chunk, scale) = (0, 1)
      }
    }
    value.multiply(by: scale, adding: chunk)
    // `exponent` belongs to the first 19 digits, or to all of them if fewer.
    var exponent = decimal.exponent
    if decimal.isTruncated { exponent -= taken - 19 }
    if !restIsZero {
      value.multiply(by: 10, adding: 1)
      exponent -= 1
    }
    return Exact(digits: value, exponent: exponent)
  }

  /// Compares `digits * 10^exponent` with `midpoint * 2^binaryExponent`.
  private static func compare(
    _ exact: Exact, withMidpoint midpoint: UInt64, binaryExponent: Int
  ) -> BigNatural.Ordering {
    var left = exact.digits
    var right = BigNatural(midpoint)
    if exact.exponent >= 0 {
      left.multiply(byPowerOfFive: exact.exponent)
    } else {
      right.multiply(byPowerOfFive: -exact.exponent)
    }
    let shift = exact.exponent - binaryExponent
    if shift >= 0 {
      left.shiftLeft(by: shift)
    } else {
      right.shiftLeft(by: -shift)
    }
    return BigNatural.compare(left, right)
  }
}
