import TreeIR

/// What scoring a block takes, from counts of what it does and the measured price of each. The
/// prices are those of one processor, fitted to eleven models; they only choose between engines
/// and widths, and there they need not be good to more than a fifth.
struct BlockCosts: Sendable {
  /// By width of the block, in the order of ``BitSlicedEngine/widths``, what a block takes
  /// however few rows it has.
  private let block: [Double]
  /// What a row takes beside.
  private let row: Double

  /// A call takes so much with every engine.
  static let call = 90.0

  /// For a leaf whose linear model is computed by the book.
  static let linearLeaf = 40.0

  /// Nanoseconds; lists by width, as in ``BitSlicedEngine/widths``.
  private struct Prices {
    /// For making a plane from ranks.
    var plane: [Double]
    /// For transposing 64 bits a row of classes.
    var word: [Double]
    /// For a step of a program.
    var operation: [Double]
    /// For turning a leaf code into bytes.
    var code: [Double]
    /// For adding the value of a leaf from a table in memory.
    var lookup: Double
    /// The same from registers.
    var registerLookup = 0.08
    /// The same where it takes twice as many of them.
    var wideRegisterLookup = 0.25
  }

  init(_ plans: [BlockPlan], _ ensemble: Ensemble, _ instructionSet: InstructionSet) {
    let prices = Self.prices(instructionSet)
    let registerBits = Self.registerBits(
      instructionSet, sumsAreFloat: ensemble.profile.accumulator == .float32)
    var block = [Double](repeating: 0, count: BitSlicedEngine.widths.count)
    var row = 4.0
    for plan in plans {
      let columns = Double(plan.columnCount)
      if let statistics = plan.statistics {
        row += StatisticCosts.row(statistics)
        for place in block.indices { block[place] += StatisticCosts.block(statistics) }
      }
      row += Self.quantising(plan.quantiser) + 5 * Double(plan.classes.columns.count)
      for tree in plan.trees {
        let bits = plan.codeBits(ofTree: tree)
        let lookup =
          bits <= registerBits
          ? prices.registerLookup
          : registerBits > 0 && bits == 6 ? prices.wideRegisterLookup : prices.lookup
        row +=
          ensemble.leaves.linear == nil
          ? lookup * Double(ensemble.leaves.width) : Self.linearLeaf
      }
      let words = Double(plan.classes.wordCount)
      for place in block.indices {
        block[place] +=
          300 + 10 * columns + (Double(plan.planeCount) - 64 * words) * prices.plane[place]
        block[place] += words * prices.word[place]
        block[place] += Double(plan.operationCount) * prices.operation[place]
        block[place] += Double(plan.trees.count) * prices.code[place]
      }
    }
    self.block = block
    self.row = row
  }

  /// What `rows` rows take, at most 512, in blocks of the width at `place` of
  /// ``BitSlicedEngine/widths``, without the call.
  func cost(_ rows: Int, widthAt place: Int) -> Double {
    let width = BitSlicedEngine.widths[place]
    return Double((rows + width - 1) / width) * block[place] + Double(rows) * row
  }

  /// The bits of the longest code that is looked up in few registers; 0 for none. Codes of 6 bits
  /// for Doubles take so many that a larger table may be better, if it saves operations.
  static func registerBits(_ instructionSet: InstructionSet, sumsAreFloat: Bool) -> Int {
    switch instructionSet {
    case .avx512: sumsAreFloat ? 6 : 5
    case .avx2, .baseline: 0
    }
  }

  /// For turning a row's values into bytes.
  private static func quantising(_ quantiser: QuantiserPlan) -> Double {
    let (joint, further) = (quantiser.jointColumnCount, quantiser.furtherPartCount)
    let single = quantiser.columnCount - joint - further
    // The tables of more columns than these leave the first-level cache.
    return Double(single) * (single <= 64 ? 1.1 : 2.4) + 3 * Double(joint) + 0.1 * Double(further)
  }

  private static func prices(_ instructionSet: InstructionSet) -> Prices {
    switch instructionSet {
    case .avx512:
      Prices(
        plane: [0.15, 0.10, 0.14, 0.24], word: [87, 183, 298, 590],
        operation: [0.60, 0.67, 0.70, 1.02], code: [7, 9, 9, 12], lookup: 0.35)
    case .avx2:
      Prices(
        plane: [0.30, 0.28, 0.40, 0.50], word: [97, 230, 330, 605],
        operation: [0.60, 0.65, 0.66, 1.12], code: [12, 14, 14, 18], lookup: 0.30)
    case .baseline:
      Prices(
        plane: [0.30, 0.12, 0.15, 0.25], word: [125, 240, 440, 840],
        operation: [0.62, 0.64, 1.06, 2.15], code: [14, 20, 30, 45], lookup: 0.38)
    }
  }
}
