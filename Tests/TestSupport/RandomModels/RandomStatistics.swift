import TreeIR

/// Random statistics of categories, several of each combination, and their tables.
struct RandomStatistics {
  /// What columns of hashed categories hold, for the most part.
  static let categories: [Int32] = [-7, -1, 0, 1, 2, .max]

  private let categorySlots: [Int]
  private let numbers: [Int]

  /// - Parameters:
  ///   - categorySlots: Slots of hashed categories; at least one.
  ///   - numbers: Slots of numbers that may be compared with borders.
  init(categorySlots: [Int], numbers: [Int]) {
    (self.categorySlots, self.numbers) = (categorySlots, numbers)
  }

  /// Adds some statistics of one combination, and returns their slots.
  func add(to builder: inout ModelBuilder, _ random: inout SeededGenerator) throws -> [Int] {
    let categories = (0..<random.int(0...3)).map { _ in random.pick(categorySlots) }
    let floatSplits = (0..<random.int(0...2)).compactMap { _ in
      numbers.isEmpty
        ? nil
        : CategoryStatistic.FloatSplit(
          slot: random.pick(numbers), border: Float(random.int(-2...40)),
          missingHolds: random.oneIn(2))
    }
    let testCount = categories.isEmpty && floatSplits.isEmpty ? 1 : random.int(0...1)
    let tests = (0..<testCount).map { _ in
      CategoryStatistic.CategoryTest(
        slot: random.pick(categorySlots), value: random.pick(Self.categories))
    }
    var slots: [Int] = []
    for _ in 0..<random.int(1...2) {
      let classCount = random.int(1...4)
      let table = builder.add(
        try table(
          categories.count, truths: floatSplits.count + tests.count, classCount, &random))
      for _ in 0..<random.int(1...5) {
        slots.append(
          builder.statistic(
            CategoryStatistic(
              random.pick(CategoryStatistic.Kind.allCases), table: table,
              categories: categories, floatSplits: floatSplits, categoryTests: tests,
              targetBorder: random.int(0...classCount - 1),
              priorNumerator: random.pick([0, 0.5, 1]), priorDenominator: random.pick([0, 1]),
              shift: random.pick([0, 0.1]), scale: random.pick([1, 15]), output: 0)))
      }
    }
    return slots
  }

  /// A table that knows about half of all combinations.
  private func table(
    _ categoryCount: Int, truths: Int, _ classCount: Int, _ random: inout SeededGenerator
  ) throws -> StatisticTable {
    var hashes: [UInt64] = [0]
    for _ in 0..<categoryCount {
      hashes = hashes.flatMap { hash in
        Self.categories.map { Self.combine(hash, UInt64(bitPattern: Int64($0))) }
      }
    }
    for _ in 0..<truths {
      hashes = hashes.flatMap { [Self.combine($0, 0), Self.combine($0, 1)] }
    }
    var seen: Set<UInt64> = []
    var known = hashes.filter { seen.insert($0).inserted && random.oneIn(2) }
    if known.isEmpty { known = [hashes[0]] }
    return try StatisticTable(
      records: known.map { key in
        let counts = (0..<classCount).map { _ in
          random.oneIn(50) ? Int32.max : Int32(random.int(0...40))
        }
        return (key: key, counts: counts, sum: Float.random(in: -9...9, using: &random))
      }, classCount: classCount, counterDenominator: Int32(random.int(0...500)))
  }

  private static func combine(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    let multiplier: UInt64 = 0x4906_BA49_4954_CB65
    return multiplier &* (hash &+ multiplier &* value)
  }
}
