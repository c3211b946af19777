/// A flattened ensemble of decision trees: every property of every node is a column, and
/// a tree is a range of rows. Trees, nodes and leaves keep the order of the source file,
/// because the order of summation decides the last bit of a score.
public struct Ensemble: Sendable, Equatable {
  /// Whether prediction may stop before the last tree, and by which margin (LightGBM's
  /// `pred_early_stop`).
  public enum EarlyStopping: UInt8, Sendable, Hashable, CaseIterable {
    /// The objective needs the exact score.
    case never = 0
    /// One output: the margin is 2·|score|.
    case binaryMargin = 1
    /// Several outputs: the margin is the best score less the second best.
    case bestTwoMargin = 2
  }

  /// The arithmetic of comparisons and sums.
  public let profile: NumericProfile
  /// Scores that the ensemble computes per row.
  public let outputCount: Int
  /// Where each output's sum starts.
  public let baseScores: [Double]
  public let earlyStopping: EarlyStopping
  public let trees: TreeTable
  public let splits: SplitTable
  /// How splits link to form binary trees; nil when the trees are oblivious: one split a
  /// level, and leaf number = Σ (split of level d holds) << d.
  public let children: ChildTable?
  public let leaves: LeafTable
  public let categorySets: CategorySets

  public var treeCount: Int { trees.count }
  public var iterationCount: Int { trees.iterationStarts.count - 1 }
  public var isOblivious: Bool { children == nil }

  /// The trees of `iterations`.
  @inlinable public func trees(ofIterations iterations: Range<Int>) -> Range<Int> {
    Int(
      trees.iterationStarts[iterations.lowerBound])..<Int(
        trees.iterationStarts[iterations.upperBound])
  }
}

/// One row a tree.
public struct TreeTable: Sendable, Equatable {
  /// First split of each tree, and the end of the last.
  public let splitStarts: Column<UInt32>
  /// First leaf of each tree, and the end of the last.
  public let leafStarts: Column<UInt32>
  /// The output that the tree adds to; 0 where leaves are vectors over all outputs.
  public let outputs: Column<UInt32>
  /// Factor on the tree's leaves, applied when the leaf is added (XGBoost DART): the
  /// product is rounded to the accumulator's precision. Empty when all are 1.
  public let weights: Column<Double>
  /// First tree of each boosting iteration, and the end of the last.
  public let iterationStarts: Column<UInt32>

  /// Number of trees.
  public var count: Int { outputs.count }

  /// The splits of `tree`.
  @inlinable public func splits(of tree: Int) -> Range<Int> {
    Int(splitStarts[tree])..<Int(splitStarts[tree + 1])
  }

  /// The leaves of `tree`.
  @inlinable public func leaves(of tree: Int) -> Range<Int> {
    Int(leafStarts[tree])..<Int(leafStarts[tree + 1])
  }
}

/// The links of binary trees, one row a split. A link ≥ 0 is a node of the same tree and
/// larger than the node's own number, so a walk always ends; a link < 0 is leaf `~link`.
/// The root is node 0, or leaf 0 in a tree without splits.
public struct ChildTable: Sendable, Equatable {
  public let left: Column<Int32>
  public let right: Column<Int32>
  /// Training rows (or their weight) that passed the node; empty when unknown.
  public let covers: Column<Double>
  /// The node number in the source file, or ``ownPosition``; empty when all are that.
  public let nativeIDs: Column<Int32>

  /// Says that a node's number is its position in the tree.
  public static let ownPosition: Int32 = -1
}

/// The leaves of all trees.
public struct LeafTable: Sendable, Equatable {
  /// Values per leaf: 1, or the ensemble's output count where leaves are vectors.
  public let width: Int
  /// `width` values a leaf.
  public let values: Column<Double>
  /// Training rows (or their weight) that ended in the leaf; empty when unknown.
  public let covers: Column<Double>
  /// The leaf number in the source file, or ``ChildTable/ownPosition``; empty when all are
  /// that.
  public let nativeIDs: Column<Int32>
  /// Linear models in the leaves (LightGBM's `linear_tree`); nil when leaves are constant.
  public let linear: LinearLeaves?

  /// Number of leaves.
  public var count: Int { values.count / width }
}

/// A linear model per leaf: `constant + Σ coefficient · slot`, each product and each sum
/// rounded, in order. If any slot of the leaf is missing, the leaf's plain value is taken.
public struct LinearLeaves: Sendable, Equatable {
  public let constants: Column<Double>
  /// First term of each leaf, and the end of the last.
  public let termStarts: Column<UInt32>
  public let termSlots: Column<UInt32>
  public let termCoefficients: Column<Double>

  /// The terms of `leaf`.
  @inlinable public func terms(of leaf: Int) -> Range<Int> {
    Int(termStarts[leaf])..<Int(termStarts[leaf + 1])
  }
}
