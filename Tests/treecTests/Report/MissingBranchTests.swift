import Evaluator
import TestSupport
import Testing
import TreeIR

@Suite struct MissingBranchTests {
  /// The score of `split` for `x`: 1 on the yes branch and 0 on the no branch.
  private func score(_ split: Split, words: [UInt32], _ x: Double) throws -> Double {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    _ = try ensemble.addCategorySet(words: words)
    var tree = TreeDraft()
    tree.splits = [split]
    tree.left = [~0]
    tree.right = [~1]
    tree.leaves = LeafDraft(values: [1, 0])
    try ensemble.add(tree)
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(ensemble.build()))))
    ]
    return try Predictor(builder.build()).predict(row: [x], output: .raw)[0]
  }

  @Test(arguments: MissingRule.allCases)
  func whatIsSaidIsWhatThePredictorDoes(_ rule: MissingRule) throws {
    for words: [UInt32] in [[0b1], [0b10]] {
      let sets = CategorySets(starts: [0, 1], words: Column(words))
      for condition in SplitCondition.allCases {
        for threshold in [-1.0, 0, 1] {
          let split = Split(
            slot: 0, condition: condition, missing: rule,
            operand: condition.testsCategorySet ? .categorySet(0) : .threshold(threshold))
          let missing = MissingBranch(split, sets)
          let expected = missing.branch == .yes ? 1.0 : 0.0
          #expect(try score(split, words: words, .nan) == expected, "\(split)")
          if missing.takesZeros {
            #expect(try score(split, words: words, 0) == expected, "\(split)")
          }
        }
      }
    }
  }
}
