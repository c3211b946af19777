/// Makes an ``Ensemble`` tree by tree: the only way to make trees.
///
/// Trees are added in the order of the source file, each iteration closed by
/// ``endIteration()``. What the builder cannot see by looking at one tree (whether slots
/// exist, say) the validator checks when the model is built.
public struct EnsembleBuilder: Sendable {
  private let profile: NumericProfile
  private let outputCount: Int
  private let leafWidth: Int
  private let baseScores: [Double]
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

  /// Starts an ensemble.
  ///
  /// - Parameters:
  ///   - profile: The arithmetic of the library that trained the trees.
  ///   - outputCount: Scores computed per row.
  ///   - leafWidth: 1, or `outputCount` where every leaf holds one value an output.
  ///   - baseScores: Where each output's sum starts; zeros when nil.
  ///   - earlyStopping: Whether prediction may stop before the last tree.
  ///   - limits: How large the ensemble may become.
  /// - Precondition: `outputCount` ≥ 1, and `leafWidth` is 1 or `outputCount`.
  public init(
    profile: NumericProfile, outputCount: Int, leafWidth: Int = 1, baseScores: [Double]? = nil,
    earlyStopping: Ensemble.EarlyStopping = .never, limits: Limits = .standard
  ) {
    precondition(outputCount >= 1 && (leafWidth == 1 || leafWidth == outputCount))
    self.profile = profile
    self.outputCount = outputCount
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
  public mutating func addCategorySet(
    words: some Collection<UInt32>
  ) throws(ModelError) -> Int {
    guard setWords.count + words.count <= limits.splits else {
      throw ModelError(
        .limit, place, "category sets need more than \(limits.splits) words of memory")
    }
    setWords.append(contentsOf: words)
    setStarts.append(UInt32(setWords.count))
    return setStarts.count - 2
  }

  /// Adds a binary tree.
  ///
  /// - Throws: ``ModelError`` naming tree and node when the children do not form a tree,
  ///   the number of leaves is wrong, or a limit is exceeded.
  public mutating func add(_ tree: TreeDraft) throws(ModelError) {
    try begin(oblivious: false, splits: tree.splits.count, leaves: tree.leaves)
    let order = try TreeOrder(left: tree.left, right: tree.right, place: place)
    guard tree.left.count == tree.splits.count, order.leafCount == leafCount(tree.leaves) else {
      throw ModelError(
        .invalid, place,
        "\(tree.splits.count) splits need \(tree.splits.count + 1) leaves and as many links, "
          + "but there are \(leafCount(tree.leaves)) leaves and \(tree.left.count) links")
    }
    splits.append(tree.splits, in: order.nodes)
    children.append(tree, order: order)
    try end(leaves: tree.leaves, output: tree.output, weight: tree.weight)
  }

  /// Adds an oblivious tree. An ensemble holds trees of one form only.
  ///
  /// - Throws: ``ModelError`` when the number of leaves is not 2^levels, or the ensemble
  ///   holds binary trees, or a limit is exceeded.
  public mutating func add(_ tree: ObliviousTreeDraft) throws(ModelError) {
    try begin(oblivious: true, splits: tree.levels.count, leaves: tree.leaves)
    guard tree.levels.count < 30, leafCount(tree.leaves) == 1 << tree.levels.count else {
      throw ModelError(
        .invalid, place,
        "an oblivious tree of \(tree.levels.count) levels needs 2^\(tree.levels.count) leaves, "
          + "but there are \(leafCount(tree.leaves))")
    }
    splits.append(tree.levels, in: nil)
    try end(leaves: tree.leaves, output: tree.output, weight: tree.weight)
  }

  /// Closes a boosting iteration: the trees added since the last call.
  public mutating func endIteration() {
    iterationStarts.append(UInt32(treeCount))
  }

  /// The ensemble. Trees added after the last ``endIteration()`` form one more iteration.
  public consuming func build() -> Ensemble {
    if Int(iterationStarts[iterationStarts.count - 1]) < treeCount { endIteration() }
    return Ensemble(
      profile: profile, outputCount: outputCount, baseScores: baseScores,
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

  private func leafCount(_ leaves: LeafDraft) -> Int {
    leaves.values.count / leafWidth
  }

  private mutating func begin(
    oblivious: Bool, splits splitCount: Int, leaves draft: LeafDraft
  ) throws(ModelError) {
    guard (isOblivious ?? oblivious) == oblivious else {
      throw ModelError(.invalid, place, "an ensemble holds either binary or oblivious trees")
    }
    isOblivious = oblivious
    guard treeCount < limits.trees else {
      throw ModelError(.limit, place, "more than \(limits.trees) trees")
    }
    guard splits.count + splitCount <= limits.splits,
      leaves.values.count + draft.values.count <= limits.splits
    else {
      throw ModelError(.limit, place, "more than \(limits.splits) splits or leaf values")
    }
  }

  private mutating func end(
    leaves draft: LeafDraft, output: Int, weight: Double
  ) throws(ModelError) {
    guard let output = UInt32(exactly: output) else {
      throw ModelError(.invalid, place, "the output number is \(output)")
    }
    try leaves.append(draft, width: leafWidth, place: place)
    splitStarts.append(UInt32(splits.count))
    leafStarts.append(UInt32(leaves.values.count / leafWidth))
    if weight != 1 && weights.isEmpty {
      weights = [Double](repeating: 1, count: outputs.count)
    }
    if weight != 1 || !weights.isEmpty { weights.append(weight) }
    outputs.append(output)
  }
}
