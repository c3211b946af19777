import TreeIR

/// Lays out the nodes of a ``CompactTrees``.
struct CompactTreesBuilder {
  private(set) var nodes: [CompactTrees.Node] = []
  /// By node; ``noLeaf`` where the node is a split.
  private(set) var leafRows: [UInt32] = []
  private(set) var columns: [PreparedColumn] = []
  /// By tree.
  private(set) var roots: [UInt32] = []
  /// Steps from the root to the farthest leaf, by tree.
  private(set) var depths: [Int] = []

  private let ensemble: Ensemble
  private let testLimit: Int
  private var testCount = 0
  private var numbers: [PreparedColumn: UInt32] = [:]

  private static let noLeaf = UInt32.max

  /// - Parameter testLimit: How many columns may be tests.
  init(_ ensemble: Ensemble, testLimit: Int) {
    self.ensemble = ensemble
    self.testLimit = testLimit
  }

  /// The row of `LeafTable` that `node` is, or nil if it is a split.
  func leafRow(of node: Int) -> Int? {
    leafRows[node] == Self.noLeaf ? nil : Int(leafRows[node])
  }

  /// Lays out all trees; false if one of them cannot be walked.
  mutating func addAllTrees() -> Bool {
    guard let children = ensemble.children else { return false }
    let count = ensemble.splits.count + ensemble.leaves.count
    guard count < Int(UInt32.max) else { return false }
    nodes.reserveCapacity(count)
    leafRows.reserveCapacity(count)
    for tree in 0..<ensemble.treeCount {
      guard add(tree, children) else { return false }
    }
    return true
  }

  /// Makes what a leaf adds to the score, weight of the tree and all, its node's operand.
  ///
  /// - Returns: false, and nothing is changed, if one of them is NaN: compared with −∞ it would
  ///   not lead to itself.
  mutating func putLeafValuesInNodes() -> Bool {
    var placed = nodes
    for tree in roots.indices {
      let end = tree + 1 < roots.count ? Int(roots[tree + 1]) : nodes.count
      for node in Int(roots[tree])..<end {
        guard let row = leafRow(of: node) else { continue }
        let value = leafValue(row, tree)
        if value.isNaN { return false }
        placed[node].operand = value
      }
    }
    nodes = placed
    return true
  }

  private func leafValue(_ row: Int, _ tree: Int) -> Double {
    let weights = ensemble.trees.weights
    let value = ensemble.leaves.values[row]
    guard !weights.isEmpty, weights[tree] != 1 else { return value }
    return ensemble.profile.multiply(value, weights[tree])
  }

  /// A link of a tree, and the node that is laid out for it.
  private struct Task {
    var link: Int32
    var node: Int
    var depth: Int
  }

  private mutating func add(_ tree: Int, _ children: ChildTable) -> Bool {
    let splits = ensemble.trees.splits(of: tree)
    let leaves = ensemble.trees.leaves(of: tree)
    let root = appendNode()
    roots.append(UInt32(root))
    var depth = 0
    var tasks = [Task(link: splits.isEmpty ? ~0 : 0, node: root, depth: 0)]
    while let task = tasks.popLast() {
      depth = max(depth, task.depth)
      guard task.link >= 0 else {
        leafRows[task.node] = UInt32(leaves.lowerBound + Int(~task.link))
        continue
      }
      let index = splits.lowerBound + Int(task.link)
      guard let split = ensemble.splits[index],
        let (column, operand, holdsOnRight) = PreparedColumn.comparison(of: split),
        let number = number(of: column)
      else { return false }
      let left = appendNode()
      let right = appendNode()
      nodes[task.node] = CompactTrees.Node(operand: operand, right: UInt32(right), column: number)
      let (near, far) = (children.left[index], children.right[index])
      tasks.append(
        Task(link: holdsOnRight ? far : near, node: left, depth: task.depth + 1))
      tasks.append(
        Task(link: holdsOnRight ? near : far, node: right, depth: task.depth + 1))
    }
    depths.append(depth)
    // Eight trees are walked as far as the deepest: one that is much deeper than its leaves
    // ask for takes more steps than it saves.
    return depth <= max(64, 4 * (Int.bitWidth - leaves.count.leadingZeroBitCount))
  }

  /// Adds a leaf, which it stays unless a split takes its place.
  private mutating func appendNode() -> Int {
    nodes.append(
      CompactTrees.Node(operand: 0, right: UInt32(nodes.count + 1), column: CompactTrees.leafColumn)
    )
    leafRows.append(Self.noLeaf)
    return nodes.count - 1
  }

  private mutating func number(of column: PreparedColumn) -> UInt32? {
    if let number = numbers[column] { return number }
    if case .test = column.kind {
      testCount += 1
      guard testCount <= testLimit else { return nil }
    }
    columns.append(column)
    // Column 0 is that of leaves.
    let number = UInt32(columns.count)
    numbers[column] = number
    return number
  }
}
