import TreeIR

/// What scoring a block takes, from counts of what it does and the measured price of each. The
/// prices are those of one processor; they only choose between engines and widths.
struct BlockCosts: Sendable {
  private var valueCount = 0.0
  private var planeCount = 0.0
  private var operationCount = 0.0
  private var treeCount = 0.0
  private var lookupCount = 0.0
  private let prices: Prices

  /// Nanoseconds.
  struct Prices {
    /// For a value's rank.
    var value: Double
    /// For adding the value of a leaf.
    var lookup: Double
    /// For a plane, an operation and a code, by width of the block.
    var plane: [Int: Double]
    var operation: [Int: Double]
    var code: [Int: Double]
  }

  init(_ plans: [BlockPlan], _ ensemble: Ensemble, _ instructionSet: InstructionSet) {
    prices = Self.prices(instructionSet)
    for plan in plans {
      valueCount += Double(plan.quantiser.columnCount + 3 * plan.classes.columns.count)
      planeCount += Double(plan.planeCount)
      operationCount += Double(plan.operationCount)
      treeCount += Double(plan.trees.count)
      lookupCount += Double(plan.trees.count * ensemble.leaves.width)
    }
  }

  /// What `rows` rows take, at most as many as a block has.
  func cost(_ rows: Int, inBlocksOf width: Int) -> Double {
    let blocks = Double((rows + width - 1) / width)
    let block =
      planeCount * (prices.plane[width] ?? 0) + operationCount * (prices.operation[width] ?? 0)
      + treeCount * (prices.code[width] ?? 0)
    return blocks * block + Double(rows)
      * (valueCount * prices.value + lookupCount * prices.lookup)
  }

  /// The bits of the longest code that is looked up in registers; 0 for none.
  static func registerBits(_ instructionSet: InstructionSet, sumsAreFloat: Bool) -> Int {
    switch instructionSet {
    case .avx512: sumsAreFloat ? 6 : 5
    case .avx2, .baseline: 0
    }
  }

  private static func prices(_ instructionSet: InstructionSet) -> Prices {
    switch instructionSet {
    case .avx512:
      Prices(
        value: 1.6, lookup: 0.2, plane: [64: 0.6, 128: 0.7, 256: 0.9, 512: 1.5],
        operation: [64: 1.2, 128: 1.3, 256: 1.4, 512: 1.9],
        code: [64: 12, 128: 13, 256: 14, 512: 16])
    case .avx2:
      Prices(
        value: 1.6, lookup: 0.35, plane: [64: 0.6, 128: 0.7, 256: 0.9, 512: 1.7],
        operation: [64: 1.2, 128: 1.3, 256: 1.4, 512: 2.5],
        code: [64: 12, 128: 13, 256: 14, 512: 20])
    case .baseline:
      Prices(
        value: 2, lookup: 0.4, plane: [64: 0.6, 128: 0.8, 256: 1.5, 512: 3],
        operation: [64: 1.2, 128: 1.4, 256: 2.2, 512: 4],
        code: [64: 12, 128: 14, 256: 25, 512: 50])
    }
  }
}
