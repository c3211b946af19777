import TreeIR

/// Walks the trees of an ensemble for one row, several at a time, over compact nodes.
///
/// Whatever decides at a split, its column of the row is prepared so that one comparison is
/// left, `value <= threshold`, which is false for NaN: a missing value that goes left becomes
/// −∞, one that goes right stays NaN, and a test of a category becomes one of the two. A leaf
/// is a node that leads to itself, so trees of unequal depth can be walked in step.
///
/// Sums are in the order of the trees, as in ``EnsembleScorer``: the results are the same bits.
final class CompactTrees: Sendable {
  /// 16 bytes, four to a cache line.
  struct Node: Sendable {
    /// The threshold, or a leaf's value.
    var operand: Double
    /// The node on the right; the one on the left is just before it. A leaf is on the left of
    /// what it has here.
    var right: UInt32
    /// What to compare, in the prepared row.
    var column: UInt32
  }

  /// How many trees are walked in step.
  static let groupSize = 8
  /// The column of leaves: −∞, which is below every number.
  static let leafColumn: UInt32 = 0
  /// Tests of categories and of equality are made for all splits of a row, not only for those
  /// on its way; with more of them a tree the walk would lose what it gains.
  private static let maximumTestsPerTree = 8

  private let scorer: EnsembleScorer
  // What is needed of the ensemble for every row, at hand without copying it.
  private let profile: NumericProfile
  private let categorySets: CategorySets
  private let baseScores: [Double]
  /// The output that each tree adds to.
  private let treeOutputs: [UInt32]
  private let columns: [PreparedColumn]
  private let nodes: [Node]
  /// The row of `LeafTable` that a node is.
  private let leafRows: [UInt32]
  /// Where the walks begin, from the shallowest tree to the deepest, in whole groups.
  private let roots: [UInt32]
  /// The tree of each walk.
  private let trees: [UInt32]
  /// Steps that a group takes.
  private let depths: [UInt32]
  /// Whether scores are plain sums of what stands in the leaves.
  private let isPlain: Bool

  /// Prepares to walk `ensemble`; nil where ``EnsembleScorer`` has to do it.
  init?(_ ensemble: Ensemble) {
    guard ensemble.children != nil else { return nil }
    var builder = CompactTreesBuilder(
      ensemble, testLimit: ensemble.treeCount * Self.maximumTestsPerTree)
    guard builder.addAllTrees() else { return nil }
    scorer = EnsembleScorer(ensemble)
    profile = ensemble.profile
    categorySets = ensemble.categorySets
    baseScores = ensemble.baseScores
    treeOutputs = Array(ensemble.trees.outputs)
    columns = builder.columns
    isPlain =
      ensemble.leaves.width == 1 && ensemble.leaves.linear == nil
      && builder.putLeafValuesInNodes()
    nodes = builder.nodes
    leafRows = builder.leafRows

    let order = builder.roots.indices.sorted { builder.depths[$0] < builder.depths[$1] }
    let padding = (Self.groupSize - order.count % Self.groupSize) % Self.groupSize
    let padded = repeatElement(order.first ?? 0, count: order.isEmpty ? 0 : padding) + order
    trees = padded.map { UInt32($0) }
    roots = padded.map { builder.roots[$0] }
    depths = stride(from: 0, to: padded.count, by: Self.groupSize).map {
      UInt32(builder.depths[padded[$0 + Self.groupSize - 1]])
    }
  }

  /// What the tables take.
  var byteCount: Int {
    nodes.count * MemoryLayout<Node>.stride
      + (leafRows.count + roots.count + trees.count + depths.count + treeOutputs.count) * 4
      + columns.count * MemoryLayout<PreparedColumn>.stride
  }

  /// Steps that all groups take together.
  var stepCount: Int { depths.reduce(0) { $0 + Int($1) } }

  var columnCount: Int { columns.count }

  /// Whether leaves have linear models.
  var isLinear: Bool { scorer.ensemble.leaves.linear != nil }

  /// Walks all trees for `row` of `rows`; where they end stands in `scratch.reached`.
  func walk(_ rows: borrowing RowMatrix, _ row: Int, _ scratch: inout EngineScratch) {
    scratch.prepareWalk(columnCount: columns.count + 1, treeCount: treeOutputs.count)
    scratch.prepared[Int(Self.leafColumn)] = -.infinity
    for index in columns.indices {
      scratch.prepared[index + 1] = columns[index].value(
        rows[row, columns[index].slot], profile, categorySets)
    }
    walk(scratch.prepared, into: &scratch.reached)
  }

  /// The row of the leaf table that `tree` has led to.
  func leaf(of tree: Int, _ scratch: EngineScratch) -> Int {
    Int(leafRows[Int(scratch.reached[tree])])
  }

  /// Writes the raw scores of the row that was walked last.
  func addValues(
    _ range: Range<Int>, _ rows: borrowing RowMatrix, _ row: Int,
    to scores: inout MutableSpan<Double>, first: Int, _ scratch: EngineScratch
  ) {
    for output in baseScores.indices { scores[first + output] = baseScores[output] }
    guard isPlain else {
      for tree in range {
        let leaf = leaf(of: tree, scratch)
        for position in 0..<scorer.ensemble.leaves.width {
          let place = first + Int(treeOutputs[tree]) + position
          let value = scorer.value(of: leaf, position, of: tree) { rows[row, $0] }
          scores[place] = profile.add(scores[place], value)
        }
      }
      return
    }
    // One output: the sum stays in a register.
    if baseScores.count == 1, profile.accumulator == .float32 {
      var sum = Float(scores[first])
      for tree in range { sum += Float(nodes[Int(scratch.reached[tree])].operand) }
      scores[first] = Double(sum)
    } else if baseScores.count == 1 {
      var sum = scores[first]
      for tree in range { sum += nodes[Int(scratch.reached[tree])].operand }
      scores[first] = sum
    } else {
      for tree in range {
        let place = first + Int(treeOutputs[tree])
        scores[place] = profile.add(scores[place], nodes[Int(scratch.reached[tree])].operand)
      }
    }
  }

  /// Notes for every tree the node that the row ends in.
  ///
  /// The builder made every child a node, every column one of `values`, and every tree one of
  /// `reached`, so nothing is checked on the way.
  private func walk(_ values: [Double], into reached: inout [UInt32]) {
    nodes.withUnsafeBufferPointer { nodes in
      values.withUnsafeBufferPointer { values in
        reached.withUnsafeMutableBufferPointer { reached in
          guard let nodes = nodes.baseAddress, let values = values.baseAddress else { return }
          for group in depths.indices {
            let start = group * Self.groupSize
            let ends = Self.walk(
              nodes, values, SIMD8(roots[start..<start + Self.groupSize]), depths[group])
            for lane in 0..<Self.groupSize { reached[Int(trees[start + lane])] = ends[lane] }
          }
        }
      }
    }
  }

  /// Walks eight trees from `roots` for `depth` steps. The steps of one tree wait for one
  /// another; those of different trees do not.
  @inline(__always)
  private static func walk(
    _ nodes: UnsafePointer<Node>, _ values: UnsafePointer<Double>, _ roots: SIMD8<UInt32>,
    _ depth: UInt32
  ) -> SIMD8<UInt32> {
    @inline(__always) func step(_ index: UInt32) -> UInt32 {
      let node = nodes[Int(index)]
      let isLeft = values[Int(node.column)] <= node.operand
      // Arithmetic, because a branch here is one that no processor can foresee.
      return node.right &- UInt32(unsafeBitCast(isLeft, to: UInt8.self))
    }
    var (a, b, c, d) = (roots[0], roots[1], roots[2], roots[3])
    var (e, f, g, h) = (roots[4], roots[5], roots[6], roots[7])
    for _ in 0..<depth {
      (a, b, c, d) = (step(a), step(b), step(c), step(d))
      (e, f, g, h) = (step(e), step(f), step(g), step(h))
    }
    return SIMD8(a, b, c, d, e, f, g, h)
  }
}
