import KernelsBaseline
import TreeIR

extension CategoryStatistic {
  /// The statistic of the row in `slots`, a Float. A row without a category, which only a
  /// caller of the numeric path can make, is a combination that training has not seen.
  func value(_ slots: [Double], _ table: StatisticTable) -> Double {
    let (good, total) = counts(key(slots), table)
    let ratio = (good + priorNumerator) / (total + priorDenominator)
    return Double((ratio + shift) * scale)
  }

  /// CatBoost's hash of the combination of features.
  private func key(_ slots: [Double]) -> UInt64 {
    var hash: UInt64 = 0
    for slot in categories {
      guard let category = Int32(exactly: slots[slot]) else { return StatisticTable.emptyKey }
      hash = Self.combine(hash, UInt64(bitPattern: Int64(category)))
    }
    for split in floatSplits {
      let value = Float(slots[split.slot])
      let holds = value.isNaN ? split.missingHolds : value > split.border
      hash = Self.combine(hash, holds ? 1 : 0)
    }
    for test in categoryTests {
      hash = Self.combine(hash, slots[test.slot] == Double(test.value) ? 1 : 0)
    }
    return hash
  }

  private static func combine(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    hashMultiplier &* (hash &+ hashMultiplier &* value)
  }

  /// Of CatBoost's hash of combinations.
  static let hashMultiplier = KernelsBaseline.hashMultiplier

  private func counts(_ key: UInt64, _ table: StatisticTable) -> (good: Float, total: Float) {
    guard let bucket = table.bucket(of: key) else {
      return (0, kind == .counter ? Float(table.counterDenominator) : 0)
    }
    let classes = bucket * table.classCount..<(bucket + 1) * table.classCount
    // Counts of training rows; wrapping keeps a hostile file from trapping.
    let total = classes.reduce(Int32(0)) { $0 &+ table.counts[$1] }
    switch kind {
    case .borders:
      let good = classes.dropFirst(targetBorder + 1).reduce(Int32(0)) { $0 &+ table.counts[$1] }
      return (Float(good), Float(total))
    case .buckets:
      return (Float(table.counts[classes.lowerBound + targetBorder]), Float(total))
    case .targetMean:
      return (table.sums[bucket], Float(total))
    case .counter:
      return (Float(total), Float(table.counterDenominator))
    }
  }
}
