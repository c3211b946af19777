import TreeIR

extension EngineName {
  /// One row, one tree, one split at a time: slow, and the measure of all others.
  public static let reference = EngineName(rawValue: "reference")
}

/// Scores with ``EnsembleScorer``, whatever the ensemble.
final class ReferenceEngine: EnsembleEngine {
  static var name: EngineName { .reference }

  private let scorer: EnsembleScorer
  /// Splits on the way of a row through all trees, about.
  private let pathLength: Double

  init(_ ensemble: Ensemble) {
    scorer = EnsembleScorer(ensemble)
    pathLength = (0..<ensemble.treeCount).reduce(0.0) { sum, tree in
      let leaves = ensemble.trees.leaves(of: tree).count
      return sum + 1.5 * Double(Int.bitWidth - leaves.leadingZeroBitCount)
    }
  }

  static func make(
    _ ensemble: Ensemble, _ context: EngineContext
  ) throws(EngineRefusal) -> any EnsembleEngine {
    ReferenceEngine(ensemble)
  }

  var byteCount: Int { 0 }

  var findsLeaves: Bool { true }

  func cost(rows: Int) -> Double {
    BlockCosts.call + Double(rows) * (50 + pathLength * 22)
  }

  func score(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into scores: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {
    let baseScores = scorer.ensemble.baseScores
    for row in 0..<rows.count {
      let first = places.first + row * places.stride
      for output in baseScores.indices { scores[first + output] = baseScores[output] }
      for tree in trees {
        let leaf = scorer.leaf(of: tree) { rows[row, $0] }
        for position in 0..<scorer.ensemble.leaves.width {
          let place = first + Int(scorer.ensemble.trees.outputs[tree]) + position
          let value = scorer.value(of: leaf, position, of: tree) { rows[row, $0] }
          scores[place] = scorer.ensemble.profile.add(scores[place], value)
        }
      }
    }
  }

  func findLeaves(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into leaves: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {
    for row in 0..<rows.count {
      for tree in trees {
        leaves[places.first + row * places.stride + tree - trees.lowerBound] =
          Double(scorer.leaf(of: tree) { rows[row, $0] })
      }
    }
  }
}
