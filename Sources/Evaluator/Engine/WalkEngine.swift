import TreeIR

extension EngineName {
  /// A walk from node to node, eight trees at a time.
  public static let walk = EngineName(rawValue: "walk")
}

/// Scores a row at a time with ``CompactTrees``: what is left for forests whose tests are too many
/// for planes.
final class WalkEngine: EnsembleEngine {
  static var name: EngineName { .walk }

  private let trees: CompactTrees
  private let treeCount: Int

  private init(trees: CompactTrees, treeCount: Int) {
    self.trees = trees
    self.treeCount = treeCount
  }

  static func make(
    _ ensemble: Ensemble, _ context: EngineContext
  ) throws(EngineRefusal) -> any EnsembleEngine {
    guard let trees = CompactTrees(ensemble) else {
      throw EngineRefusal(
        ensemble.isOblivious
          ? "oblivious trees" : "trees like chains, or more tests of categories than it gains by")
    }
    try context.check(byteCount: trees.byteCount)
    return WalkEngine(trees: trees, treeCount: ensemble.treeCount)
  }

  var byteCount: Int { trees.byteCount }

  var findsLeaves: Bool { true }

  func cost(rows: Int) -> Double {
    let steps = Double(trees.stepCount * CompactTrees.groupSize)
    let step =
      switch trees.byteCount {
      case ...(1 << 20): 0.85
      case ...(2 << 20): 0.92
      case ...(8 << 20): 1.25
      default: 1.6
      }
    let leaf = trees.isLinear ? BlockCosts.linearLeaf : 1.1
    let column = trees.columnCount <= 64 ? 0.8 : 5
    return BlockCosts.call + Double(rows)
      * (10 + column * Double(trees.columnCount) + steps * step + leaf * Double(treeCount))
  }

  func score(
    _ rows: borrowing RowMatrix, trees range: Range<Int>,
    into scores: inout MutableSpan<Double>, _ places: ScorePlaces,
    _ scratch: inout EngineScratch
  ) {
    for row in 0..<rows.count {
      trees.walk(rows, row, &scratch)
      trees.addValues(
        range, rows, row, to: &scores, first: places.first + row * places.stride, scratch)
    }
  }

  func findLeaves(
    _ rows: borrowing RowMatrix, trees range: Range<Int>,
    into leaves: inout MutableSpan<Double>, _ places: ScorePlaces,
    _ scratch: inout EngineScratch
  ) {
    for row in 0..<rows.count {
      trees.walk(rows, row, &scratch)
      for tree in range {
        leaves[places.first + row * places.stride + tree - range.lowerBound] =
          Double(trees.leaf(of: tree, scratch))
      }
    }
  }
}
