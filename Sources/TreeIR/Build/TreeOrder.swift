/// An order of a tree's nodes in which children follow their parent, found while checking
/// that the links form one tree: every node but the root and every leaf is reached once.
///
/// One value serves all trees, so that its lists are allocated once.
struct TreeOrder {
  /// The source's node numbers in the new order; empty when they stay as they are.
  private(set) var nodes: [Int] = []
  /// New number of each source node; empty when they stay as they are.
  private var positions: [Int32] = []
  /// Whether each node, and then each leaf, has been reached.
  private var reached: [Bool] = []

  /// Finds the order of tree number `tree`, whose links are these.
  mutating func read(left: [Int32], right: [Int32], tree: Int) throws(ModelError) {
    let count = left.count
    guard right.count == count, count < Int(Int32.max) else {
      throw ModelError(
        .invalid, "tree \(tree)",
        "there are \(count) left children and \(right.count) right children")
    }
    nodes.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    reached.removeAll(keepingCapacity: true)
    reached.append(contentsOf: repeatElement(false, count: 2 * count + 1))
    if count > 0 { reached[0] = true }
    var ordered = true
    for node in 0..<count {
      try reach(left[node], from: node, of: count, tree: tree)
      try reach(right[node], from: node, of: count, tree: tree)
      ordered = ordered && follows(left[node], node) && follows(right[node], node)
    }
    if ordered { return }
    walk(left: left, right: right)
    guard nodes.count == count else {
      // All nodes have one parent, yet some are not below the root: they form a ring.
      throw ModelError(
        .invalid, "tree \(tree)",
        "\(count - nodes.count) nodes form a cycle apart from the root")
    }
    positions.append(contentsOf: repeatElement(0, count: count))
    for (position, node) in nodes.enumerated() { positions[node] = Int32(position) }
  }

  /// The link `child` in the new order.
  func renumbered(_ child: Int32) -> Int32 {
    child < 0 || positions.isEmpty ? child : positions[Int(child)]
  }

  /// Whether `child` is a leaf or stands after `node`.
  private func follows(_ child: Int32, _ node: Int) -> Bool {
    child < 0 || child > node
  }

  private mutating func reach(
    _ child: Int32, from node: Int, of count: Int, tree: Int
  ) throws(ModelError) {
    guard child < count, child >= 0 || ~child <= count else {
      throw ModelError(
        .invalid, "tree \(tree), node \(node)",
        "child \(child) does not exist: the tree has \(count) nodes and \(count + 1) leaves")
    }
    let place = child >= 0 ? Int(child) : count + Int(~child)
    guard !reached[place] else {
      throw ModelError(
        .invalid, "tree \(tree), node \(node)",
        "child \(child) is reached twice: the links form a cycle or share a branch")
    }
    reached[place] = true
  }

  private mutating func walk(left: [Int32], right: [Int32]) {
    var pending = [0]
    while let node = pending.popLast() {
      nodes.append(node)
      if right[node] >= 0 { pending.append(Int(right[node])) }
      if left[node] >= 0 { pending.append(Int(left[node])) }
    }
  }
}
