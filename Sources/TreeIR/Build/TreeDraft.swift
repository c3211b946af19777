/// A binary decision tree as an importer reads it. Children ≥ 0 are nodes and children
/// < 0 are leaves `~child`; nodes may be numbered in any order, the root is node 0.
///
/// Importers keep one draft and refill it, so that its arrays are allocated once.
public struct TreeDraft: Sendable {
  public var splits: [Split] = []
  public var left: [Int32] = []
  public var right: [Int32] = []
  /// Training rows (or weight) per node; empty when unknown.
  public var nodeCovers: [Double] = []
  /// The source file's numbers of the nodes; empty when they are the positions in the draft.
  public var nodeIDs: [Int32] = []
  public var leaves = LeafDraft()
  /// The output that the tree adds to; 0 when leaves are vectors.
  public var output = 0
  /// Factor on the leaves.
  public var weight = 1.0

  public init() {}

  /// Empties the draft and keeps its memory.
  public mutating func removeAll() {
    splits.removeAll(keepingCapacity: true)
    left.removeAll(keepingCapacity: true)
    right.removeAll(keepingCapacity: true)
    nodeCovers.removeAll(keepingCapacity: true)
    nodeIDs.removeAll(keepingCapacity: true)
    leaves.removeAll()
    output = 0
    weight = 1
  }
}

/// An oblivious tree: one split a level; the leaf number has bit `d` set when the split of
/// level `d` holds.
public struct ObliviousTreeDraft: Sendable {
  public var levels: [Split]
  public var leaves: LeafDraft
  public var output: Int
  public var weight: Double

  public init(levels: [Split], leaves: LeafDraft, output: Int = 0, weight: Double = 1) {
    self.levels = levels
    self.leaves = leaves
    self.output = output
    self.weight = weight
  }
}

/// The leaves of one tree.
public struct LeafDraft: Sendable {
  /// The ensemble's leaf width values a leaf.
  public var values: [Double] = []
  /// Training rows (or weight) per leaf; empty when unknown.
  public var covers: [Double] = []
  /// The source file's leaf numbers, or ``ChildTable/ownPosition``; empty when all are that.
  public var nativeIDs: [Int32] = []
  /// One linear model a leaf; empty when the leaves are constant.
  public var linear: [LinearModel] = []

  public struct LinearModel: Sendable {
    public var constant: Double
    public var terms: [(slot: Int, coefficient: Double)]

    public init(constant: Double, terms: [(slot: Int, coefficient: Double)]) {
      self.constant = constant
      self.terms = terms
    }
  }

  public init() {}

  /// Constant leaves with `values`.
  public init(values: [Double]) {
    self.values = values
  }

  mutating func removeAll() {
    values.removeAll(keepingCapacity: true)
    covers.removeAll(keepingCapacity: true)
    nativeIDs.removeAll(keepingCapacity: true)
    linear.removeAll(keepingCapacity: true)
  }
}
