/// How many representable numbers lie between two: 0 for equal bits, 1 for neighbours.
///
/// −0.0 and +0.0 are one step apart; all NaNs are equal, and as far as possible from every
/// number.
public func ulpDistance(_ left: Double, _ right: Double) -> UInt64 {
  if left.isNaN || right.isNaN { return left.isNaN && right.isNaN ? 0 : .max }
  let a = ordered(left.bitPattern)
  let b = ordered(right.bitPattern)
  return a > b ? a - b : b - a
}

/// Maps bit patterns to integers in the order of the numbers.
private func ordered(_ bits: UInt64) -> UInt64 {
  bits >> 63 == 0 ? bits | 1 << 63 : ~bits
}
