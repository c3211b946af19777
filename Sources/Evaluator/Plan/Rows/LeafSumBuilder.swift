/// The leaf values of all trees, each tree's leaves from left to right, as every engine numbers
/// them.
struct LeafTables<Value: BinaryFloatingPoint & Sendable>: Sendable {
  var values: [Value] = []
  var starts: [UInt32] = []
  /// Empty where there is one output.
  var outputs: [UInt16] = []

  init(_ trees: [RowTree], outputCount: Int) {
    for tree in trees {
      starts.append(UInt32(values.count))
      values += tree.leavesInOrder.map { Value(tree.leaves[$0]) }
      if outputCount > 1 { outputs.append(UInt16(tree.output)) }
    }
  }

  /// What the tables take.
  static func byteCount(_ trees: [RowTree], outputCount: Int) -> Int {
    trees.reduce(0) { $0 + $1.leaves.count } * MemoryLayout<Value>.stride
      + trees.count * (outputCount > 1 ? 6 : 4)
  }
}

extension RowTree {
  /// The leaves from left to right.
  var leavesInOrder: [Int] {
    var order: [Int] = []
    var stack: [Int32] = [left.isEmpty ? -1 : 0]
    while let link = stack.popLast() {
      if link < 0 {
        order.append(Int(~link))
      } else {
        stack.append(right[Int(link)])
        stack.append(left[Int(link)])
      }
    }
    return order
  }

  /// Per split, how many leaves are to the left of its subtree, in its left and in its right
  /// subtree.
  var leafRanges: [(start: Int, middle: Int, end: Int)] {
    var ranges = [(start: Int, middle: Int, end: Int)](repeating: (0, 0, 0), count: left.count)
    var next = 0
    // A split is met before its left subtree, between its subtrees, and after the right one.
    var stack: [(link: Int32, visit: Int)] = [(left.isEmpty ? -1 : 0, 0)]
    while let (link, visit) = stack.popLast() {
      if link < 0 {
        next += 1
        continue
      }
      let split = Int(link)
      switch visit {
      case 0:
        ranges[split].start = next
        stack.append((link, 1))
        stack.append((left[split], 0))
      case 1:
        ranges[split].middle = next
        stack.append((link, 2))
        stack.append((right[split], 0))
      default:
        ranges[split].end = next
      }
    }
    return ranges
  }
}
