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
  /// The row of `LeafTable` that a node is; only where ``isPlain`` is false.
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
    leafRows = isPlain ? [] : builder.leafRows

    let order = builder.roots.indices.sorted { builder.depths[$0] < builder.depths[$1] }
    let padding = (Self.groupSize - order.count % Self.groupSize) % Self.groupSize
    let padded = repeatElement(order.first ?? 0, count: order.isEmpty ? 0 : padding) + order
    trees = padded.map { UInt32($0) }
    roots = padded.map { builder.roots[$0] }
    depths = stride(from: 0, to: padded.count, by: Self.groupSize).map {
      UInt32(builder.depths[padded[$0 + Self.groupSize - 1]])
    }
  }

  /// Writes the raw scores of the row in the workspace's slots to the slots `outputs`.
  func score(_ workspace: inout Workspace, to outputs: Range<Int>) {
    workspace.prepareWalk(columnCount: columns.count + 1, treeCount: treeOutputs.count)
    workspace.prepared[Int(Self.leafColumn)] = -.infinity
    for index in columns.indices {
      workspace.prepared[index + 1] = columns[index].value(
        workspace.slots, profile, categorySets)
    }
    walk(workspace.prepared, into: &workspace.reached)
    for output in baseScores.indices {
      workspace.slots[outputs.lowerBound + output] = baseScores[output]
    }
    if isPlain {
      addValues(workspace.reached, first: outputs.lowerBound, to: &workspace.slots)
    } else {
      for tree in treeOutputs.indices {
        let leaf = Int(leafRows[Int(workspace.reached[tree])])
        scorer.add(leaf, of: tree, to: outputs, &workspace.slots)
      }
    }
  }

  /// Adds the leaves' values, one after the other, in the order of the trees.
  ///
  /// The validator has seen that every tree's output is one of the ensemble's, and the walk
  /// has put a node in `reached` for every tree, so nothing is checked on the way.
  private func addValues(_ reached: [UInt32], first: Int, to slots: inout [Double]) {
    precondition(first >= 0 && first + baseScores.count <= slots.count)
    precondition(reached.count >= treeOutputs.count)
    nodes.withUnsafeBufferPointer { nodes in
      reached.withUnsafeBufferPointer { reached in
        slots.withUnsafeMutableBufferPointer { slots in
          guard let nodes = nodes.baseAddress, let reached = reached.baseAddress,
            let sums = slots.baseAddress?.advanced(by: first)
          else { return }
          switch (profile.accumulator, baseScores.count) {
          case (.float64, _): Self.add(nodes, reached, treeOutputs, to: sums)
          case (.float32, 1): Self.addInFloat(nodes, reached, treeOutputs.count, to: sums)
          case (.float32, _): Self.addInFloat(nodes, reached, treeOutputs, to: sums)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func add(
    _ nodes: UnsafePointer<Node>, _ reached: UnsafePointer<UInt32>, _ outputs: [UInt32],
    to sums: UnsafeMutablePointer<Double>
  ) {
    for tree in outputs.indices {
      sums[Int(outputs[tree])] += nodes[Int(reached[tree])].operand
    }
  }

  @inline(__always)
  private static func addInFloat(
    _ nodes: UnsafePointer<Node>, _ reached: UnsafePointer<UInt32>, _ outputs: [UInt32],
    to sums: UnsafeMutablePointer<Double>
  ) {
    for tree in outputs.indices {
      let output = Int(outputs[tree])
      sums[output] = Double(Float(sums[output]) + Float(nodes[Int(reached[tree])].operand))
    }
  }

  /// For one output: the sum stays in a register.
  @inline(__always)
  private static func addInFloat(
    _ nodes: UnsafePointer<Node>, _ reached: UnsafePointer<UInt32>, _ treeCount: Int,
    to sums: UnsafeMutablePointer<Double>
  ) {
    var sum = Float(sums[0])
    for tree in 0..<treeCount { sum += Float(nodes[Int(reached[tree])].operand) }
    sums[0] = Double(sum)
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
