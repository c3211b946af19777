import TextCodec
import TreeIR

/// Makes trees of their lists and gathers them in an ensemble.
struct XGBoostTreeBuilder {
  private let limits: Limits
  /// Made anew with the first tree, which says how many values a leaf has.
  private var ensemble: EnsembleBuilder
  private(set) var leafSize = 1
  /// Whether a leaf of −0 becomes +0: dart before 3.3 starts each tree's score from +0, and adds
  /// the weighted result to the margin.
  var startsTreesFromZero = false
  private var sets: CategoryBits
  private var draft = TreeDraft()
  private var lists = XGBoostTreeLists()

  /// By node of the tree at hand: the split or leaf that it becomes, ``unreached``, or
  /// ``reached`` before it has a number.
  private var links: [Int32] = []
  private var pending: [Int32] = []
  /// By node: the position in `categories_nodes`, or -1.
  private var segments: [Int32] = []

  private static let unreached = Int32.min
  private static let reached = Int32.max

  /// Columns that some split tests for categories.
  private(set) var categoricalColumns: Set<Int> = []
  /// The split with the largest column number so far: what the number of columns, which comes
  /// after the trees, is checked against.
  private(set) var largestColumn: (column: Int, fault: Fault)?

  init(limits: Limits, sourceSize: Int) {
    self.limits = limits
    ensemble = EnsembleBuilder(profile: .xgBoost, outputCount: 1, limits: limits)
    sets = CategoryBits(sourceSize: sourceSize)
  }

  var treeCount: Int { ensemble.treeCount }

  /// Reads the next tree from `document`.
  mutating func read<Document: DocumentReader & ~Escapable>(
    _ document: inout Document
  ) throws(Fault) {
    let number = treeCount
    try lists.read(
      &document, number: number, hasVectors: number == 0 ? nil : leafSize > 1)
    if number == 0 {
      leafSize = lists.leafSize
      guard leafSize <= limits.outputs else {
        throw lists.fault(
          .limit, .parameters, "leaves of \(leafSize) values (size_leaf_vector)",
          remedy: Remedy.raiseLimits)
      }
      ensemble = EnsembleBuilder(
        profile: .xgBoost, outputCount: leafSize, leafWidth: leafSize, limits: limits)
    }
    guard lists.leafSize == leafSize else {
      throw lists.fault(
        .unsupported, .parameters,
        "leaves of \(lists.leafSize) values, but those of the trees before have \(leafSize)",
        remedy: "Train all rounds of the model with the same multi_strategy")
    }
    try findReachableNodes()
    try findCategorySegments()
    try makeDraft()
    do {
      try ensemble.add(draft)
    } catch {
      throw Fault(error, at: lists.start)
    }
  }

  /// The ensemble.
  ///
  /// - Parameter arrangement: As many base scores as leaves have values, if these are vectors.
  consuming func build(_ arrangement: EnsembleArrangement) -> Ensemble {
    ensemble.build(arrangement)
  }

  // MARK: Nodes

  /// Walks from the root. Pruning leaves nodes behind that no way leads to.
  private mutating func findReachableNodes() throws(Fault) {
    let count = lists.left.count
    links.removeAll(keepingCapacity: true)
    links.append(contentsOf: repeatElement(Self.unreached, count: count))
    links[0] = Self.reached
    pending.append(0)
    defer { pending.removeAll(keepingCapacity: true) }
    while let node = pending.popLast() {
      let left = lists.left[Int(node)]
      if left == -1 { continue }
      try reach(left, .leftChildren, from: node)
      try reach(lists.right[Int(node)], .rightChildren, from: node)
    }
  }

  private mutating func reach(
    _ child: Int32, _ key: XGBoostTreeKey, from node: Int32
  ) throws(Fault) {
    guard child >= 0, Int(child) < links.count else {
      throw lists.fault(
        .invalid, key,
        "node \(node) leads to node \(child), which does not exist: there are \(links.count)")
    }
    guard links[Int(child)] == Self.unreached else {
      throw lists.fault(
        .invalid, key,
        "node \(node) leads to node \(child), which another way leads to: the links form a "
          + "cycle or share a branch")
    }
    links[Int(child)] = Self.reached
    pending.append(child)
  }

  private mutating func findCategorySegments() throws(Fault) {
    segments.removeAll(keepingCapacity: true)
    guard !lists.categoryNodes.isEmpty else { return }
    segments.append(contentsOf: repeatElement(-1, count: links.count))
    for (position, node) in lists.categoryNodes.enumerated() {
      guard let index = Int(exactly: node), segments.indices.contains(index),
        segments[index] == -1
      else {
        throw lists.fault(
          .invalid, .categoryNodes, "node \(node) does not exist or is listed twice")
      }
      segments[index] = Int32(position)
    }
  }

  /// Numbers splits and leaves in the order of the nodes, and fills the draft.
  private mutating func makeDraft() throws(Fault) {
    draft.removeAll()
    try checkLeafWeights()
    for node in links.indices where links[node] == Self.reached {
      if lists.left[node] == -1 {
        links[node] = ~Int32(draft.leaves.nativeIDs.count)
        try appendLeaf(node)
      } else {
        links[node] = Int32(draft.splits.count)
        draft.splits.append(try split(node))
        draft.nodeIDs.append(Int32(node))
        if !lists.covers.isEmpty { draft.nodeCovers.append(Double(lists.covers[node])) }
      }
    }
    for node in draft.nodeIDs {
      draft.left.append(links[Int(lists.left[Int(node)])])
      draft.right.append(links[Int(lists.right[Int(node)])])
    }
  }

  /// Checks that each leaf can have values of its own, before memory is taken for them.
  private func checkLeafWeights() throws(Fault) {
    guard lists.keys.contains(.leafWeights) else { return }
    var count = 0
    for node in links.indices where links[node] == Self.reached && lists.left[node] == -1 {
      count += 1
    }
    guard count <= lists.leafWeights.count / leafSize else {
      throw lists.fault(
        .invalid, .leafWeights,
        "\(lists.leafWeights.count) values for \(count) leaves of \(leafSize) (size_leaf_vector)")
    }
  }

  private mutating func appendLeaf(_ node: Int) throws(Fault) {
    draft.leaves.nativeIDs.append(Int32(node))
    if !lists.covers.isEmpty { draft.leaves.covers.append(Double(lists.covers[node])) }
    let right = lists.right[node]
    guard leafSize > 1 else {
      guard right == -1 else {
        throw lists.fault(
          .invalid, .rightChildren,
          "node \(node) leads to node \(right), but to none on its left (left_children)")
      }
      let value = Double(lists.conditions[node])
      draft.leaves.values.append(startsTreesFromZero ? 0 + value : value)
      return
    }
    // Files before 3.2 have a vector for each node, and -1 here.
    let hasNumber = lists.keys.contains(.leafWeights)
    guard hasNumber == (right != -1) else {
      throw lists.fault(
        .invalid, hasNumber ? .rightChildren : .leafWeights,
        hasNumber
          ? "leaf \(node) has no number in right_children, by which leaf_weights goes"
          : "the key is missing, though leaf \(node) has the number \(right) in right_children")
    }
    let vector =
      hasNumber
      ? try leafVector(lists.leafWeights, .leafWeights, position: Int(right), node)
      : try leafVector(lists.baseWeights, .baseWeights, position: node, node)
    draft.leaves.values.append(contentsOf: vector.lazy.map { Double($0) })
  }

  private func leafVector(
    _ values: [Float], _ key: XGBoostTreeKey, position: Int, _ node: Int
  ) throws(Fault) -> ArraySlice<Float> {
    guard (0..<values.count / leafSize).contains(position) else {
      throw lists.fault(
        .invalid, key,
        "leaf \(node) has its \(leafSize) values (size_leaf_vector) at position \(position) "
          + "(right_children), but there are \(values.count) values")
    }
    return values[position * leafSize..<(position + 1) * leafSize]
  }

  // MARK: Splits

  private mutating func split(_ node: Int) throws(Fault) -> Split {
    let column = lists.features[node]
    guard column >= 0, column < Int(UInt32.max) else {
      throw lists.fault(
        .invalid, .splitIndices, "node \(node) tests feature \(column)")
    }
    if column > largestColumn?.column ?? -1 {
      largestColumn = (
        column,
        lists.fault(.invalid, .splitIndices, "node \(node) tests feature \(column)")
          .inside("[\(treeCount)]")
      )
    }
    let missing: MissingRule = lists.defaultLeft[node] ? .left : .right
    let gain = lists.gains.isEmpty ? 0 : lists.gains[node]
    switch lists.splitTypes.isEmpty ? 0 : lists.splitTypes[node] {
    case 0:
      let threshold = lists.conditions[node]
      guard !threshold.isNaN else {
        throw lists.fault(
          .invalid, .splitConditions, "the threshold of node \(node) is not a number")
      }
      return Split(
        slot: column, condition: .less, missing: missing, operand: .threshold(Double(threshold)),
        gain: gain)
    case 1:
      categoricalColumns.insert(column)
      return Split(
        slot: column, condition: .notInCategorySet, missing: missing,
        operand: .categorySet(try categorySet(node)), gain: gain)
    case let type:
      throw lists.fault(
        .unsupported, .splitTypes,
        "node \(node) has a split of type \(type); 0 (numeric) and 1 (categorical) are known",
        remedy: Remedy.newerTreec)
    }
  }

  /// Adds the categories that go right at `node`, and returns the number of the set.
  private mutating func categorySet(_ node: Int) throws(Fault) -> Int {
    guard segments.indices.contains(node), segments[node] >= 0 else {
      throw lists.fault(
        .invalid, .categoryNodes, "the categorical split of node \(node) is not listed")
    }
    let position = Int(segments[node])
    let start = lists.categorySegments[position]
    let size = lists.categorySizes[position]
    guard size > 0, start >= 0, start <= lists.categories.count - size else {
      throw lists.fault(
        .invalid, .categorySegments,
        "the categories of node \(node) are \(size) (categories_sizes) from position \(start) on, "
          + "but there are \(lists.categories.count)")
    }
    for category in lists.categories[start..<start + size] {
      guard category >= 0 else {
        throw lists.fault(.invalid, .categories, "node \(node) has the category \(category)")
      }
      try sets.insert(
        category, at: lists.start, remedy: "Number the categories from 0 on before training")
    }
    defer { sets.removeAll() }
    do {
      return try ensemble.addCategorySet(words: sets.words)
    } catch {
      throw Fault(error, at: lists.start)
    }
  }
}
