import TreeIR

/// Reads the trees of a cbm file.
struct CatBoostBinaryTrees {
  private typealias Schema = CatBoostSchema.Trees

  private let place: SourcePlace
  private let splits: CatBoostSplits
  private let numbers: [Int32]
  private let sizes: [Int32]
  private let values: [Double]
  private let weights: [Double]
  private var trees: CatBoostTrees

  @_lifetime(buffer: copy buffer)
  static func read(
    _ buffer: inout FlatBuffer, _ table: FlatBuffer.Table, _ splits: CatBoostSplits,
    limits: Limits
  ) throws(Fault) -> CatBoostTrees {
    var reader = try CatBoostBinaryTrees(&buffer, table, splits, limits)
    if let nodes = try buffer.vector(table, Schema.nodes, width: 4), nodes.count > 0 {
      try reader.readTrees(
        steps: nodes.places(width: 4).map { buffer.integer(UInt32.self, at: $0) },
        leaves: try buffer.integers(table, Schema.leaves))
    } else {
      try reader.readObliviousTrees()
    }
    return reader.trees
  }

  @_lifetime(buffer: copy buffer)
  private init(
    _ buffer: inout FlatBuffer, _ table: FlatBuffer.Table, _ splits: CatBoostSplits,
    _ limits: Limits
  ) throws(Fault) {
    place = buffer.place(table)
    self.splits = splits
    numbers = try buffer.integers(table, Schema.splits)
    sizes = try buffer.integers(table, Schema.sizes)
    values = try buffer.doubles(table, Schema.leafValues)
    let dimension = try buffer.number(table, Schema.dimension, missing: 0)
    trees = try CatBoostTrees(checking: dimension, limits, place)
    let weights = try buffer.doubles(table, Schema.leafWeights)
    // Weights are not kept by all versions.
    self.weights = weights.count == values.count / dimension ? weights : []
    let starts = try buffer.integers(table, Schema.starts, as: Int32.self)
    guard starts.count == sizes.count else {
      throw place.fault(
        .invalid, "\(sizes.count) trees (TreeSizes), but \(starts.count) TreeStartOffsets")
    }
    var end = 0
    for (number, start) in starts.enumerated() {
      guard Int(start) == end, sizes[number] >= 0, Int(sizes[number]) <= numbers.count - end else {
        throw place.fault(
          .invalid,
          "tree \(number) has \(sizes[number]) splits from \(start) on, where the trees before it "
            + "end at \(end) and there are \(numbers.count)")
      }
      end += Int(sizes[number])
    }
  }

  // MARK: Oblivious trees

  private mutating func readObliviousTrees() throws(Fault) {
    var draft = ObliviousTreeDraft(levels: [], leaves: LeafDraft())
    var split = 0
    var leaf = 0
    for (number, size) in sizes.enumerated() {
      let place = place(ofTree: number)
      guard size < 32, (1 << Int(size)) <= values.count / trees.dimension - leaf else {
        throw place.fault(
          .invalid,
          "a tree of \(size) splits, where \(values.count / trees.dimension - leaf) "
            + "leaves are left")
      }
      draft.levels.removeAll(keepingCapacity: true)
      for index in split..<split + Int(size) {
        draft.levels.append(try splits.split(Int(numbers[index]), at: place))
      }
      split += Int(size)
      let leaves = leaf..<leaf + 1 << Int(size)
      draft.leaves = self.leaves(leaves)
      leaf = leaves.upperBound
      try trees.add(draft, at: place)
    }
    guard leaf * trees.dimension == values.count else {
      throw place.fault(
        .invalid,
        "\(values.count) leaf values, of which the trees have \(leaf * trees.dimension)")
    }
  }

  private func leaves(_ range: Range<Int>) -> LeafDraft {
    let dimension = trees.dimension
    var draft = LeafDraft(
      values: Array(values[range.lowerBound * dimension..<range.upperBound * dimension]))
    if !weights.isEmpty { draft.covers = Array(weights[range]) }
    return draft
  }

  private func place(ofTree number: Int) -> SourcePlace {
    SourcePlace(offset: place.offset, path: "\(place.path), tree \(number)")
  }

  // MARK: Other trees

  /// - Parameters:
  ///   - steps: For each node, how far ahead the nodes of its branches are: that of the false one
  ///     in the low 16 bits, of the true one in the high ones. Where it is 0 there is a leaf.
  ///   - leaves: For each node that has a leaf, where the leaf's values begin.
  private mutating func readTrees(steps: [UInt32], leaves: [UInt32]) throws(Fault) {
    guard steps.count == numbers.count, leaves.count == steps.count else {
      throw place.fault(
        .invalid,
        "\(numbers.count) TreeSplits, \(steps.count) NonSymmetricStepNodes and \(leaves.count) "
          + "NonSymmetricNodeIdToLeafId should be as many")
    }
    var draft = TreeDraft()
    var start = 0
    var leafCount = 0
    for (number, size) in sizes.enumerated() {
      let place = place(ofTree: number)
      let nodes = start..<start + Int(size)
      guard !nodes.isEmpty else { throw place.fault(.invalid, "the tree has no nodes") }
      draft.removeAll()
      try fill(&draft, nodes, steps, leaves, place)
      leafCount += draft.leaves.nativeIDs.count
      guard leafCount <= values.count / trees.dimension else {
        throw place.fault(
          .invalid, "the trees have more leaves than there are values, \(values.count)")
      }
      try trees.add(draft, at: place)
      start = nodes.upperBound
    }
  }

  private func fill(
    _ draft: inout TreeDraft, _ nodes: Range<Int>, _ steps: [UInt32], _ leaves: [UInt32],
    _ place: SourcePlace
  ) throws(Fault) {
    let dimension = trees.dimension
    // Nodes that are nothing but a leaf get its number, as ~leaf, the others one of their own.
    var links: [Int32] = []
    links.reserveCapacity(nodes.count)
    var splitCount: Int32 = 0
    var firstLeaf = Int.max
    for node in nodes {
      let (left, right) = (steps[node] & 0xFFFF, steps[node] >> 16)
      links.append(left == 0 && right == 0 ? ~Int32(draft.leaves.nativeIDs.count) : splitCount)
      if left != 0 || right != 0 { splitCount += 1 }
      guard left == 0 || right == 0 else { continue }
      let offset = Int(leaves[node])
      guard offset.isMultiple(of: dimension), offset <= values.count - dimension else {
        throw place.fault(
          .invalid, "the leaf of node \(node) has values from \(offset) on, of \(values.count)")
      }
      draft.leaves.values.append(contentsOf: values[offset..<offset + dimension])
      draft.leaves.nativeIDs.append(Int32(clamping: offset / dimension))
      if !weights.isEmpty { draft.leaves.covers.append(weights[offset / dimension]) }
      firstLeaf = min(firstLeaf, offset / dimension)
    }
    for leaf in draft.leaves.nativeIDs.indices {
      draft.leaves.nativeIDs[leaf] -= Int32(clamping: firstLeaf)
    }
    var leaf: Int32 = 0
    for node in nodes {
      let (left, right) = (Int(steps[node] & 0xFFFF), Int(steps[node] >> 16))
      let own = ~leaf
      if left == 0 || right == 0 { leaf += 1 }
      guard left != 0 || right != 0 else { continue }
      guard left < nodes.upperBound - node, right < nodes.upperBound - node else {
        throw place.fault(.invalid, "node \(node) leads out of the tree")
      }
      draft.splits.append(try splits.split(Int(numbers[node]), at: place))
      // What satisfies a split goes left here, right in CatBoost.
      draft.left.append(right == 0 ? own : links[node + right - nodes.lowerBound])
      draft.right.append(left == 0 ? own : links[node + left - nodes.lowerBound])
    }
  }
}
