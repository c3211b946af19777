/// Where a tree stands in its model.
public struct TreeLocation: Sendable, Hashable {
  /// Which tree of the model: trees are counted from 0 over all ensembles in order.
  public let number: Int
  /// Which of the model's ensembles holds it.
  public let ensemble: Int
  /// Which tree of that ensemble it is.
  public let tree: Int
  /// The ensemble's boosting iteration to which it belongs.
  public let iteration: Int
}

extension TreeModel {
  /// Number of trees in all ensembles.
  public var treeCount: Int { ensembles.reduce(0) { $0 + $1.treeCount } }

  /// Where tree `number` stands, or nil when there is no such tree.
  public func location(ofTree number: Int) -> TreeLocation? {
    guard number >= 0 else { return nil }
    var tree = number
    for (position, ensemble) in ensembles.enumerated() {
      if tree < ensemble.treeCount {
        return TreeLocation(
          number: number, ensemble: position, tree: tree, iteration: ensemble.iteration(of: tree))
      }
      tree -= ensemble.treeCount
    }
    return nil
  }

  /// The class whose score the trees of `output` add to; nil where the outputs of
  /// `ensemble` are not one raw score a class.
  public func classLabel(ofOutput output: Int, ensemble: Int) -> CategoryValue? {
    guard classLabels.count > 1, classLabels.indices.contains(output), let raw = self.output(.raw)
    else { return nil }
    let isScoredByClass = operations.contains { operation in
      guard case .ensemble(let score) = operation.kind, score.ensemble == ensemble else {
        return false
      }
      return score.outputs.count == classLabels.count && raw.slots.elementsEqual(score.outputs)
    }
    return isScoredByClass ? classLabels[output] : nil
  }
}

extension Ensemble {
  /// The iteration that `tree` belongs to. Iterations may be empty; it is the last one that
  /// starts at the tree or before.
  fileprivate func iteration(of tree: Int) -> Int {
    let starts = trees.iterationStarts
    var low = 0
    var high = iterationCount
    while low + 1 < high {
      let middle = (low + high) / 2
      if Int(starts[middle]) <= tree { low = middle } else { high = middle }
    }
    return low
  }
}
