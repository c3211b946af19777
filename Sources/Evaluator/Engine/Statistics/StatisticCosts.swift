/// What statistics of categories take, in nanoseconds; see ``BlockCosts``.
struct StatisticCosts: Sendable {
  /// For a call, and for each of its rows.
  private let call: Double
  private let row: Double

  /// For `count` statistics as numbers: those of `ranks`, or computed ones.
  init(count: Int, ranks: StatisticRanks?) {
    if let ranks {
      call = Self.block(ranks) + 2 * Double(count)
      row = Self.row(ranks) + Double(count)
    } else {
      call = 75 * Double(count)
      row = 16 * Double(count)
    }
  }

  func numbers(rows: Int) -> Double { call + row * Double(rows) }

  /// For the ranks of a block, however few rows it has.
  static func block(_ ranks: StatisticRanks) -> Double {
    8 * Double(ranks.codedCount) + 25 * Double(ranks.hashedCount) + 4 * Double(ranks.targetCount)
  }

  /// For the ranks of a row beside.
  static func row(_ ranks: StatisticRanks) -> Double {
    0.4 * Double(ranks.codedCount) + 8 * Double(ranks.hashedCount)
      + 0.4 * Double(ranks.targetCount)
  }
}
