import TreeIR

/// Statistics of categories whose operands are all there at once, arranged so that nothing is
/// done twice: elements become a combination's hash, a hash a bucket of a table, a bucket counts,
/// and counts statistics, one or more of each.
final class StatisticPlan: Sendable {
  /// What a combination is made of.
  enum Element: Hashable, Sendable {
    /// One of ``StatisticPlan/categoryColumns``.
    case category(Int)
    /// Whether a number, as a Float, is above the border.
    case floatSplit(column: Int, border: Float, missingHolds: Bool)
    case categoryTest(column: Int, value: Int32)
  }

  /// A combination.
  struct Projection: Sendable {
    /// A range of ``StatisticPlan/elements``.
    var elements: Range<Int>
    /// The tables that it is looked up in: a range of ``lookups``.
    var lookups: Range<Int>
  }

  struct Lookup: Sendable {
    /// Valid as long as the plan lives, which has ``tables``.
    var table: StatisticTableView
    /// A range of ``StatisticPlan/counts``.
    var counts: Range<Int>
  }

  /// What is counted as good and as total.
  struct Counts: Sendable {
    var kind: CategoryStatistic.Kind
    var targetBorder: Int
    /// What is made of it: a range of ``terms``.
    var terms: Range<Int>
  }

  /// The arithmetic of a statistic, and the column for it.
  struct Term: Sendable {
    var priorNumerator: Float
    var priorDenominator: Float
    var shift: Float
    var scale: Float
    var output: Int

    /// As `CategoryStatistic.value` has it.
    @inline(__always)
    func value(_ good: Float, _ total: Float) -> Double {
      Double(((good + priorNumerator) / (total + priorDenominator) + shift) * scale)
    }
  }

  let categoryColumns: [Int]
  let projections: [Projection]
  let elements: [Element]
  let lookups: [Lookup]
  /// What lookups are made in: kept for as long as the plan lives.
  private let tables: [StatisticTable]
  let counts: [Counts]
  let terms: [Term]
  /// Results that are missing unless a guard is 1.
  let guarded: [(output: Int, guardColumn: Int)]

  /// - Parameters:
  ///   - operations: Statistics, whatever their guards; others are left out.
  ///   - column: The column of a slot.
  init(_ operations: [Operation], of model: TreeModel, column: (Int) -> Int) {
    let statistics = operations.compactMap { operation in
      if case .categoryStatistic(let statistic) = operation.kind { statistic } else { nil }
    }
    let categorySlots = Set(statistics.flatMap(\.categories)).sorted()
    let categoryNumbers = Dictionary(
      uniqueKeysWithValues: categorySlots.enumerated().map { ($0.element, $0.offset) })
    let combinations = statistics.map { Self.elements(of: $0, categoryNumbers, column) }
    var projections: [Projection] = []
    var elements: [Element] = []
    var lookups: [Lookup] = []
    var tables: [StatisticTable] = []
    var counts: [Counts] = []
    var terms: [Term] = []
    for (combination, members) in Groups(of: statistics.indices, by: { combinations[$0] }).all {
      let firstLookup = lookups.count
      for (table, members) in Groups(of: members, by: { statistics[$0].table }).all {
        let firstCounts = counts.count
        for (key, members) in Groups(of: members, by: { CountKey(statistics[$0]) }).all {
          terms += members.map { Term(statistics[$0], column) }
          counts.append(
            Counts(
              kind: key.kind, targetBorder: key.targetBorder,
              terms: terms.count - members.count..<terms.count))
        }
        tables.append(model.statisticTables[table])
        lookups.append(
          Lookup(
            table: StatisticTableView(model.statisticTables[table]),
            counts: firstCounts..<counts.count))
      }
      elements += combination
      projections.append(
        Projection(
          elements: elements.count - combination.count..<elements.count,
          lookups: firstLookup..<lookups.count))
    }
    categoryColumns = categorySlots.map(column)
    (self.projections, self.elements) = (projections, elements)
    (self.lookups, self.tables, self.counts, self.terms) = (lookups, tables, counts, terms)
    guarded = operations.compactMap { operation in
      operation.guardSlot.map {
        (column(operation.results.lowerBound), column($0))
      }
    }
  }

  private static func elements(
    of statistic: CategoryStatistic, _ categoryNumbers: [Int: Int], _ column: (Int) -> Int
  ) -> [Element] {
    statistic.categories.compactMap { categoryNumbers[$0].map { .category($0) } }
      + statistic.floatSplits.map {
        .floatSplit(
          column: column($0.slot), border: $0.border, missingHolds: $0.missingHolds)
      }
      + statistic.categoryTests.map {
        .categoryTest(column: column($0.slot), value: $0.value)
      }
  }
}

extension StatisticPlan.Term {
  init(_ statistic: CategoryStatistic, _ column: (Int) -> Int) {
    self.init(
      priorNumerator: statistic.priorNumerator, priorDenominator: statistic.priorDenominator,
      shift: statistic.shift, scale: statistic.scale, output: column(statistic.output))
  }
}

/// What tells apart the counts that statistics take from one bucket.
private struct CountKey: Hashable {
  var kind: CategoryStatistic.Kind
  var targetBorder: Int

  init(_ statistic: CategoryStatistic) {
    kind = statistic.kind
    // Only these look at classes.
    let namesClass = kind == .borders || kind == .buckets
    targetBorder = namesClass ? statistic.targetBorder : 0
  }
}

/// Members by key, in the order in which keys come first.
private struct Groups<Key: Hashable> {
  private(set) var all: [(key: Key, members: [Int])] = []

  init(of members: some Sequence<Int>, by key: (Int) -> Key) {
    var places: [Key: Int] = [:]
    for member in members {
      let key = key(member)
      if let place = places[key] {
        all[place].members.append(member)
      } else {
        places[key] = all.count
        all.append((key, [member]))
      }
    }
  }
}
