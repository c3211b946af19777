/// The least `bits` with `1 << bits >= count`.
@inline(__always)
func ceilLog2(_ count: Int) -> Int { Int.bitWidth - (count - 1).leadingZeroBitCount }

/// A tree's shape with all nodes in one numbering: the splits, and after them the leaves from left
/// to right.
struct CodeTree {
  private(set) var splitCount = 0
  private(set) var left: [Int32] = []
  private(set) var right: [Int32] = []
  /// -1 for the root.
  private(set) var parent: [Int32] = []
  /// The leftmost node that is a leaf below each node, and the rightmost.
  private(set) var first: [Int32] = []
  private(set) var last: [Int32] = []
  /// The tree's own number of each leaf, from left to right.
  private(set) var leafNumber: [Int32] = []
  /// The splits, children before parents. The child with more leaves comes first, so that few
  /// results are alive at once.
  private(set) var postorder: [Int32] = []
  private var stack: [Int32] = []

  var leafCount: Int { splitCount + 1 }
  var nodeCount: Int { 2 * splitCount + 1 }

  mutating func read(_ tree: MuxTree) {
    splitCount = tree.splitCount
    left.removeAll(keepingCapacity: true)
    right.removeAll(keepingCapacity: true)
    left.append(contentsOf: tree.left)
    right.append(contentsOf: tree.right)
    numberLeaves()
    measure()
    order()
  }

  private mutating func numberLeaves() {
    leafNumber.removeAll(keepingCapacity: true)
    stack.removeAll(keepingCapacity: true)
    if splitCount == 0 { leafNumber.append(0) }
    for split in 0..<min(1, splitCount) { stack.append(Int32(split) << 1) }
    // A split is met twice: before its left child, and (with the lowest bit set) after it.
    while let top = stack.popLast() {
      let split = Int(top >> 1)
      let isSecond = top & 1 == 1
      let child = isSecond ? right[split] : left[split]
      if !isSecond { stack.append(top | 1) }
      if child >= 0 {
        stack.append(child << 1)
      } else {
        let node = Int32(splitCount + leafNumber.count)
        leafNumber.append(~child)
        if isSecond { right[split] = node } else { left[split] = node }
      }
    }
  }

  private mutating func measure() {
    parent.removeAll(keepingCapacity: true)
    first.removeAll(keepingCapacity: true)
    parent.append(contentsOf: repeatElement(-1, count: nodeCount))
    for node in 0..<nodeCount { first.append(Int32(node)) }
    last.removeAll(keepingCapacity: true)
    last.append(contentsOf: first)
    for split in (0..<splitCount).reversed() {
      let (l, r) = (Int(left[split]), Int(right[split]))
      parent[l] = Int32(split)
      parent[r] = Int32(split)
      first[split] = first[l]
      last[split] = last[r]
    }
  }

  private mutating func order() {
    postorder.removeAll(keepingCapacity: true)
    stack.removeAll(keepingCapacity: true)
    if splitCount > 0 { stack.append(0) }
    // Parents first, and lighter children before heavier ones: the order, read backwards.
    while let split = stack.popLast() {
      postorder.append(split)
      let (l, r) = (left[Int(split)], right[Int(split)])
      let leftIsHeavy = last[Int(l)] - first[Int(l)] >= last[Int(r)] - first[Int(r)]
      let (heavy, light) = leftIsHeavy ? (l, r) : (r, l)
      if heavy < Int32(splitCount) { stack.append(heavy) }
      if light < Int32(splitCount) { stack.append(light) }
    }
    postorder.reverse()
  }
}
