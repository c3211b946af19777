import KernelViews
import TreeIR

/// The trees of an ensemble as the engines for single rows take them.
struct RowTrees {
  let columns: [RowColumn]
  let predicates: [RowPredicate]
  let trees: [RowTree]

  /// Levels of an oblivious tree, which is filled up to a complete one.
  private static let mostLevels = 12

  init(_ ensemble: Ensemble, _ analysis: EnsembleAnalysis) throws(EngineRefusal) {
    guard ensemble.leaves.linear == nil else { throw EngineRefusal("linear models in leaves") }
    guard ensemble.leaves.width == 1 else { throw EngineRefusal("leaves of several values") }
    guard !ensemble.isOblivious || ensemble.mostLevels <= Self.mostLevels else {
      throw EngineRefusal("oblivious trees of more than \(Self.mostLevels) levels")
    }
    let plan = analysis.predicates
    columns =
      plan.thresholdColumns.map { .thresholds($0.thresholds, missingRank: $0.missingRank) }
      + plan.classColumns.map { .classes(count: $0.rowCount) }
    guard columns.allSatisfy({ $0.stateCount <= Int(UInt16.max) }) else {
      throw EngineRefusal("categories of more than 65,535 kinds")
    }
    var predicates: [RowPredicate] = []
    predicates.reserveCapacity(plan.predicates.count)
    for predicate in plan.predicates {
      predicates.append(try Self.predicate(predicate.place, plan))
    }
    self.predicates = predicates
    trees = (0..<ensemble.treeCount).map { Self.tree($0, ensemble, analysis) }
  }

  private static func predicate(
    _ place: PredicatePlan.Place, _ plan: PredicatePlan
  ) throws(EngineRefusal) -> RowPredicate {
    switch place {
    case .always, .present:
      throw EngineRefusal("splits that no number, but only a missing value, tells apart")
    case .threshold(let column, let threshold, let missing):
      let side: MissingSide =
        switch missing {
        case .ranked: .column
        case .raised: .right
        case .lowered: .left
        }
      return .above(column: column, index: threshold, missing: side)
    case .classBit(let column, let bit):
      let source = plan.classColumns[column]
      return .isMember(
        column: plan.thresholdColumns.count + column,
        classes: (0..<source.rowCount).map { source.bit(bit, ofRow: $0) })
    }
  }

  private static func tree(
    _ number: Int, _ ensemble: Ensemble, _ analysis: EnsembleAnalysis
  ) -> RowTree {
    let splits = ensemble.trees.splits(of: number)
    let leaves = ensemble.trees.leaves(of: number)
    var tree = RowTree(
      left: [], right: [], predicate: [],
      leaves: leaves.map { ensemble.leafValue($0, 0, of: number) },
      output: Int(ensemble.trees.outputs[number]))
    if let children = ensemble.children {
      for split in splits {
        let test = analysis.tests.testOfSplit[split]
        let isReversed = analysis.predicates.predicates[Int(test)].isReversed
        tree.left.append(isReversed ? children.right[split] : children.left[split])
        tree.right.append(isReversed ? children.left[split] : children.right[split])
        tree.predicate.append(Int32(test))
      }
    } else {
      tree.addLevels(splits, analysis)
    }
    return tree
  }
}

extension RowTree {
  /// The levels of an oblivious tree as splits; the last level is the root, because it decides
  /// the highest bit of the leaf's number, which is set where the row goes left.
  fileprivate mutating func addLevels(_ levels: Range<Int>, _ analysis: EnsembleAnalysis) {
    for depth in 0..<levels.count {
      let test = analysis.tests.testOfSplit[levels.upperBound - 1 - depth]
      let isReversed = analysis.predicates.predicates[Int(test)].isReversed
      for place in 0..<1 << depth {
        // Left children are those whose bits are 1: where the way was "left", the place has a 0.
        let first = 2 * place
        let isLast = depth == levels.count - 1
        let below = (1 << (depth + 1)) - 1
        func link(_ position: Int) -> Int32 {
          isLast
            ? ~Int32(leafNumber(position, levels.count)) : Int32(below + position)
        }
        left.append(link(isReversed ? first + 1 : first))
        right.append(link(isReversed ? first : first + 1))
        predicate.append(Int32(test))
      }
    }
  }

  /// The number of the leaf at `position` from the left: a bit of 0 there means that the row went
  /// left, which is 1 in the number.
  private func leafNumber(_ position: Int, _ levels: Int) -> Int {
    (1 << levels) - 1 - position
  }
}

extension Ensemble {
  /// The most splits of a tree: the most levels where trees are oblivious.
  fileprivate var mostLevels: Int {
    (0..<treeCount).reduce(0) { max($0, trees.splits(of: $1).count) }
  }

  /// What `leaf` of `tree` adds to the output at `position`, the tree's weight included.
  func leafValue(_ leaf: Int, _ position: Int, of tree: Int) -> Double {
    let value = leaves.values[leaf * leaves.width + position]
    guard !trees.weights.isEmpty, trees.weights[tree] != 1 else { return value }
    return profile.multiply(value, trees.weights[tree])
  }
}
