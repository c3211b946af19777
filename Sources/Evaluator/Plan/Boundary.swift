import TreeIR

/// A comparison of order, put as `x > threshold` for the value as it comes: what happens to it
/// before it is compared, rounding to Float or flushing to zero, never makes a larger number
/// smaller, so it is worked into the threshold.
struct Boundary {
  /// The largest number that is not above; nil when every number is, −∞ too.
  var threshold: Double?
  /// Whether being above means to go left.
  var isReversed: Bool

  /// The boundary of a test; nil when its condition is none of order.
  init?(_ condition: SplitCondition, _ threshold: Double, _ profile: NumericProfile) {
    switch condition {
    case .lessOrEqual, .less: isReversed = false
    case .greater, .greaterOrEqual: isReversed = true
    case .equal, .notEqual, .inCategorySet, .notInCategorySet: return nil
    }
    let holdsAbove = isReversed
    self.threshold = Self.largest(near: threshold) { x in
      condition.holds(profile.prepared(x), threshold) != holdsAbove
    }
  }

  /// The largest number that satisfies `isBelow`, which no number does that is above one that
  /// does not; nil if there is none.
  private static func largest(near guess: Double, _ isBelow: (Double) -> Bool) -> Double? {
    // +0 where it would be −0, which compares alike and has other bits.
    if isBelow(guess) {
      if guess == .infinity || !isBelow(guess.nextUp) { return guess + 0 }
    } else if guess > -.infinity, isBelow(guess.nextDown) {
      return guess.nextDown + 0
    }
    guard isBelow(-.infinity) else { return nil }
    guard !isBelow(.infinity) else { return .infinity }
    var low = order(of: -.infinity)
    var high = order(of: .infinity)
    while low + 1 < high {
      // Half of each, because the distance of the two may be too large for an Int64.
      let middle = (low >> 1) + (high >> 1) + (low & high & 1)
      if isBelow(number(at: middle)) { low = middle } else { high = middle }
    }
    return number(at: low) + 0
  }

  /// The numbers in their order, as integers.
  private static func order(of x: Double) -> Int64 {
    let bits = Int64(bitPattern: x.bitPattern)
    return bits < 0 ? Int64.min - bits : bits
  }

  private static func number(at order: Int64) -> Double {
    order < 0
      ? Double(bitPattern: UInt64(bitPattern: Int64.min - order))
      : Double(bitPattern: UInt64(bitPattern: order))
  }
}
