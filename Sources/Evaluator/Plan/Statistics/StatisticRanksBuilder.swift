import KernelViews
import TreeIR

/// Makes the tables of ``StatisticRanks``.
///
/// Most combinations are of one category with tests. CatBoost's hash of such a combination can be
/// taken back, for each answer to the tests, to the one category that gives it: thus the tables
/// themselves tell which categories they know. These get codes, and a code with the bits of the
/// tests is the number of the combination. Other combinations are looked up by their hash; their
/// number is the bucket.
struct StatisticRanksBuilder {
  private(set) var inputs: [Int32] = []
  private(set) var tests: [StatisticTest] = []
  private(set) var codeColumns: [CategoryCodeColumn] = []
  private(set) var entries: [UInt64] = []
  private(set) var hashedInputs: [Int32] = []
  private(set) var combinations: [StatisticCombination] = []
  private(set) var categoryList: [Int32] = []
  private(set) var testList: [Int32] = []
  private(set) var lookups: [StatisticLookup] = []
  private(set) var targets: [StatisticTarget] = []
  private(set) var ranks: [UInt8] = []

  private let plan: StatisticPlan
  private let columns: [ThresholdColumn]
  /// The byte columns of a slot.
  private var columnsOfSlot: [Int: [Int]] = [:]
  private var inputOfSlot: [Int: Int32] = [:]
  private var testOfElement: [StatisticPlan.Element: Int32] = [:]
  private var hashedOfSlot: [Int: Int32] = [:]
  private var scratch = EngineScratch()

  /// Tests that a combination with a code has at most: a hash is taken back for every answer.
  private static let mostTests = 5

  /// - Returns: nil where a table, or all of them, are too large.
  init?(_ plan: StatisticPlan, _ columns: [ThresholdColumn], from first: Int, limit: Int) {
    self.plan = plan
    self.columns = columns
    for number in first..<columns.count {
      columnsOfSlot[columns[number].slot, default: []].append(number)
    }
    let largest = plan.lookups.reduce(0) { max($0, $1.table.bucketCount) }
    guard largest <= 1 << 28 else { return nil }
    let codes = makeCodes()
    for projection in plan.projections {
      addCombination(projection, codes)
      guard byteCount <= limit else { return nil }
    }
  }

  var byteCount: Int { ranks.count + entries.count * 8 + lookups.count * 24 + targets.count * 16 }

  // MARK: Codes

  /// What gives a column of categories codes.
  private struct ColumnCodes {
    var column: Int32
    var codes: CategoryCodes
  }

  /// The codes of every column of categories, by its number in the plan.
  private mutating func makeCodes() -> [Int: ColumnCodes] {
    var all: [Int: CategoryCodes] = [:]
    for projection in plan.projections {
      guard let (category, testCount) = codable(projection) else { continue }
      var codes = all.removeValue(forKey: category) ?? CategoryCodes()
      for lookup in projection.lookups {
        let table = plan.lookups[lookup].table
        Self.forCategories(in: table, testCount) { bucket, category, _ in
          codes.note(category, times: Self.total(table, bucket))
        }
      }
      all[category] = codes
    }
    var result: [Int: ColumnCodes] = [:]
    for (category, codes) in all.sorted(by: { $0.key < $1.key }) {
      var codes = codes
      codes.sortByFrequency()
      codeColumns.append(
        CategoryCodeColumn(
          input: input(ofSlot: plan.categoryColumns[category]), bits: codes.bits,
          firstEntry: entries.count))
      entries += codes.entries
      result[category] = ColumnCodes(column: Int32(codeColumns.count - 1), codes: codes)
    }
    return result
  }

  /// The category of a combination that may have a code, and the number of its tests.
  private func codable(_ projection: StatisticPlan.Projection) -> (category: Int, tests: Int)? {
    let elements = plan.elements[projection.elements]
    guard let first = elements.first, case .category(let category) = first,
      elements.count - 1 <= Self.mostTests
    else { return nil }
    for element in elements.dropFirst() {
      if case .category = element { return nil }
    }
    return (category, elements.count - 1)
  }

  /// Calls `body` with every bucket of `table`, and the category and the answers to the tests, the
  /// first the highest bit, that lead there.
  @inline(__always)
  private static func forCategories(
    in table: StatisticTableView, _ testCount: Int,
    _ body: (_ bucket: Int, _ category: Int32, _ answers: Int) -> Void
  ) {
    let multiplier = CategoryStatistic.hashMultiplier
    // Of an odd number, each step doubles the bits that are right.
    var inverse = multiplier
    for _ in 0..<5 { inverse = inverse &* (2 &- multiplier &* inverse) }
    for bucket in 0..<table.bucketCount where table.keys[bucket] != StatisticTable.emptyKey {
      for answers in 0..<1 << testCount {
        var hash = table.keys[bucket]
        for test in 0..<testCount {
          hash = hash &* inverse &- (answers >> test & 1 == 1 ? multiplier : 0)
        }
        let category = Int64(bitPattern: hash &* inverse &* inverse)
        if let category = Int32(exactly: category) { body(bucket, category, answers) }
      }
    }
  }

  private static func total(_ table: StatisticTableView, _ bucket: Int) -> UInt32 {
    var total: Int32 = 0
    for number in 0..<table.classCount {
      total &+= table.counts[bucket * table.classCount + number]
    }
    return UInt32(max(total, 0))
  }

  // MARK: Combinations

  private mutating func addCombination(
    _ projection: StatisticPlan.Projection, _ codes: [Int: ColumnCodes]
  ) {
    var combination = StatisticCombination(codes: -1)
    let elements = plan.elements[projection.elements]
    combination.firstTest = Int32(testList.count)
    for element in elements {
      if let test = test(element) { testList.append(test) }
    }
    combination.endTest = Int32(testList.count)
    let column = columnCodes(projection, codes)
    combination.firstCategory = Int32(categoryList.count)
    if let column {
      combination.codes = column.column
    } else {
      for case .category(let number) in elements {
        categoryList.append(hashed(slot: plan.categoryColumns[number]))
      }
    }
    combination.endCategory = Int32(categoryList.count)
    combination.firstLookup = Int32(lookups.count)
    for lookup in projection.lookups {
      let lookup = plan.lookups[lookup]
      let buckets: [Int32]? = column.map { column in
        bucketNumbers(lookup.table, column, tests: elements.count - 1)
      }
      let firstTarget = targets.count
      for number in lookup.counts { addTargets(plan.counts[number], lookup.table, buckets) }
      lookups.append(
        StatisticLookup(
          keys: lookup.table.keys, bits: Int32(lookup.table.bucketCount.trailingZeroBitCount),
          firstTarget: Int32(firstTarget), endTarget: Int32(targets.count)))
    }
    combination.endLookup = Int32(lookups.count)
    combinations.append(combination)
  }

  /// The codes by which the rows of a combination are numbered; nil where there would be many
  /// more numbers than buckets.
  private func columnCodes(
    _ projection: StatisticPlan.Projection, _ codes: [Int: ColumnCodes]
  ) -> ColumnCodes? {
    guard let (category, tests) = codable(projection), let column = codes[category] else {
      return nil
    }
    let numbers = (column.codes.count + 1) << tests
    let buckets = projection.lookups.reduce(0) { $0 + plan.lookups[$1].table.bucketCount }
    return numbers <= 4096 + 16 * buckets ? column : nil
  }

  /// By number of a combination, the bucket that it is found in and 1, or 0.
  private func bucketNumbers(
    _ table: StatisticTableView, _ column: ColumnCodes, tests: Int
  ) -> [Int32] {
    var buckets = [Int32](repeating: 0, count: (column.codes.count + 1) << tests)
    Self.forCategories(in: table, tests) { bucket, category, answers in
      let code = column.codes.code(of: category)
      if code > 0 { buckets[code << tests | answers] = Int32(bucket + 1) }
    }
    return buckets
  }

  /// The ranks of all statistics that are made of `counts`.
  ///
  /// - Parameter buckets: By number of the combination; nil where that is the bucket and 1.
  private mutating func addTargets(
    _ counts: StatisticPlan.Counts, _ table: StatisticTableView, _ buckets: [Int32]?
  ) {
    let made = plan.terms[counts.terms].flatMap { term in
      (columnsOfSlot[term.output] ?? []).map { (term: term, column: $0) }
    }
    var found = made.map { _ in [UInt8](repeating: 0, count: table.bucketCount + 1) }
    for first in stride(from: 0, to: table.bucketCount + 1, by: Self.bucketsAtATime) {
      let count = min(Self.bucketsAtATime, table.bucketCount + 1 - first)
      let memory = StatisticMemory(categories: 0, rows: count, &scratch)
      for place in 0..<count { memory.buckets[place] = first + place - 1 }
      memory.putCounts(counts, table, count)
      for (position, target) in made.enumerated() {
        let column = columns[target.column]
        column.thresholds.withUnsafeBufferPointer { thresholds in
          found[position].withUnsafeMutableBufferPointer { ranks in
            for place in 0..<count {
              let value = target.term.value(memory.goods[place], memory.totals[place])
              ranks[first + place] = column.rank(of: value, thresholds)
            }
          }
        }
      }
      memory.end()
    }
    for (target, found) in zip(made, found) {
      targets.append(StatisticTarget(firstRank: ranks.count, column: Int32(target.column)))
      if let buckets {
        ranks += buckets.lazy.map { found[Int($0)] }
      } else {
        ranks += found
      }
    }
  }

  /// Buckets whose statistics are computed together: so many stay in the first-level cache.
  private static let bucketsAtATime = 1024

  // MARK: Inputs

  private mutating func input(ofSlot slot: Int) -> Int32 {
    if let input = inputOfSlot[slot] { return input }
    inputs.append(Int32(slot))
    inputOfSlot[slot] = Int32(inputs.count - 1)
    return Int32(inputs.count - 1)
  }

  private mutating func hashed(slot: Int) -> Int32 {
    if let number = hashedOfSlot[slot] { return number }
    hashedInputs.append(input(ofSlot: slot))
    hashedOfSlot[slot] = Int32(hashedInputs.count - 1)
    return Int32(hashedInputs.count - 1)
  }

  /// The number of a test; nil for a category.
  private mutating func test(_ element: StatisticPlan.Element) -> Int32? {
    if let number = testOfElement[element] { return number }
    let test: StatisticTest
    switch element {
    case .category: return nil
    case .floatSplit(let slot, let border, let missingHolds):
      test = StatisticTest(
        kind: missingHolds ? .aboveOrMissing : .above, input: input(ofSlot: slot), border: border,
        operand: 0)
    case .categoryTest(let slot, let value):
      test = StatisticTest(
        kind: .equal, input: input(ofSlot: slot), border: 0, operand: Double(value))
    }
    tests.append(test)
    testOfElement[element] = Int32(tests.count - 1)
    return Int32(tests.count - 1)
  }
}

extension ThresholdColumn {
  /// The rank of a value among the column's thresholds, as the quantiser has it.
  @inline(__always)
  fileprivate func rank(
    of value: Double, _ thresholds: UnsafeBufferPointer<Double>
  ) -> UInt8 {
    guard value.magnitude > missingMagnitude else { return UInt8(missingRank) }
    var (low, high) = (0, thresholds.count)
    while low < high {
      let middle = (low + high) / 2
      if thresholds[middle] < value { low = middle + 1 } else { high = middle }
    }
    return UInt8(low)
  }
}
