import TreeIR

/// The tests that the splits of some trees make, each once: trees of one ensemble share most of
/// theirs.
struct DistinctTests {
  /// Every test, in the order of its first appearance.
  private(set) var tests: [Split] = []
  /// The test of every split, from the first split of the first tree on.
  private(set) var testOfSplit: [UInt32] = []

  /// Hash table of positions in `tests`, in open addressing; its size is a power of two.
  private var buckets: [UInt32]
  private static let empty = UInt32.max

  init() {
    buckets = [UInt32](repeating: Self.empty, count: 1024)
  }

  /// Adds the splits `range` of `ensemble`.
  ///
  /// - Returns: false if one of them has no meaning, which the validator excludes.
  mutating func add(_ range: Range<Int>, of ensemble: Ensemble) -> Bool {
    testOfSplit.reserveCapacity(testOfSplit.count + range.count)
    for index in range {
      guard var split = ensemble.splits[index] else { return false }
      // The gain is no part of the test.
      split.gain = 0
      testOfSplit.append(number(of: split))
    }
    return true
  }

  /// Takes back what was added after there were `testCount` tests and `splitCount` splits.
  mutating func truncate(testCount: Int, splitCount: Int) {
    tests.removeLast(tests.count - testCount)
    testOfSplit.removeLast(testOfSplit.count - splitCount)
    rebuild(size: buckets.count)
  }

  private mutating func number(of split: Split) -> UInt32 {
    let mask = buckets.count - 1
    var bucket = Self.hash(split) & mask
    while buckets[bucket] != Self.empty {
      if tests[Int(buckets[bucket])] == split { return buckets[bucket] }
      bucket = (bucket + 1) & mask
    }
    let number = UInt32(tests.count)
    buckets[bucket] = number
    tests.append(split)
    if tests.count * 2 > buckets.count { rebuild(size: buckets.count * 2) }
    return number
  }

  private mutating func rebuild(size: Int) {
    buckets = [UInt32](repeating: Self.empty, count: size)
    for (number, test) in tests.enumerated() {
      var bucket = Self.hash(test) & (size - 1)
      while buckets[bucket] != Self.empty { bucket = (bucket + 1) & (size - 1) }
      buckets[bucket] = UInt32(number)
    }
  }

  private static func hash(_ split: Split) -> Int {
    let operand: UInt64 =
      switch split.operand {
      case .threshold(let threshold): threshold.bitPattern
      case .categorySet(let set): UInt64(set)
      }
    let codes = UInt64(split.condition.rawValue) << 8 | UInt64(split.missing.rawValue)
    var hash = (operand ^ UInt64(split.slot) << 20 ^ codes) &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 29
    hash = hash &* 0xBF58_476D_1CE4_E5B9
    return Int(truncatingIfNeeded: hash >> 32)
  }
}
