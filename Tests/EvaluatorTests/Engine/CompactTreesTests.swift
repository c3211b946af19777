import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// The walk gives the same bits as scoring by the book, on random models of every kind of
/// split, missing rule, leaf and arithmetic, and on rows of the values where mistakes hide.
@Suite struct CompactTreesTests {
  /// Exact in Float, so that they are thresholds in every profile.
  private static let numbers: [Double] = [
    -.infinity, -Double(Float.greatestFiniteMagnitude), -2.5, -1, -1e-20, -Double(1e-35 as Float),
    -0.0, 0, Double(Float.leastNonzeroMagnitude), Double(1e-35 as Float), 0.5, 1, 1.5, 3, 35, 64,
    Double(Float.greatestFiniteMagnitude), .infinity,
  ].map { Double(Float($0)) }

  @Test(arguments: 0..<200)
  func `Random models score as by the book`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let model = try randomModel(&random)
    let walk = Predictor(model)
    let reference = Predictor.reference(model)
    for _ in 0..<40 {
      let row = (0..<model.input.count).map { _ in randomValue(&random) }
      let expected = try reference.predict(row: row, output: .raw).map(\.bitPattern)
      #expect(try walk.predict(row: row, output: .raw).map(\.bitPattern) == expected)
    }
  }

  @Test func `Ordinary ensembles are walked, oblivious ones are not`() throws {
    let regression = try SampleModels.regression()
    #expect(CompactTrees(regression.ensembles[0]) != nil)
    let oblivious = try SampleModels.categoryStatistic()
    #expect(CompactTrees(oblivious.ensembles[0]) == nil)
  }

  @Test func `An ensemble of little but tests of categories is not walked`() throws {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    var tree = TreeDraft()
    for split in 0..<20 {
      let set = try ensemble.addCategorySet(words: [1 << UInt32(split)])
      tree.splits.append(
        Split(
          slot: 0, condition: .inCategorySet, missing: .right, operand: .categorySet(set)))
      tree.left.append(split < 19 ? Int32(split + 1) : ~19)
      tree.right.append(split < 19 ? ~Int32(split) : ~20)
    }
    tree.leaves = LeafDraft(values: (0...20).map(Double.init))
    try ensemble.add(tree)
    #expect(CompactTrees(ensemble.build()) == nil)
  }

  @Test(arguments: [64, 65])
  func `A tree that is but a chain is not walked`(depth: Int) throws {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    var tree = TreeDraft()
    for split in 0..<depth {
      tree.splits.append(
        Split(
          slot: 0, condition: .lessOrEqual, missing: .right,
          operand: .threshold(Double(split))))
      tree.left.append(~Int32(split))
      tree.right.append(split < depth - 1 ? Int32(split + 1) : ~Int32(depth))
    }
    tree.leaves = LeafDraft(values: (0...depth).map(Double.init))
    try ensemble.add(tree)
    #expect((CompactTrees(ensemble.build()) == nil) == (depth > 64))
  }

  @Test func `Weights of trees and sums in Float need no scorer`() throws {
    var ensemble = EnsembleBuilder(profile: .xgBoost, outputCount: 1, baseScores: [0x1p24])
    for weight in [0.5, 1, Double(0.3 as Float)] {
      var tree = SampleModels.stump(
        slot: 0, condition: .less, threshold: 0, missing: .left, left: 1.5, right: 3)
      tree.weight = weight
      try ensemble.add(tree)
    }
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(ensemble.build()))))
    ]
    let sum = Float(0x1p24) + 3 * 0.5 + 3 + 3 * (0.3 as Float)
    #expect(try Predictor(builder.build()).predict(row: [1], output: .raw) == [Double(sum)])
  }

  @Test func `A leaf that its weight makes NaN is added by the scorer`() throws {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    var tree = SampleModels.stump(
      slot: 0, condition: .less, threshold: 0, missing: .left, left: 1, right: .infinity)
    tree.weight = 0
    try ensemble.add(tree)
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(ensemble.build()))))
    ]
    let predictor = Predictor(try builder.build())
    #expect(try predictor.predict(row: [1], output: .raw)[0].isNaN)
    #expect(try predictor.predict(row: [-1], output: .raw) == [0])
  }

  @Test func `Nothing is below minus infinity`() throws {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try ensemble.add(
      SampleModels.stump(
        slot: 0, condition: .less, threshold: -.infinity, missing: .left, left: 1, right: 2))
    #expect(CompactTrees(ensemble.build()) == nil)
  }

  // MARK: Random models

  private func randomValue(_ random: inout SeededGenerator) -> Double {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: .nan
    case 1: Double.random(in: -3...70, using: &random)
    default:
      switch Int.random(in: 0..<3, using: &random) {
      case 0: Self.numbers.randomElement(using: &random)!
      case 1: Self.numbers.randomElement(using: &random)!.nextUp
      default: Self.numbers.randomElement(using: &random)!.nextDown
      }
    }
  }

  private func randomModel(_ random: inout SeededGenerator) throws -> TreeModel {
    let columnCount = Int.random(in: 1...4, using: &random)
    let profile: NumericProfile = [.lightGBM, .xgBoost, .catBoost].randomElement(using: &random)!
    let outputCount = Int.random(in: 1...3, using: &random)
    let leafWidth = Bool.random(using: &random) ? 1 : outputCount
    var ensemble = EnsembleBuilder(
      profile: profile, outputCount: outputCount, leafWidth: leafWidth,
      baseScores: (0..<outputCount).map { _ in Double(Float.random(in: -1...1, using: &random)) })
    let sets = try (0..<3).map { _ in
      try ensemble.addCategorySet(words: [
        UInt32.random(in: 0 ... .max, using: &random), UInt32.random(in: 0...1, using: &random),
      ])
    }
    let isLinear =
      profile == .lightGBM && leafWidth == 1 && Int.random(in: 0..<4, using: &random) == 0
    for _ in 0..<Int.random(in: 1...20, using: &random) {
      var tree = randomTree(
        &random, columnCount: columnCount, sets: sets, leafWidth: leafWidth, isLinear: isLinear)
      tree.output = leafWidth == 1 ? Int.random(in: 0..<outputCount, using: &random) : 0
      tree.weight = Int.random(in: 0..<4, using: &random) == 0 ? 0.5 : 1
      try ensemble.add(tree)
      ensemble.endIteration()
    }
    var builder = ModelBuilder(
      input: InputSchema(
        columns: (0..<columnCount).map { InputColumn(name: "c\($0)", kind: .numeric) }))
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(ensemble.build()))))
    ]
    return try builder.build()
  }

  private func randomTree(
    _ random: inout SeededGenerator, columnCount: Int, sets: [Int], leafWidth: Int,
    isLinear: Bool
  ) -> TreeDraft {
    var tree = TreeDraft()
    let splitCount = [0, 1, 2, 5, 30].randomElement(using: &random)!
    // Every split takes the place of a leaf, at first both its links are leaves.
    var free: [(split: Int, isLeft: Bool)] = []
    for split in 0..<splitCount {
      tree.splits.append(randomSplit(&random, columnCount: columnCount, sets: sets))
      tree.left.append(0)
      tree.right.append(0)
      if split > 0 {
        let place = free.remove(at: Int.random(in: 0..<free.count, using: &random))
        if place.isLeft {
          tree.left[place.split] = Int32(split)
        } else {
          tree.right[place.split] = Int32(split)
        }
      }
      free += [(split, true), (split, false)]
    }
    for (leaf, place) in free.enumerated() {
      if place.isLeft {
        tree.left[place.split] = ~Int32(leaf)
      } else {
        tree.right[place.split] = ~Int32(leaf)
      }
    }
    tree.leaves = LeafDraft(
      values: (0..<(splitCount + 1) * leafWidth).map { _ in
        Int.random(in: 0..<50, using: &random) > 0
          ? Double(Float.random(in: -1...1, using: &random))
          : [.infinity, -.infinity, .nan, -0.0, Double(1e30 as Float)].randomElement(
            using: &random)!
      })
    if isLinear {
      tree.leaves.linear = (0...splitCount).map { leaf in
        LeafDraft.LinearModel(
          constant: Double(leaf), terms: [(slot: leaf % columnCount, coefficient: 0.3)])
      }
    }
    return tree
  }

  private func randomSplit(
    _ random: inout SeededGenerator, columnCount: Int, sets: [Int]
  ) -> Split {
    let condition =
      Int.random(in: 0..<4, using: &random) > 0
      ? SplitCondition.lessOrEqual : SplitCondition.allCases.randomElement(using: &random)!
    return Split(
      slot: Int.random(in: 0..<columnCount, using: &random), condition: condition,
      missing: MissingRule.allCases.randomElement(using: &random)!,
      operand: condition.testsCategorySet
        ? .categorySet(sets.randomElement(using: &random)!)
        : .threshold(Self.numbers.randomElement(using: &random)!))
  }
}
