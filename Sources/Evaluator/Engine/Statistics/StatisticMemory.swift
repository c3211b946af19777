import TreeIR

/// What is known of some rows while their statistics are made: one column each, in the scratch
/// memory of a workspace.
struct StatisticMemory {
  /// By category column, whether a row has a number there that is no category.
  let isInvalid: UnsafeMutablePointer<Bool>
  /// The hashes of combinations.
  let keys: UnsafeMutablePointer<UInt64>
  /// Where the combinations are in a table; −1 where they are not.
  let buckets: UnsafeMutablePointer<Int>
  let goods: UnsafeMutablePointer<Float>
  let totals: UnsafeMutablePointer<Float>
  /// By category column, what a row's category adds to a hash.
  private let categories: UnsafeMutablePointer<UInt64>
  private let rowCount: Int
  private let owner: ScratchBuffer

  private static let multiplier = CategoryStatistic.hashMultiplier

  init(categories count: Int, rows: Int, _ scratch: inout EngineScratch) {
    // All parts are of whole words, but the last.
    let words = (count + 3) * rows
    owner = scratch.memory(byteCount: words * 8 + count)
    rowCount = rows
    categories = owner.base.assumingMemoryBound(to: UInt64.self)
    keys = categories + count * rows
    buckets = UnsafeMutableRawPointer(keys + rows).assumingMemoryBound(to: Int.self)
    goods = UnsafeMutableRawPointer(buckets + rows).assumingMemoryBound(to: Float.self)
    totals = goods + rows
    isInvalid = UnsafeMutableRawPointer(totals + rows).assumingMemoryBound(to: Bool.self)
  }

  /// Keeps the memory until here.
  func end() { withExtendedLifetime(owner) {} }

  // MARK: Hashes

  /// Takes `count` rows of a category column, which lie at `values`.
  func putCategories(_ values: UnsafePointer<Double>, _ number: Int, _ count: Int) {
    // Added to a whole number of 32 bits, it leaves the number in the trailing bits.
    let shift = 6_755_399_441_055_744.0
    let output = categories + number * rowCount
    var isInvalid = false
    for row in 0..<count {
      let value = values[row]
      let category = Int32(truncatingIfNeeded: Int64(bitPattern: (value + shift).bitPattern))
      isInvalid = isInvalid || Double(category) != value
      output[row] = Self.multiplier &* UInt64(bitPattern: Int64(category))
    }
    self.isInvalid[number] = isInvalid
  }

  /// Takes an element of a combination into the hashes of `rows`.
  func combineKeys(
    with element: StatisticPlan.Element, _ block: ColumnBlock, _ rows: Range<Int>
  ) {
    let count = rows.count
    switch element {
    case .category(let number):
      let added = categories + number * rowCount
      combineKeys(count) { added[$0] }
    case .floatSplit(let column, let border, let missingHolds):
      let values = block[column] + rows.lowerBound
      if missingHolds {
        // Written so that it holds for NaN.
        combineKeys(count) { Float(values[$0]) <= border ? 0 : Self.multiplier }
      } else {
        combineKeys(count) { Float(values[$0]) > border ? Self.multiplier : 0 }
      }
    case .categoryTest(let column, let value):
      let values = block[column] + rows.lowerBound
      let value = Double(value)
      combineKeys(count) { values[$0] == value ? Self.multiplier : 0 }
    }
  }

  @inline(__always)
  private func combineKeys(_ count: Int, added: (Int) -> UInt64) {
    for row in 0..<count { keys[row] = Self.multiplier &* (keys[row] &+ added(row)) }
  }

  // MARK: Counts

  /// Writes the counts that are in the buckets of `count` rows.
  func putCounts(_ counts: StatisticPlan.Counts, _ table: StatisticTableView, _ count: Int) {
    let classCount = table.classCount
    switch counts.kind {
    case .borders:
      let first = counts.targetBorder + 1
      putSums(table.counts, classCount, count) { classes in
        var good: Int32 = 0
        for number in first..<max(classCount, first) { good &+= classes[number] }
        return Float(good)
      }
    case .buckets:
      putSums(table.counts, classCount, count) { Float($0[counts.targetBorder]) }
    case .counter:
      putSums(table.counts, classCount, count) { _ in 0 }
      goods.update(from: totals, count: count)
      totals.update(repeating: Float(table.counterDenominator), count: count)
    case .targetMean:
      putSums(table.counts, classCount, count) { _ in 0 }
      // The validator has seen that there are sums.
      guard let sums = table.sums else { return }
      for row in 0..<count { goods[row] = buckets[row] < 0 ? 0 : sums[buckets[row]] }
    }
  }

  /// Writes totals, and what `good` makes of a bucket's classes.
  @inline(__always)
  private func putSums(
    _ counts: UnsafePointer<Int32>, _ classCount: Int, _ count: Int,
    good: (UnsafePointer<Int32>) -> Float
  ) {
    @inline(__always)
    func loop(_ classCount: Int) {
      for row in 0..<count {
        let bucket = buckets[row]
        let classes = counts + max(bucket, 0) &* classCount
        // Counts of training rows; wrapping keeps a hostile file from trapping.
        var total = classes[0]
        for number in 1..<max(classCount, 1) { total &+= classes[number] }
        goods[row] = bucket < 0 ? 0 : good(classes)
        totals[row] = bucket < 0 ? 0 : Float(total)
      }
    }
    // A number that is known makes the loop over classes none.
    switch classCount {
    case 1: loop(1)
    case 2: loop(2)
    default: loop(classCount)
    }
  }
}
