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
}
