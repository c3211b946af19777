import TestSupport
import Testing
import TreeIR

/// The builder takes trees in any numbering and refuses what is no tree.
@Suite struct EnsembleBuilderTests {
  private func tree(_ left: [Int32], _ right: [Int32]) -> TreeDraft {
    var tree = TreeDraft()
    tree.left = left
    tree.right = right
    tree.splits = left.indices.map {
      Split(slot: $0, condition: .lessOrEqual, missing: .left, operand: .threshold(Double($0)))
    }
    tree.leaves = LeafDraft(values: (0...left.count).map { Double($0) })
    return tree
  }

  private func build(_ tree: TreeDraft) throws -> Ensemble {
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try builder.add(tree)
    return builder.build()
  }

  @Test func childrenAfterTheirParentStayWhereTheyAre() throws {
    let ensemble = try build(tree([1, ~0, ~2], [2, ~1, ~3]))
    let children = try #require(ensemble.children)
    #expect(Array(children.left) == [1, ~0, ~2])
    #expect(Array(children.right) == [2, ~1, ~3])
    #expect(children.nativeIDs.isEmpty)
  }

  @Test func otherOrdersAreRenumberedAndKeepTheirNumbers() throws {
    // Root 0 → 2 → 1.
    let ensemble = try build(tree([2, ~0, 1], [~3, ~1, ~2]))
    let children = try #require(ensemble.children)
    #expect(Array(children.left) == [1, 2, ~0])
    #expect(Array(children.right) == [~3, ~2, ~1])
    #expect(Array(children.nativeIDs) == [0, 2, 1])
    #expect(Array(ensemble.splits.slots) == [0, 2, 1])
  }

  @Test func theSourcesNumbersOfNodesAreKeptInEveryOrder() throws {
    var inOrder = tree([1, ~0, ~2], [2, ~1, ~3])
    inOrder.nodeIDs = [0, 4, 9]
    #expect(Array(try #require(try build(inOrder).children).nativeIDs) == [0, 4, 9])
    var renumbered = tree([2, ~0, 1], [~3, ~1, ~2])
    renumbered.nodeIDs = [0, 4, 9]
    #expect(Array(try #require(try build(renumbered).children).nativeIDs) == [0, 9, 4])
    for numbers: [Int32] in [[1, 2], [1, 2, -2]] {
      inOrder.nodeIDs = numbers
      #expect(throws: ModelError.self) { try build(inOrder) }
    }
  }

  /// The model of an ensemble of two stumps, arranged after they were added.
  private func arranged(_ arrangement: EnsembleArrangement) throws -> TreeModel {
    var ensemble = EnsembleBuilder(profile: .xgBoost, outputCount: 1)
    for _ in 0..<2 { try ensemble.add(tree([~0], [~1])) }
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(ensemble.build(arrangement)))))
    ]
    return try builder.build()
  }

  @Test func anArrangementComesAfterTheTrees() throws {
    let model = try arranged(
      EnsembleArrangement(
        outputs: [2, 0], weights: [0.5, 1], iterationStarts: [0, 2], baseScores: [1, 2, 3],
        categories: .nonNegativeBelow2To24ElseMissing))
    let ensemble = model.ensembles[0]
    #expect(Array(ensemble.trees.outputs) == [2, 0])
    #expect(Array(ensemble.trees.weights) == [0.5, 1])
    #expect(ensemble.iterationCount == 1)
    #expect(ensemble.baseScores == [1, 2, 3] && ensemble.outputCount == 3)
    #expect(ensemble.profile.categories == .nonNegativeBelow2To24ElseMissing)
    #expect(try TreeModel(tirBytes: model.tirBytes().span).ensembles == [ensemble])
    let plain = try arranged(
      EnsembleArrangement(
        outputs: [0, 0], weights: [1, 1], iterationStarts: [0, 1, 2], baseScores: [0])
    ).ensembles[0]
    #expect(plain.trees.weights.isEmpty && plain.profile == .xgBoost)
  }

  @Test(arguments: [
    EnsembleArrangement(outputs: [0], iterationStarts: [0, 2], baseScores: [0]),
    EnsembleArrangement(outputs: [0, 1], iterationStarts: [0, 2], baseScores: [0]),
    EnsembleArrangement(outputs: [0, -1], iterationStarts: [0, 2], baseScores: [0]),
    EnsembleArrangement(outputs: [0, 0], weights: [2], iterationStarts: [0, 2], baseScores: [0]),
    EnsembleArrangement(
      outputs: [0, 0], weights: [1, 0.1], iterationStarts: [0, 2], baseScores: [0]),
    EnsembleArrangement(outputs: [0, 0], iterationStarts: [0, 1], baseScores: [0]),
    EnsembleArrangement(outputs: [0, 0], iterationStarts: [], baseScores: [0]),
    EnsembleArrangement(outputs: [0, 0], iterationStarts: [0, 3, 2], baseScores: [0]),
    EnsembleArrangement(outputs: [0, 0], iterationStarts: [0, 2], baseScores: [0.1]),
  ])
  func anArrangementHasToFitTheTrees(arrangement: EnsembleArrangement) {
    #expect(throws: ModelError.self) { try arranged(arrangement) }
  }

  struct Refusal: Sendable {
    let what: String
    let left: [Int32]
    let right: [Int32]
  }

  static let refusals: [Refusal] = [
    Refusal(what: "a cycle through the root", left: [0], right: [-1]),
    Refusal(what: "a cycle", left: [1, 2, 1], right: [-1, -2, -3]),
    Refusal(what: "a shared branch", left: [1, -1, -2], right: [1, -3, -4]),
    Refusal(what: "a shared leaf", left: [-1], right: [-1]),
    Refusal(what: "a node beyond the end", left: [5], right: [-1]),
    Refusal(what: "a leaf beyond the end", left: [-3], right: [-1]),
    Refusal(what: "the most negative link", left: [.min], right: [-1]),
    Refusal(what: "a ring apart from the root", left: [-1, 2, 1], right: [-2, -3, -4]),
  ]

  @Test(arguments: refusals)
  func refuses(_ refusal: Refusal) {
    let error = #expect(throws: ModelError.self) { try build(tree(refusal.left, refusal.right)) }
    #expect(error?.code == .invalid)
    #expect(error?.location.hasPrefix("tree 0") == true)
  }

  @Test func refusesTheWrongNumberOfLeaves() {
    var short = tree([~0], [~1])
    short.leaves = LeafDraft(values: [1])
    #expect(throws: ModelError.self) { try build(short) }
  }

  @Test func aTreeWithoutSplitsIsOneLeaf() throws {
    var single = TreeDraft()
    single.leaves = LeafDraft(values: [3.5])
    let ensemble = try build(single)
    #expect(ensemble.splits.count == 0)
    #expect(Array(ensemble.leaves.values) == [3.5])
  }

  @Test func obliviousTreesNeedAllTheirLeavesAndCompanyOfTheirKind() throws {
    var builder = EnsembleBuilder(profile: .catBoost, outputCount: 1)
    let level = Split(slot: 0, condition: .greater, missing: .left, operand: .threshold(1))
    try builder.add(ObliviousTreeDraft(levels: [level], leaves: LeafDraft(values: [1, 2])))
    #expect(throws: ModelError.self) {
      try builder.add(ObliviousTreeDraft(levels: [level], leaves: LeafDraft(values: [1, 2, 3])))
    }
    #expect(throws: ModelError.self) { try builder.add(tree([~0], [~1])) }
  }

  @Test func iterationsAreClosedByTheCallerOrTheEnd() throws {
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    for _ in 0..<5 {
      try builder.add(tree([~0], [~1]))
      if builder.treeCount == 2 { builder.endIteration() }
    }
    let ensemble = builder.build()
    #expect(ensemble.iterationCount == 2)
    #expect(ensemble.trees(ofIterations: 1..<2) == 2..<5)
  }

  // MARK: Numbers and covers

  private func stump(_ edit: (inout TreeDraft) -> Void = { _ in }) -> TreeDraft {
    var stump = tree([~0], [~1])
    edit(&stump)
    return stump
  }

  private func numbered(_ numbers: [Int32]) -> TreeDraft {
    stump { $0.leaves.nativeIDs = numbers }
  }

  @Test(
    arguments: [
      ([[7, 9], []], [7, 9, -1, -1]), ([[], [7, 9]], [-1, -1, 7, 9]),
      ([[7, 9], [], [5, -1]], [7, 9, -1, -1, 5, -1]), ([[], []], []),
    ] as [([[Int32]], [Int32])])
  func leafNumbersAreKeptWhereOtherTreesHaveNone(trees: [[Int32]], expected: [Int32]) throws {
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    for numbers in trees { try builder.add(numbered(numbers)) }
    #expect(Array(builder.build().leaves.nativeIDs) == expected)
  }

  @Test func nodeNumbersAreKeptWhereOtherTreesHaveNone() throws {
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try builder.add(stump())
    try builder.add(tree([2, ~0, 1], [~3, ~1, ~2]))
    try builder.add(stump())
    #expect(builder.build().children.map { Array($0.nativeIDs) } == [-1, 0, 2, 1, -1])
  }

  @Test func coversAreDroppedUnlessEveryTreeHasThem() throws {
    let covered = stump {
      $0.nodeCovers = [9]
      $0.leaves.covers = [4, 5]
    }
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try builder.add(covered)
    try builder.add(covered)
    let all = builder
    try builder.add(stump())
    try builder.add(covered)
    #expect(Array(all.build().leaves.covers) == [4, 5, 4, 5])
    let some = builder.build()
    #expect(some.leaves.covers.isEmpty)
    #expect(some.children?.covers.isEmpty == true)
  }

  @Test func coversFollowTheirNodes() throws {
    var draft = tree([2, ~0, 1], [~3, ~1, ~2])
    draft.nodeCovers = [100, 10, 50]
    #expect(try build(draft).children.map { Array($0.covers) } == [100, 50, 10])
  }

  // MARK: What is refused

  struct Edit: Sendable, CustomStringConvertible {
    let description: String
    var leafWidth = 1
    let edit: @Sendable (inout TreeDraft) -> Void
  }

  static let edits: [Edit] = [
    Edit(description: "a negative output") { $0.output = -1 },
    Edit(description: "an output past 32 bits") { $0.output = 1 << 32 },
    Edit(description: "no leaves") { $0.leaves.values = [] },
    Edit(description: "a leaf too many") { $0.leaves.values = [1, 2, 3] },
    Edit(description: "half a vector", leafWidth: 2) { $0.leaves.values = [1, 2, 3, 4, 5] },
    Edit(description: "scalars for vectors", leafWidth: 2) { $0.leaves.values = [1, 2] },
    Edit(description: "a cover too few") { $0.leaves.covers = [1] },
    Edit(description: "a node cover too many") { $0.nodeCovers = [1, 2] },
    Edit(description: "a number too few") { $0.leaves.nativeIDs = [1] },
    Edit(description: "a negative number") { $0.leaves.nativeIDs = [1, -2] },
    Edit(description: "a link too few") { $0.right = [] },
    Edit(description: "a split without links") {
      $0.left = []
      $0.right = []
    },
    Edit(description: "a linear model too few") {
      $0.leaves.linear = [LeafDraft.LinearModel(constant: 0, terms: [])]
    },
    Edit(description: "linear models of vectors", leafWidth: 2) {
      $0.leaves.values = [1, 2, 3, 4]
      $0.leaves.linear = [LeafDraft.LinearModel](
        repeating: LeafDraft.LinearModel(constant: 0, terms: []), count: 2)
    },
    Edit(description: "a set where a threshold is tested") {
      $0.splits[0].operand = .categorySet(0)
    },
    Edit(description: "a threshold where a set is tested") {
      $0.splits[0].condition = .inCategorySet
    },
  ]

  @Test(arguments: edits)
  func refusesAndStaysAsItWas(_ edit: Edit) throws {
    var builder = EnsembleBuilder(
      profile: .lightGBM, outputCount: 2, leafWidth: edit.leafWidth)
    let before = builder.build()
    let error = #expect(throws: ModelError.self) { try builder.add(stump(edit.edit)) }
    #expect(error?.code == .invalid)
    #expect(error?.location.hasPrefix("tree 0") == true)
    #expect(builder.build() == before)
  }

  @Test func aRefusedTreeDoesNotDecideTheForm() throws {
    var builder = EnsembleBuilder(profile: .catBoost, outputCount: 1)
    #expect(throws: ModelError.self) {
      try builder.add(ObliviousTreeDraft(levels: [], leaves: LeafDraft(values: [])))
    }
    try builder.add(stump())
    #expect(builder.build().isOblivious == false)
  }

  @Test func limitsHoldForTreesSplitsLeavesTermsAndSets() throws {
    var limits = Limits()
    limits.trees = 1
    limits.splits = 3
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1, limits: limits)
    let empty = builder
    func refuses(
      _ body: (inout EnsembleBuilder) throws -> Void, location: SourceLocation = #_sourceLocation
    ) {
      let error = #expect(throws: ModelError.self, sourceLocation: location) {
        try body(&builder)
      }
      #expect(error?.code == .limit, sourceLocation: location)
    }
    refuses { _ = try $0.addCategorySet(words: repeatElement(0, count: .max)) }
    #expect(try builder.addCategorySet(words: [1, 2, 3]) == 0)
    refuses { _ = try $0.addCategorySet(words: [4]) }
    for number in 1...2 { #expect(try builder.addCategorySet(words: []) == number) }
    refuses { _ = try $0.addCategorySet(words: []) }
    refuses { try $0.add(tree([1, 2, 3, ~0], [~1, ~2, ~3, ~4])) }
    refuses { try $0.add(tree([1, 2, ~0], [~1, ~2, ~3])) }
    let linear = LeafDraft.LinearModel(
      constant: 0, terms: [(slot: 0, coefficient: 1), (slot: 1, coefficient: 1)])
    refuses { try $0.add(stump { $0.leaves.linear = [linear, linear] }) }
    try builder.add(stump())
    refuses { try $0.add(stump()) }
    // A limit past 32 bits does not lift the numbering's own.
    limits.splits = .max
    builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1, limits: limits)
    refuses { _ = try $0.addCategorySet(words: repeatElement(0, count: 1 << 32)) }
    #expect(builder.build() == empty.build())
  }
}
