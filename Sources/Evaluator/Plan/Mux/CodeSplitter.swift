/// Gives the leaves' codes bit by bit, the highest first: each bit parts every group of leaves that
/// have the same code so far into two.
///
/// A bit's plane takes one operation for each split whose children both have the bit, unless it is
/// the same constant in both, or 0 on the left and 1 on the right. So a bit is parted to spare as
/// many splits as can be (`SplitTable` finds the most), within what the bits that remain can tell
/// apart. A leaf that is alone has no more bits, and thus costs nothing in its ancestors.
struct CodeSplitter {
  /// A group with more leaves is cut in two by position.
  private static let exactLimit = 512

  private struct Group {
    var start: Int
    var end: Int
    var count: Int { end - start }
  }

  private var groups: [Group] = []
  private var parted: [Group] = []
  /// The leaves, group by group, and within a group from left to right.
  private var order: [Int32] = []
  private var onesPart: [Int32] = []
  private var table = SplitTable()

  /// Makes codes of at most `bits` bits for the leaves from left to right, and returns how many
  /// bits they have.
  mutating func split(_ shape: CodeTree, bits: Int, into codes: inout [LeafCode]) -> Int {
    codes.removeAll(keepingCapacity: true)
    codes.append(contentsOf: repeatElement(LeafCode(), count: shape.leafCount))
    order.removeAll(keepingCapacity: true)
    for leaf in 0..<shape.leafCount { order.append(Int32(shape.splitCount + leaf)) }
    groups.removeAll(keepingCapacity: true)
    if shape.leafCount > 1 { groups.append(Group(start: 0, end: shape.leafCount)) }
    var bit = bits
    while !groups.isEmpty {
      bit -= 1
      table.startBit(shape)
      parted.removeAll(keepingCapacity: true)
      // Back and forth: a little better than always from left to right.
      for group in groups.reversed() { part(group, bit, shape, &codes) }
      swap(&groups, &parted)
    }
    if bit > 0 {
      for leaf in codes.indices {
        codes[leaf].value >>= UInt16(bit)
        codes[leaf].care >>= UInt16(bit)
      }
    }
    return bits - bit
  }

  private mutating func part(
    _ group: Group, _ bit: Int, _ shape: CodeTree, _ codes: inout [LeafCode]
  ) {
    let leaves = order[group.start..<group.end]
    let half = 1 << bit
    let fewest = max(1, group.count - half)
    let most = min(group.count - 1, half)
    if group.count > Self.exactLimit {
      table.cut(leaves, ones: fewest...most, shape)
    } else {
      table.part(leaves, ones: fewest...most, shape)
    }
    let mask = UInt16(1) << UInt16(bit)
    onesPart.removeAll(keepingCapacity: true)
    var middle = group.start
    for index in group.start..<group.end {
      let leaf = order[index]
      let place = Int(leaf) - shape.splitCount
      codes[place].care |= mask
      if table.isOne(Int(leaf)) {
        codes[place].value |= mask
        onesPart.append(leaf)
      } else {
        order[middle] = leaf
        middle += 1
      }
    }
    for (index, leaf) in onesPart.enumerated() { order[middle + index] = leaf }
    if middle - group.start > 1 { parted.append(Group(start: group.start, end: middle)) }
    if group.end - middle > 1 { parted.append(Group(start: middle, end: group.end)) }
  }
}
