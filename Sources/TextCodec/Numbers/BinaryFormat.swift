/// What decimal conversion must know of an IEEE 754 binary format.
protocol BinaryFormat: BinaryFloatingPoint {
  /// Significand bits, with the implicit one: 53 or 24.
  static var precision: Int { get }
  /// The exponent of the least and the greatest normal number's leading bit.
  static var exponentBounds: ClosedRange<Int> { get }
  /// Decimal exponents `q` outside of which `w * 10^q`, `1 <= w < 10^19`, is
  /// certainly zero or infinite after rounding.
  static var decimalExponents: ClosedRange<Int> { get }
  /// The powers of ten that the format holds exactly, from 10^0.
  static var exactPowersOfTen: [Self] { get }
  /// The number whose encoding is `bits`, zero-extended. Bits beyond the width are ignored.
  init(encoding bits: UInt64)
}

extension Double: BinaryFormat {
  static let precision = 53
  static let exponentBounds = -1022...1023
  static let decimalExponents = -342...308
  static let exactPowersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  @inline(__always)
  init(encoding bits: UInt64) { self.init(bitPattern: bits) }
}

extension Float: BinaryFormat {
  static let precision = 24
  static let exponentBounds = -126...127
  static let decimalExponents = -64...38
  static let exactPowersOfTen: [Float] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
  ]

  @inline(__always)
  init(encoding bits: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: bits)) }
}

extension BinaryFormat {
  /// The encoding of positive infinity, which follows that of the greatest number.
  @inline(__always)
  static var infinityEncoding: UInt64 {
    UInt64(2 &* exponentBounds.upperBound &+ 1) << UInt64(precision &- 1)
  }

  /// The encoding of `significand * 2^(exponent - precision + 1)`, where a
  /// significand below `2^(precision - 1)` goes with the least exponent only.
  /// Adding one to an encoding gives the next number's, up to infinity.
  @inline(__always)
  static func encoding(significand: UInt64, exponent: Int) -> UInt64 {
    let biased = UInt64(truncatingIfNeeded: exponent &- exponentBounds.lowerBound)
    return (biased << UInt64(precision &- 1)) &+ significand
  }

  /// The inverse of ``encoding(significand:exponent:)`` for finite numbers, with
  /// the exponent of the significand's lowest bit.
  @inline(__always)
  static func decoded(_ encoding: UInt64) -> (significand: UInt64, unitExponent: Int) {
    let implicitBit = UInt64(1) << UInt64(precision &- 1)
    let fraction = encoding & (implicitBit &- 1)
    let biased = Int(encoding >> UInt64(precision &- 1))
    return (
      biased == 0 ? fraction : fraction | implicitBit,
      exponentBounds.lowerBound &- (precision &- 1) &+ max(biased &- 1, 0)
    )
  }
}
