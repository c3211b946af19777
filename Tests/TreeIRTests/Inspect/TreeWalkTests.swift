import TestSupport
import Testing
import TreeIR

@Suite struct TreeWalkTests {
  /// `position parent branch depth node`, a line a step.
  private func lines(_ ensemble: Ensemble, tree: Int) -> [String] {
    TreeWalk(ensemble, tree: tree).map { step in
      let way = step.branch.map { "\($0)" } ?? "root"
      let parent = step.parent.map(String.init) ?? "-"
      return "\(step.position) \(parent) \(way) \(step.depth) \(step.node)"
    }
  }

  @Test func visitsTheYesBranchBeforeTheNoBranch() throws {
    var tree = TreeDraft()
    tree.splits = (0..<3).map {
      Split(slot: 0, condition: .less, missing: .left, operand: .threshold(Double($0)))
    }
    tree.left = [1, ~0, ~2]
    tree.right = [2, ~1, ~3]
    tree.leaves = LeafDraft(values: [0, 1, 2, 3])
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    // A tree before it, so that rows are not positions.
    try builder.add(
      SampleModels.stump(slot: 0, threshold: 0, missing: .left, left: 0, right: 1))
    try builder.add(tree)
    #expect(
      lines(builder.build(), tree: 1) == [
        "0 - root 0 split(1)", "1 0 yes 1 split(2)", "2 1 yes 2 leaf(2)", "3 1 no 2 leaf(3)",
        "4 0 no 1 split(3)", "5 4 yes 2 leaf(4)", "6 4 no 2 leaf(5)",
      ])
  }

  @Test func aTreeWithoutSplitsIsItsLeaf() throws {
    var tree = TreeDraft()
    tree.leaves = LeafDraft(values: [7])
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try builder.add(tree)
    #expect(lines(builder.build(), tree: 0) == ["0 - root 0 leaf(0)"])
  }

  @Test func anObliviousTreeIsWalkedAsTheBinaryTreeItStandsFor() throws {
    let ensemble = try SampleModels.categoryStatistic().ensembles[0]
    let steps = Array(TreeWalk(ensemble, tree: 0))
    #expect(steps.count == 15)
    // Leaf number = sum of (level d holds) << d, and the yes branch is the one that holds.
    let leaves = steps.compactMap { step in
      if case .leaf(let row) = step.node { row } else { nil }
    }
    #expect(leaves == [7, 3, 5, 1, 6, 2, 4, 0])
  }

  @Test func aTreeMayBeAsDeepAsItHasLeaves() throws {
    let count = 100_000
    let tree = SampleModels.chainTree(splitCount: count)
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try builder.add(tree)
    var deepest = 0
    var steps = 0
    for step in TreeWalk(builder.build(), tree: 0) {
      deepest = max(deepest, step.depth)
      steps += 1
    }
    #expect(deepest == count && steps == 2 * count + 1)
  }
}
