/// The shortest decimal that reads back as a given binary number, and among those
/// the nearest to it: `significand * 10^exponent`, not normalised.
///
/// The method is Schubfach (R. Giulietti): of all decimals in the interval that
/// rounds to the number, the shortest lie on one of two grids, and four candidates
/// scaled by one 128-bit power of ten decide.
struct ShortestDecimal {
  var significand: UInt64
  var exponent: Int

  /// The shortest decimal of a finite number other than zero, given by its encoding
  /// without the sign.
  @inline(__always)
  init<Number: BinaryFormat>(_ type: Number.Type, encoding: UInt64) {
    let (significand, unitExponent) = Number.decoded(encoding)
    // At a power of two the neighbour below is half as far as the one above.
    let isIrregular =
      significand == 1 << UInt64(Number.precision &- 1)
      && unitExponent > Number.exponentBounds.lowerBound &- (Number.precision &- 1)
    // Ties round to even, so the bounds belong to an even number's interval.
    let exclusion = significand & 1

    let exponent =
      isIrregular
      ? Self.floorLog10ThreeQuartersPowerOfTwo(unitExponent)
      : Self.floorLog10PowerOfTwo(unitExponent)
    let power = Self.roundedUpPower(0 &- exponent)
    let shift = UInt64(unitExponent &+ PowersOfFive.floorLog2PowerOfTen(0 &- exponent) &+ 1)

    // All in quarters of the finer grid's step.
    let value = 4 &* significand
    let below = value &- (isIrregular ? 1 : 2)
    let lower = Self.scaled(below << shift, by: power) &+ exclusion
    let middle = Self.scaled(value << shift, by: power)
    let upper = Self.scaled((value &+ 2) << shift, by: power) &- exclusion

    let fine = middle / 4
    if fine >= 10 {
      let coarse = fine / 10
      let isFloorInside = lower <= 40 &* coarse
      let isCeilingInside = 40 &* coarse &+ 40 <= upper
      if isFloorInside != isCeilingInside {
        self.significand = coarse &+ (isCeilingInside ? 1 : 0)
        self.exponent = exponent &+ 1
        return
      }
    }

    let isFloorInside = lower <= 4 &* fine
    let isCeilingInside = 4 &* fine &+ 4 <= upper
    let roundsUp: Bool
    if isFloorInside != isCeilingInside {
      roundsUp = isCeilingInside
    } else {
      let half = 4 &* fine &+ 2
      roundsUp = middle > half || (middle == half && fine & 1 == 1)
    }
    self.significand = fine &+ (roundsUp ? 1 : 0)
    self.exponent = exponent
  }

  /// The least 128-bit number not below 10^exponent, scaled to its top bit.
  @inline(__always)
  private static func roundedUpPower(_ exponent: Int) -> (high: UInt64, low: UInt64) {
    let (high, low) = PowersOfFive.entry(exponent)
    guard !PowersOfFive.exactExponents.contains(exponent) else { return (high, low) }
    let (sum, carry) = low.addingReportingOverflow(1)
    return (high &+ (carry ? 1 : 0), sum)
  }

  /// The top 64 of the 192 bits of `factor * power`, the lowest of them set if any
  /// bit below is ("round to odd"), which keeps comparisons with even numbers exact.
  @inline(__always)
  private static func scaled(
    _ factor: UInt64, by power: (high: UInt64, low: UInt64)
  ) -> UInt64 {
    let lowProduct = power.low.multipliedFullWidth(by: factor)
    let highProduct = power.high.multipliedFullWidth(by: factor)
    let (middle, carry) = highProduct.low.addingReportingOverflow(lowProduct.high)
    let top = highProduct.high &+ (carry ? 1 : 0)
    // The power is rounded up by less than one, so a single unit says nothing.
    return top | (middle > 1 ? 1 : 0)
  }

  @inline(__always)
  private static func floorLog10PowerOfTwo(_ exponent: Int) -> Int {
    (exponent &* 1_262_611) >> 22
  }

  @inline(__always)
  private static func floorLog10ThreeQuartersPowerOfTwo(_ exponent: Int) -> Int {
    (exponent &* 1_262_611 &- 524_031) >> 22
  }
}
