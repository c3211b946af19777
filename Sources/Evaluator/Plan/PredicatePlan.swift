import TreeIR

/// What some trees ask of a row, as predicates: a bit each, that is 1 for a row that goes right
/// (or left, where the predicate is reversed).
///
/// Comparisons are sorted into columns of at most 255 thresholds, so that a value becomes one
/// byte, its rank; tests of categories and of equality into columns of classes.
struct PredicatePlan {
  /// Where the predicate of a test is found.
  enum Place: Equatable {
    /// Every row satisfies it.
    case always
    /// The rank in a threshold column is above `threshold`, where a missing value is taken as
    /// `missing` says.
    case threshold(column: Int, threshold: Int, missing: Variant)
    /// A missing value alone falsifies it, in a threshold column.
    case present(column: Int)
    /// A bit of a class column.
    case classBit(column: Int, bit: Int)
  }

  /// How a missing value counts for a predicate of a threshold column.
  enum Variant: Equatable {
    /// As the column's missing rank says.
    case ranked
    /// As above, though the rank is not.
    case raised
    /// As not above, though the rank is.
    case lowered
  }

  /// The predicate of a test.
  struct Predicate {
    var place: Place
    /// Whether a row that satisfies it goes left.
    var isReversed: Bool
  }

  private(set) var thresholdColumns: [ThresholdColumn] = []
  private(set) var classColumns: [ClassColumnPlan] = []
  /// By number of the test in the ``DistinctTests``.
  private(set) var predicates: [Predicate]

  /// A comparison, and the test that it comes from.
  private struct Comparison {
    var threshold: Double?
    /// Whether a missing value counts as above.
    var missingIsAbove: Bool
    var test: Int
  }

  /// The values of a slot that are compared with each other: where 0 counts as missing, it does
  /// so for all of them.
  private struct Source: Hashable {
    var slot: Int
    var tinyIsMissing: Bool
  }

  /// - Returns: nil, with the reason, if categories have too large numbers.
  static func make(
    _ tests: [Split], of ensemble: Ensemble
  ) -> Result<PredicatePlan, EngineRefusal> {
    var plan = PredicatePlan(count: tests.count)
    var comparisons: [Source: [Comparison]] = [:]
    var classes: [ClassColumnPlan.Source: [(test: Int, split: Split)]] = [:]
    for (number, split) in tests.enumerated() {
      if case .threshold(let threshold) = split.operand,
        let boundary = Boundary(split.condition, threshold, ensemble.profile)
      {
        let missingGoesLeft = split.goesLeft(.nan, ensemble.profile, ensemble.categorySets)
        plan.predicates[number].isReversed = boundary.isReversed
        let source = Source(
          slot: split.slot,
          tinyIsMissing: split.missing == .leftWithZero || split.missing == .rightWithZero)
        comparisons[source, default: []].append(
          Comparison(
            threshold: boundary.threshold,
            missingIsAbove: missingGoesLeft == boundary.isReversed, test: number))
      } else {
        classes[ClassColumnPlan.Source(split), default: []].append((number, split))
      }
    }
    // In an order of their own: that of a dictionary differs from run to run.
    let sources = comparisons.keys.sorted {
      ($0.slot, $0.tinyIsMissing ? 1 : 0) < ($1.slot, $1.tinyIsMissing ? 1 : 0)
    }
    for source in sources {
      plan.add(comparisons[source] ?? [], source, ensemble.profile)
    }
    let classSources = classes.keys.sorted { ($0.slot, $0.order) < ($1.slot, $1.order) }
    for source in classSources {
      let tests = classes[source] ?? []
      switch ClassColumnPlan.make(tests.map(\.split), source, ensemble) {
      case .failure(let refusal): return .failure(refusal)
      case .success(let column):
        for (bit, test) in tests.enumerated() {
          plan.predicates[test.test].place = .classBit(
            column: plan.classColumns.count, bit: bit)
        }
        plan.classColumns.append(column)
      }
    }
    return .success(plan)
  }

  private init(count: Int) {
    predicates = [Predicate](
      repeating: Predicate(place: .always, isReversed: false), count: count)
  }

  private mutating func add(
    _ comparisons: [Comparison], _ source: Source, _ profile: NumericProfile
  ) {
    let thresholds = Set(comparisons.compactMap(\.threshold)).sorted()
    var columnOfThreshold: [Double: (column: Int, threshold: Int)] = [:]
    let first = thresholdColumns.count
    for start in stride(from: 0, to: max(thresholds.count, 1), by: ThresholdColumn.capacity) {
      let end = min(start + ThresholdColumn.capacity, thresholds.count)
      // A source whose numbers all go the same way has a column for the missing values only.
      let part = thresholds.isEmpty ? [.infinity] : Array(thresholds[start..<end])
      for (place, threshold) in part.enumerated() {
        columnOfThreshold[threshold] = (thresholdColumns.count, place)
      }
      thresholdColumns.append(
        ThresholdColumn(
          slot: source.slot, thresholds: part,
          missingMagnitude: source.tinyIsMissing ? profile.largestTiny : -1))
    }
    for comparison in comparisons {
      if let threshold = comparison.threshold, let place = columnOfThreshold[threshold] {
        thresholdColumns[place.column].note(
          place.threshold, missingIsAbove: comparison.missingIsAbove)
      }
    }
    for column in first..<thresholdColumns.count { thresholdColumns[column].chooseMissingRank() }
    for comparison in comparisons {
      predicates[comparison.test].place = place(
        of: comparison, columnOfThreshold, firstColumn: first)
    }
  }

  private mutating func place(
    of comparison: Comparison, _ columns: [Double: (column: Int, threshold: Int)],
    firstColumn: Int
  ) -> Place {
    guard let threshold = comparison.threshold else {
      if comparison.missingIsAbove { return .always }
      thresholdColumns[firstColumn].asksForPresence = true
      return .present(column: firstColumn)
    }
    guard let (column, place) = columns[threshold] else { return .always }
    let variant = thresholdColumns[column].variant(
      place, missingIsAbove: comparison.missingIsAbove)
    return .threshold(column: column, threshold: place, missing: variant)
  }
}

/// Thresholds of one slot that fit a byte.
struct ThresholdColumn {
  static let capacity = 255

  var slot: Int
  /// Ascending, and none twice.
  var thresholds: [Double]
  /// A value of no larger magnitude is missing; negative where only NaN is.
  var missingMagnitude: Double
  /// How many thresholds a missing value is above.
  private(set) var missingRank = 0
  /// Whether a predicate asks for nothing but a value.
  var asksForPresence = false

  // By threshold: whether there are predicates for which a missing value is above, or not.
  private var above: [Bool]
  private var notAbove: [Bool]

  init(slot: Int, thresholds: [Double], missingMagnitude: Double) {
    self.slot = slot
    self.thresholds = thresholds
    self.missingMagnitude = missingMagnitude
    above = [Bool](repeating: false, count: thresholds.count)
    notAbove = above
  }

  mutating func note(_ threshold: Int, missingIsAbove: Bool) {
    if missingIsAbove { above[threshold] = true } else { notAbove[threshold] = true }
  }

  /// Chooses the rank that leaves the fewest predicates to be treated apart.
  mutating func chooseMissingRank() {
    var exceptions = above.count { $0 }
    var fewest = exceptions
    for rank in thresholds.indices {
      exceptions += (notAbove[rank] ? 1 : 0) - (above[rank] ? 1 : 0)
      if exceptions < fewest { (fewest, missingRank) = (exceptions, rank + 1) }
    }
  }

  func variant(_ threshold: Int, missingIsAbove: Bool) -> PredicatePlan.Variant {
    if missingIsAbove == (missingRank > threshold) { return .ranked }
    return missingIsAbove ? .raised : .lowered
  }

  /// Thresholds whose predicates also exist with a missing value counted as above, though the
  /// rank is not.
  var raised: [Int] { thresholds.indices.filter { above[$0] && missingRank <= $0 } }
  /// Thresholds whose predicates also exist with a missing value counted as not above, though the
  /// rank is.
  var lowered: [Int] { thresholds.indices.filter { notAbove[$0] && missingRank > $0 } }
}

extension NumericProfile {
  /// The largest number that counts as tiny once it is prepared.
  var largestTiny: Double {
    Boundary(.lessOrEqual, Self.tinyMagnitude, self)?.threshold ?? Self.tinyMagnitude
  }
}
