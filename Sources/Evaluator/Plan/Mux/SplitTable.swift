/// Finds, for one bit of the code, the parting of a group of leaves that needs fewest operations.
///
/// For each split above the group and each number of ones that could be below it, it computes how
/// many splits are spared at most: a knapsack over the tree, quadratic in the group's size.
struct SplitTable {
  /// Which values of the bit there are below a node: none, one of them, or both.
  private struct Values: OptionSet {
    var rawValue: UInt8
    static let zero = Values(rawValue: 1)
    static let one = Values(rawValue: 2)
    static let both = Values(rawValue: 3)
  }

  private struct Node {
    /// Over all groups so far.
    var values: Values = []
    /// The last group that has leaves below the node.
    var group: Int32 = 0
    /// How many.
    var weight: Int32 = 0
    /// Where the node's row in `spared` starts.
    var row: Int32 = 0
    /// How many leaves of the group below the node are given ones.
    var ones: Int32 = 0
  }

  private var nodes: [Node] = []
  private var group: Int32 = 0
  private var climbed: [Int32] = []
  private var segments: [Int32] = []
  private var sequence: [Int32] = []
  /// For each node of the group, a row: for each number of ones below it, how many splits are
  /// spared. Two noughts come first: the row of every leaf.
  private var spared: [Int16] = [0, 0]

  /// Starts a bit: no leaf has a value.
  mutating func startBit(_ shape: CodeTree) {
    for node in 0..<min(nodes.count, shape.nodeCount) { nodes[node].values = [] }
    let missing = shape.nodeCount - nodes.count
    if missing > 0 { nodes.append(contentsOf: repeatElement(Node(), count: missing)) }
  }

  func isOne(_ leaf: Int) -> Bool { nodes[leaf].values == .one }

  /// Gives ones to leaves on the right: fast, for large groups.
  mutating func cut(_ leaves: ArraySlice<Int32>, ones range: ClosedRange<Int>, _ shape: CodeTree) {
    let middle = leaves.endIndex - (range.lowerBound + range.upperBound) / 2
    for index in leaves.indices {
      set(Int(leaves[index]), index < middle ? .zero : .one, shape)
    }
  }

  /// Gives ones to the best choice of leaves (which come from left to right), as many as `range`
  /// allows.
  mutating func part(
    _ leaves: ArraySlice<Int32>, ones range: ClosedRange<Int>, _ shape: CodeTree
  ) {
    if leaves.count == 2 {
      partPair(Int(leaves[leaves.startIndex]), Int(leaves[leaves.startIndex + 1]), shape)
      return
    }
    climb(leaves, shape)
    guard let top = sequence.last else { return }
    spared.removeSubrange(2...)
    for split in sequence { fill(Int(split), shape) }
    nodes[Int(top)].ones = Int32(best(in: range, row: Int(nodes[Int(top)].row)))
    for split in sequence.reversed() { share(Int(split), shape) }
    for leaf in leaves { set(Int(leaf), nodes[Int(leaf)].ones > 0 ? .one : .zero, shape) }
  }

  /// The same for two leaves, where there is only the choice which is the one.
  private mutating func partPair(_ l: Int, _ r: Int, _ shape: CodeTree) {
    var leftFirst = Values.zero
    var leftSecond = Values.one
    var rightFirst = Values.one
    var rightSecond = Values.zero
    var gain = 0
    var node = l
    var parent = Int(shape.parent[l])
    while Int(shape.last[parent]) < r && (leftFirst != .both || leftSecond != .both) {
      let isLeft = Int(shape.left[parent]) == node
      let other = nodes[Int(isLeft ? shape.right[parent] : shape.left[parent])].values
      gain += Self.isSpared(leftFirst, other, swapped: !isLeft) ? 1 : 0
      gain -= Self.isSpared(leftSecond, other, swapped: !isLeft) ? 1 : 0
      leftFirst.formUnion(nodes[parent].values)
      leftSecond.formUnion(nodes[parent].values)
      node = parent
      parent = Int(shape.parent[node])
    }
    node = r
    parent = Int(shape.parent[r])
    while Int(shape.first[parent]) > l && (rightFirst != .both || rightSecond != .both) {
      let isLeft = Int(shape.left[parent]) == node
      let other = nodes[Int(isLeft ? shape.right[parent] : shape.left[parent])].values
      gain += Self.isSpared(rightFirst, other, swapped: !isLeft) ? 1 : 0
      gain -= Self.isSpared(rightSecond, other, swapped: !isLeft) ? 1 : 0
      rightFirst.formUnion(nodes[parent].values)
      rightSecond.formUnion(nodes[parent].values)
      node = parent
      parent = Int(shape.parent[node])
    }
    gain += Self.isSpared(leftFirst, rightFirst) ? 1 : 0
    gain -= Self.isSpared(leftSecond, rightSecond) ? 1 : 0
    set(l, gain >= 0 ? .zero : .one, shape)
    set(r, gain >= 0 ? .one : .zero, shape)
  }

  @inline(__always)
  private static func isSpared(_ one: Values, _ other: Values, swapped: Bool) -> Bool {
    swapped ? isSpared(other, one) : isSpared(one, other)
  }

  private mutating func set(_ leaf: Int, _ value: Values, _ shape: CodeTree) {
    nodes[leaf].values = value
    var node = Int(shape.parent[leaf])
    while node >= 0 && !nodes[node].values.isSuperset(of: value) {
      nodes[node].values.formUnion(value)
      node = Int(shape.parent[node])
    }
  }

  /// The number of ones that spares most, and of those the one nearest to the middle: even groups
  /// leave more room for the bits to come.
  private func best(in range: ClosedRange<Int>, row: Int) -> Int {
    let middle = (range.lowerBound + range.upperBound) / 2
    var best = middle
    for distance in 0...(range.upperBound - middle) {
      let (below, above) = (middle - distance, middle + distance)
      if below >= range.lowerBound && spared[row + below] > spared[row + best] { best = below }
      if spared[row + above] > spared[row + best] { best = above }
    }
    return best
  }

  /// Fills `sequence` with the splits above the leaves, children first. Above the split that has
  /// all the leaves below it both values occur anyway.
  private mutating func climb(_ leaves: ArraySlice<Int32>, _ shape: CodeTree) {
    group += 1
    climbed.removeAll(keepingCapacity: true)
    segments.removeAll(keepingCapacity: true)
    guard let leftmost = leaves.first, let rightmost = leaves.last else { return }
    for leaf in leaves {
      nodes[Int(leaf)].group = group
      nodes[Int(leaf)].weight = 1
      nodes[Int(leaf)].row = 0
      segments.append(Int32(climbed.count))
      var node = Int(shape.parent[Int(leaf)])
      while nodes[node].group != group {
        nodes[node].group = group
        climbed.append(Int32(node))
        if shape.first[node] <= leftmost && shape.last[node] >= rightmost { break }
        node = Int(shape.parent[node])
      }
    }
    // What is climbed from one leaf ends below what was climbed from one before.
    sequence.removeAll(keepingCapacity: true)
    var end = climbed.count
    for segment in segments.reversed() {
      for index in Int(segment)..<end { sequence.append(climbed[index]) }
      end = Int(segment)
    }
  }

  // MARK: Rows

  /// Whether a split needs no operation.
  @inline(__always)
  private static func isSpared(_ left: Values, _ right: Values) -> Bool {
    if left.isEmpty || right.isEmpty { return true }
    return left != .both && right != .both && !(left == .one && right == .zero)
  }

  private mutating func fill(_ split: Int, _ shape: CodeTree) {
    let (l, r) = (Int(shape.left[split]), Int(shape.right[split]))
    let (left, right) = (nodes[l], nodes[r])
    if left.group != group {
      pass(
        split, right, zeros: Self.isSpared(left.values, right.values.union(.zero)),
        ones: Self.isSpared(left.values, right.values.union(.one)), isAlone: left.values.isEmpty)
    } else if right.group != group {
      pass(
        split, left, zeros: Self.isSpared(left.values.union(.zero), right.values),
        ones: Self.isSpared(left.values.union(.one), right.values), isAlone: right.values.isEmpty)
    } else {
      combine(split, left, right)
    }
  }

  /// A split with leaves of the group below one child only: it may be spared if these are all
  /// zeros, or all ones. (If it is always, that does not matter for the choice.)
  private mutating func pass(
    _ split: Int, _ child: Node, zeros: Bool, ones: Bool, isAlone: Bool
  ) {
    var row = Int(child.row)
    if !isAlone && (zeros || ones) {
      if row == 0 {
        row = spared.count
        spared.append(0)
        spared.append(0)
      }
      if zeros { spared[row] += 1 }
      if ones { spared[row + Int(child.weight)] += 1 }
    }
    nodes[split].weight = child.weight
    nodes[split].row = Int32(row)
  }

  private mutating func combine(_ split: Int, _ left: Node, _ right: Node) {
    let weight = Int(left.weight + right.weight)
    let row = spared.count
    nodes[split].weight = Int32(weight)
    nodes[split].row = Int32(row)
    spared.append(contentsOf: repeatElement(-1, count: weight + 1))
    let (small, large) = left.weight <= right.weight ? (left, right) : (right, left)
    spared.withUnsafeMutableBufferPointer { all in
      guard let rows = all.baseAddress else { return }
      for ones in 0...Int(small.weight) {
        Self.raise(
          rows + row + ones, to: rows + Int(large.row), plus: rows[Int(small.row) + ones],
          count: Int(large.weight) + 1)
      }
    }
    creditIfSpared(row, left, right, 0, 0)
    creditIfSpared(row, left, right, 0, right.weight)
    creditIfSpared(row, left, right, left.weight, 0)
    creditIfSpared(row, left, right, left.weight, right.weight)
  }

  /// On raw memory, so that it is vectorised: all but a few of the cycles go here.
  @inline(__always)
  private static func raise(
    _ target: UnsafeMutablePointer<Int16>, to source: UnsafeMutablePointer<Int16>,
    plus own: Int16, count: Int
  ) {
    for index in 0..<count {
      let sum = source[index] &+ own
      target[index] = target[index] < sum ? sum : target[index]
    }
  }

  @inline(__always)
  private mutating func creditIfSpared(
    _ row: Int, _ left: Node, _ right: Node, _ i: Int32, _ j: Int32
  ) {
    guard Self.isSpared(left, right, i, j) else { return }
    let sum = spared[Int(left.row + i)] + spared[Int(right.row + j)] + 1
    let place = row + Int(i + j)
    spared[place] = max(spared[place], sum)
  }

  /// Whether a split is spared if its children have `i` and `j` ones: none, or all.
  @inline(__always)
  private static func isSpared(_ left: Node, _ right: Node, _ i: Int32, _ j: Int32) -> Bool {
    isSpared(
      left.values.union(i == 0 ? .zero : .one), right.values.union(j == 0 ? .zero : .one))
  }

  /// Shares a split's ones among its children so that as much is spared as its row says.
  private mutating func share(_ split: Int, _ shape: CodeTree) {
    let (l, r) = (Int(shape.left[split]), Int(shape.right[split]))
    let (left, right) = (nodes[l], nodes[r])
    let total = nodes[split].ones
    if left.group != group {
      nodes[r].ones = total
      return
    }
    if right.group != group {
      nodes[l].ones = total
      return
    }
    var best: Int16 = -1
    var bestLeft: Int32 = 0
    for i in max(0, total - right.weight)...min(left.weight, total) {
      let j = total - i
      var sum = spared[Int(left.row + i)] &+ spared[Int(right.row + j)]
      let isPure = (i == 0 || i == left.weight) && (j == 0 || j == right.weight)
      if isPure && Self.isSpared(left, right, i, j) { sum += 1 }
      if sum > best {
        best = sum
        bestLeft = i
      }
    }
    nodes[l].ones = bestLeft
    nodes[r].ones = total - bestLeft
  }
}
