/// Eight planes, or eight runs of bytes.
struct PlaneOctet<P: Plane> {
  var p0: P
  var p1: P
  var p2: P
  var p3: P
  var p4: P
  var p5: P
  var p6: P
  var p7: P

  /// Loads eight runs of bytes that lie one after the other.
  @inline(__always)
  init(bytes: UnsafeRawPointer) {
    let runs = bytes.assumingMemoryBound(to: P.self)
    (p0, p1, p2, p3) = (runs[0], runs[1], runs[2], runs[3])
    (p4, p5, p6, p7) = (runs[4], runs[5], runs[6], runs[7])
  }

  /// Loads the planes with the numbers at `numbers`.
  @inline(__always)
  init(_ planes: UnsafePointer<P>, _ numbers: UnsafePointer<UInt16>) {
    (p0, p1) = (planes[Int(numbers[0])], planes[Int(numbers[1])])
    (p2, p3) = (planes[Int(numbers[2])], planes[Int(numbers[3])])
    (p4, p5) = (planes[Int(numbers[4])], planes[Int(numbers[5])])
    (p6, p7) = (planes[Int(numbers[6])], planes[Int(numbers[7])])
  }

  @inline(__always)
  func store(to bytes: UnsafeMutableRawPointer) {
    let runs = bytes.assumingMemoryBound(to: P.self)
    (runs[0], runs[1], runs[2], runs[3]) = (p0, p1, p2, p3)
    (runs[4], runs[5], runs[6], runs[7]) = (p4, p5, p6, p7)
  }

  /// Makes bit i of byte b in run k what bit k of byte b in run i was: runs of bytes, one a row,
  /// become planes, and planes become bytes. Row `i · byteCount + b` has bit i of byte b in every
  /// plane.
  @inline(__always)
  mutating func transpose() {
    let quarters: UInt64 = 0x0F0F_0F0F_0F0F_0F0F
    Self.swap(&p0, &p4, 4, quarters)
    Self.swap(&p1, &p5, 4, quarters)
    Self.swap(&p2, &p6, 4, quarters)
    Self.swap(&p3, &p7, 4, quarters)
    let pairs: UInt64 = 0x3333_3333_3333_3333
    Self.swap(&p0, &p2, 2, pairs)
    Self.swap(&p1, &p3, 2, pairs)
    Self.swap(&p4, &p6, 2, pairs)
    Self.swap(&p5, &p7, 2, pairs)
    let singles: UInt64 = 0x5555_5555_5555_5555
    Self.swap(&p0, &p1, 1, singles)
    Self.swap(&p2, &p3, 1, singles)
    Self.swap(&p4, &p5, 1, singles)
    Self.swap(&p6, &p7, 1, singles)
  }

  /// Exchanges the bits of `low` that lie `distance` above `mask` with those of `high` in `mask`.
  @inline(__always)
  private static func swap(_ low: inout P, _ high: inout P, _ distance: UInt64, _ mask: UInt64) {
    let difference = (low.shiftedRight(distance) ^ high) & P.repeating(mask)
    high = high ^ difference
    low = low ^ difference.shiftedLeft(distance)
  }
}
