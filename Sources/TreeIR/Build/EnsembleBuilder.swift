/// What the trees of an ensemble add to, for formats that tell it apart from the trees
/// (XGBoost: after them).
public struct EnsembleArrangement: Sendable {
  /// The output of each tree.
  public var outputs: [Int]
  /// The factor on each tree's leaves; empty when all are 1.
  public var weights: [Double]
  /// First tree of each boosting iteration, and the end of the last.
  public var iterationStarts: [Int]
  /// Where each output's sum starts.
  public var baseScores: [Double]
  /// How numbers become categories; nil leaves it as the profile has it.
  public var categories: NumericProfile.CategoryRule?

  public init(
    outputs: [Int], weights: [Double] = [], iterationStarts: [Int], baseScores: [Double],
    categories: NumericProfile.CategoryRule? = nil
  ) {
    self.outputs = outputs
    self.weights = weights
    self.iterationStarts = iterationStarts
    self.baseScores = baseScores
    self.categories = categories
  }
}

/// Makes an ``Ensemble`` tree by tree: the only way to make trees.
///
/// Trees are added in the order of the source file, each iteration closed by
/// ``endIteration()``. What the builder cannot see by looking at one tree (whether slots
/// exist, say) the validator checks when the model is built. A tree or set that is refused
/// leaves the builder as it was.
public struct EnsembleBuilder: Sendable {
  private var profile: NumericProfile
  private let leafWidth: Int
  private var baseScores: [Double]
  private let earlyStopping: Ensemble.EarlyStopping
  private let limits: Limits

  private var splits = SplitColumns()
  private var children = ChildColumns()
  private var leaves = LeafColumns()
  private var splitStarts: [UInt32] = [0]
  private var leafStarts: [UInt32] = [0]
  private var outputs: [UInt32] = []
  private var weights: [Double] = []
  private var iterationStarts: [UInt32] = [0]
  private var setStarts: [UInt32] = [0]
  private var setWords: [UInt32] = []
  private var isOblivious: Bool?
  private var order = TreeOrder()

  /// Starts an ensemble.
  ///
  /// - Parameters:
  ///   - profile: The arithmetic of the library that trained the trees.
  ///   - outputCount: Scores computed per row.
  ///   - leafWidth: 1, or `outputCount` where every leaf holds one value an output.
  ///   - baseScores: Where each output's sum starts; zeros when nil.
  ///   - earlyStopping: Whether prediction may stop before the last tree.
  ///   - limits: How large the ensemble may become.
  /// - Precondition: `outputCount` is from 1 to `limits.outputs`, and `leafWidth` is 1 or
  ///   `outputCount`.
  public init(
    profile: NumericProfile, outputCount: Int, leafWidth: Int = 1, baseScores: [Double]? = nil,
    earlyStopping: Ensemble.EarlyStopping = .never, limits: Limits = .standard
  ) {
    precondition(outputCount >= 1 && outputCount <= limits.outputs)
    precondition(leafWidth == 1 || leafWidth == outputCount)
    self.profile = profile
    self.leafWidth = leafWidth
    self.baseScores = baseScores ?? [Double](repeating: 0, count: outputCount)
    self.earlyStopping = earlyStopping
    self.limits = limits
  }

  /// Number of trees added.
  public var treeCount: Int { outputs.count }

  /// Adds a category set and returns its number.
  ///
  /// - Parameter words: Bit `c % 32` of word `c / 32` is set when category `c` belongs.
  /// - Throws: ``ModelError`` when there are more sets, or words in all of them, than the
  ///   limit on splits.
  public mutating func addCategorySet(
    words: some Collection<UInt32>
  ) throws(ModelError) -> Int {
    guard words.count <= rowLimit - setWords.count, setStarts.count <= rowLimit else {
      throw ModelError(
        .limit, place, "more than \(rowLimit) category sets, or words of memory for them")
    }
    setWords.append(contentsOf: words)
    setStarts.append(UInt32(setWords.count))
    return setStarts.count - 2
  }

  /// Adds a binary tree.
  ///
  /// - Throws: ``ModelError`` naming tree and node when the children do not form a tree,
  ///   the columns differ in length, the output is negative, a split's operand does not
  ///   suit its condition, or a limit is exceeded.
  public mutating func add(_ tree: TreeDraft) throws(ModelError) {
    let row = try checkedRow(
      oblivious: false, splits: tree.splits, leaves: tree.leaves, output: tree.output,
      weight: tree.weight)
    try order.read(left: tree.left, right: tree.right, tree: treeCount)
    guard tree.left.count == tree.splits.count, row.leafCount == tree.splits.count + 1 else {
      throw ModelError(
        .invalid, place,
        "\(tree.splits.count) splits need \(tree.splits.count + 1) leaves and as many links, "
          + "but there are \(row.leafCount) leaves and \(tree.left.count) links")
    }
    for (what, count) in [("covers", tree.nodeCovers.count), ("numbers", tree.nodeIDs.count)]
    where count != 0 && count != tree.splits.count {
      throw ModelError(
        .invalid, place, "\(count) \(what) for \(tree.splits.count) nodes")
    }
    guard tree.nodeIDs.allSatisfy({ $0 >= ChildTable.ownPosition }) else {
      throw ModelError(.invalid, place, "a node has a negative number")
    }
    splits.append(tree.splits, in: order.nodes)
    children.append(tree, order: order)
    append(row, leaves: tree.leaves)
  }

  /// Adds an oblivious tree. An ensemble holds trees of one form only.
  ///
  /// - Throws: ``ModelError`` when the number of leaves is not 2^levels, or the ensemble
  ///   holds binary trees, and as for binary trees.
  public mutating func add(_ tree: ObliviousTreeDraft) throws(ModelError) {
    let row = try checkedRow(
      oblivious: true, splits: tree.levels, leaves: tree.leaves, output: tree.output,
      weight: tree.weight)
    guard tree.levels.count < 30, row.leafCount == 1 << tree.levels.count else {
      throw ModelError(
        .invalid, place,
        "an oblivious tree of \(tree.levels.count) levels needs 2^\(tree.levels.count) leaves, "
          + "but there are \(row.leafCount)")
    }
    splits.append(tree.levels, in: [])
    append(row, leaves: tree.leaves)
  }

  /// Closes a boosting iteration: the trees added since the last call.
  public mutating func endIteration() {
    iterationStarts.append(UInt32(treeCount))
  }

  /// The ensemble, its trees arranged after they were added; what their drafts, the calls of
  /// ``endIteration()`` and the initializer said of it no longer counts.
  ///
  /// - Precondition: There is a base score for each value of a leaf where leaves are vectors,
  ///   and at least one in any case.
  public consuming func build(_ arrangement: EnsembleArrangement) -> Ensemble {
    precondition(leafWidth == 1 || leafWidth == arrangement.baseScores.count)
    precondition(!arrangement.baseScores.isEmpty)
    baseScores = arrangement.baseScores
    profile.categories = arrangement.categories ?? profile.categories
    // What does not fit is none of the ensemble's; the validator says so.
    outputs = arrangement.outputs.map { UInt32(exactly: $0) ?? .max }
    weights = arrangement.weights.allSatisfy { $0 == 1 } ? [] : arrangement.weights
    iterationStarts = arrangement.iterationStarts.map { UInt32(exactly: $0) ?? .max }
    return table()
  }

  /// The ensemble. Trees added after the last ``endIteration()`` form one more iteration.
  public consuming func build() -> Ensemble {
    if Int(iterationStarts[iterationStarts.count - 1]) < treeCount { endIteration() }
    return table()
  }

  private consuming func table() -> Ensemble {
    Ensemble(
      profile: profile, outputCount: baseScores.count, baseScores: baseScores,
      earlyStopping: earlyStopping,
      trees: TreeTable(
        splitStarts: Column(splitStarts), leafStarts: Column(leafStarts),
        outputs: Column(outputs), weights: Column(weights),
        iterationStarts: Column(iterationStarts)),
      splits: splits.table(),
      children: isOblivious == true ? nil : children.table(),
      leaves: leaves.table(width: leafWidth),
      categorySets: CategorySets(starts: Column(setStarts), words: Column(setWords)))
  }

  private var place: String { "tree \(treeCount)" }

  /// Splits and leaves are numbered in 32 bits, whatever the caller's limit.
  private var rowLimit: Int { min(limits.splits, Int(UInt32.max)) }

  /// What a tree adds to the table of trees.
  private struct Row {
    let isOblivious: Bool
    let leafCount: Int
    let output: UInt32
    let weight: Double
  }

  /// Checks all that binary and oblivious trees have in common.
  private func checkedRow(
    oblivious: Bool, splits newSplits: [Split], leaves draft: LeafDraft, output: Int,
    weight: Double
  ) throws(ModelError) -> Row {
    guard isOblivious == nil || isOblivious == oblivious else {
      throw ModelError(.invalid, place, "an ensemble holds either binary or oblivious trees")
    }
    guard treeCount < min(limits.trees, Int(UInt32.max)) else {
      throw ModelError(.limit, place, "more than \(limits.trees) trees")
    }
    guard newSplits.count <= rowLimit - splits.count,
      draft.values.count <= rowLimit - leaves.values.count
    else {
      throw ModelError(.limit, place, "more than \(rowLimit) splits or leaf values")
    }
    for (node, split) in newSplits.enumerated() where !split.operandSuitsCondition {
      throw ModelError(
        .invalid, "\(place), node \(node)",
        "the condition '\(split.condition)' has the operand \(split.operand)")
    }
    guard let output = UInt32(exactly: output) else {
      throw ModelError(.invalid, place, "the output number is \(output)")
    }
    let leafCount = try leaves.checkedCount(
      of: draft, width: leafWidth, limit: rowLimit, tree: treeCount)
    return Row(isOblivious: oblivious, leafCount: leafCount, output: output, weight: weight)
  }

  private mutating func append(_ row: Row, leaves draft: LeafDraft) {
    isOblivious = row.isOblivious
    leaves.append(draft, width: leafWidth)
    splitStarts.append(UInt32(splits.count))
    leafStarts.append(UInt32(leaves.values.count / leafWidth))
    if row.weight != 1 && weights.isEmpty {
      weights = [Double](repeating: 1, count: outputs.count)
    }
    if row.weight != 1 || !weights.isEmpty { weights.append(row.weight) }
    outputs.append(row.output)
  }
}
