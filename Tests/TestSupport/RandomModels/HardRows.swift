import TreeIR

/// Rows for a model, made of the values where its splits change their mind.
public struct HardRows: Sendable {
  /// By input column, what splits compare its values with.
  private var thresholds: [[Double]]
  /// By input column, the first category that no set can hold; 0 where none is tested.
  private var categoryLimits: [Int]
  /// By input column, whether statistics take it for a hashed category.
  private var isHashed: [Bool]

  public init(_ model: TreeModel) {
    thresholds = [[Double]](repeating: [], count: model.input.count)
    categoryLimits = [Int](repeating: 0, count: model.input.count)
    isHashed = [Bool](repeating: false, count: model.input.count)
    for operation in model.operations {
      guard case .categoryStatistic(let statistic) = operation.kind else { continue }
      for slot in statistic.categories where slot < model.input.count { isHashed[slot] = true }
    }
    for ensemble in model.ensembles {
      for index in 0..<ensemble.splits.count {
        guard let split = ensemble.splits[index], split.slot < model.input.count else { continue }
        switch split.operand {
        case .threshold(let threshold): thresholds[split.slot].append(threshold)
        case .categorySet(let set):
          categoryLimits[split.slot] = max(
            categoryLimits[split.slot], ensemble.categorySets.capacity(ofSet: set), 1)
        }
      }
    }
  }

  public func value(column: Int, _ random: inout SeededGenerator) -> Double {
    let thresholds = thresholds[column]
    let limit = categoryLimits[column]
    switch random.int(0...9) {
    case 2...9 where isHashed[column]:
      return random.oneIn(20)
        ? random.pick([-0.0, 0.5, 0x1p31 - 1, 0x1p31, -0x1p31, -0x1p31 - 1, 1e300, .infinity])
        : Double(random.pick(RandomStatistics.categories))
    case 0: return .nan
    case 1: return HardNumbers.near(random.pick(HardNumbers.special), &random)
    case 2: return Double.random(in: -3...70, using: &random)
    case 3...6 where limit > 0: return HardNumbers.category(below: limit, &random)
    default:
      guard !thresholds.isEmpty else { return Double(random.int(-2...40)) }
      return HardNumbers.near(random.pick(thresholds), &random)
    }
  }

  /// `count` rows, one after the other.
  public func rows(_ count: Int, _ random: inout SeededGenerator) -> [Double] {
    (0..<count * thresholds.count).map { value(column: $0 % thresholds.count, &random) }
  }
}
