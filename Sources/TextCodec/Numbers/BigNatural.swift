/// A natural number of any size: only the operations that exact rounding of
/// decimal text and the table of powers need.
struct BigNatural {
  /// Base 2^64 digits, the lowest first, without leading zeros (zero is empty).
  private var limbs: [UInt64]

  init(_ value: UInt64) {
    limbs = value == 0 ? [] : [value]
  }

  mutating func multiply(by factor: UInt64, adding summand: UInt64 = 0) {
    var carry = summand
    for index in limbs.indices {
      let product = limbs[index].multipliedFullWidth(by: factor)
      let (low, overflow) = product.low.addingReportingOverflow(carry)
      limbs[index] = low
      carry = product.high &+ (overflow ? 1 : 0)
    }
    if carry != 0 { limbs.append(carry) }
  }

  mutating func multiply(byPowerOfFive exponent: Int) {
    // 5^27 is the largest power of five in a limb.
    var rest = exponent
    while rest >= 27 {
      multiply(by: 7_450_580_596_923_828_125)
      rest -= 27
    }
    var factor: UInt64 = 1
    for _ in 0..<rest { factor *= 5 }
    multiply(by: factor)
  }

  mutating func shiftLeft(by count: Int) {
    guard !limbs.isEmpty else { return }
    let bits = count % 64
    if bits > 0 {
      var carry: UInt64 = 0
      for index in limbs.indices {
        let limb = limbs[index]
        limbs[index] = limb << bits | carry
        carry = limb >> (64 - bits)
      }
      if carry != 0 { limbs.append(carry) }
    }
    limbs.insert(contentsOf: repeatElement(0, count: count / 64), at: 0)
  }

  /// Divides by a divisor other than zero and drops the remainder.
  mutating func divide(by divisor: UInt64) {
    var remainder: UInt64 = 0
    for index in limbs.indices.reversed() {
      (limbs[index], remainder) = divisor.dividingFullWidth((remainder, limbs[index]))
    }
    while limbs.last == 0 { limbs.removeLast() }
  }

  /// The 128 bits from the highest set one down; zeros follow where there are fewer.
  var leading128Bits: (high: UInt64, low: UInt64) {
    func limb(_ fromTop: Int) -> UInt64 {
      limbs.count > fromTop ? limbs[limbs.count - 1 - fromTop] : 0
    }
    let shift = limb(0).leadingZeroBitCount
    // `&>>` by 64 would be a shift by 0, smart shifts give 0 there.
    return (
      limb(0) << shift | limb(1) >> (64 - shift),
      limb(1) << shift | limb(2) >> (64 - shift)
    )
  }

  static func compare(_ left: BigNatural, _ right: BigNatural) -> Ordering {
    if left.limbs.count != right.limbs.count {
      return left.limbs.count < right.limbs.count ? .less : .greater
    }
    for index in left.limbs.indices.reversed() where left.limbs[index] != right.limbs[index] {
      return left.limbs[index] < right.limbs[index] ? .less : .greater
    }
    return .equal
  }

  enum Ordering {
    case less, equal, greater
  }
}
