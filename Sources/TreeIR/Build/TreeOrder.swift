/// An order of a tree's nodes in which children follow their parent, found while checking
/// that the links form one tree: every node but the root and every leaf is reached once.
struct TreeOrder {
  /// The source's node numbers in the new order; nil when they stay as they are.
  let nodes: [Int]?
  /// New number of each source node; empty when they stay as they are.
  let positions: [Int32]
  let leafCount: Int

  init(left: [Int32], right: [Int32], place: String) throws(ModelError) {
    let count = left.count
    guard right.count == count, count < Int(Int32.max) else {
      throw ModelError(
        .invalid, place, "there are \(count) left children and \(right.count) right children")
    }
    leafCount = count + 1
    var nodeSeen = [Bool](repeating: false, count: count)
    var leafSeen = [Bool](repeating: false, count: leafCount)
    var ordered = true
    for node in 0..<count {
      for child in [left[node], right[node]] {
        let target = Int(child >= 0 ? child : ~child)
        guard target < (child >= 0 ? count : leafCount) else {
          throw ModelError(
            .invalid, "\(place), node \(node)",
            "child \(child) does not exist: the tree has \(count) nodes and \(leafCount) leaves")
        }
        let seen = child >= 0 ? nodeSeen[target] || target == 0 : leafSeen[target]
        guard !seen else {
          throw ModelError(
            .invalid, "\(place), node \(node)",
            "child \(child) is reached twice: the links form a cycle or share a branch")
        }
        if child >= 0 { nodeSeen[target] = true } else { leafSeen[target] = true }
        if child >= 0 && target <= node { ordered = false }
      }
    }
    if ordered {
      nodes = nil
      positions = []
      return
    }
    let walk = Self.preorder(left: left, right: right)
    guard walk.count == count else {
      // All nodes have one parent, yet some are not below the root: they form a ring.
      throw ModelError(
        .invalid, place, "\(count - walk.count) nodes form a cycle apart from the root")
    }
    var positions = [Int32](repeating: 0, count: count)
    for (position, node) in walk.enumerated() { positions[node] = Int32(position) }
    self.positions = positions
    nodes = walk
  }

  /// The link `child` in the new order.
  func renumbered(_ child: Int32) -> Int32 {
    child < 0 || positions.isEmpty ? child : positions[Int(child)]
  }

  private static func preorder(left: [Int32], right: [Int32]) -> [Int] {
    var walk: [Int] = []
    var pending = [0]
    while let node = pending.popLast() {
      walk.append(node)
      if right[node] >= 0 { pending.append(Int(right[node])) }
      if left[node] >= 0 { pending.append(Int(left[node])) }
    }
    return walk
  }
}
