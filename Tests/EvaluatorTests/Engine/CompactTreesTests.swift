import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// The walk gives the same bits as scoring by the book, and says which ensembles it does not walk.
@Suite struct CompactTreesTests {
  @Test(arguments: 0..<100)
  func `Random models score as by the book`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let columnCount = random.int(1...4)
    let model = try RandomModels.forest(columnCount: columnCount, &random)
    let walk = Predictor(
      model, engines: EngineOptions(engine: .walk, preparation: .immediate))
    let reference = Predictor.reference(model)
    var workspace = walk.makeWorkspace()
    for count in [1, 40] {
      let rows = HardRows(model).rows(count, &random)
      let expected = try Scored(reference, rows[...], count: count, .raw, &workspace)
      #expect(try Scored(walk, rows[...], count: count, .raw, &workspace) == expected)
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
    let options = EngineOptions(engine: .walk, preparation: .immediate)
    let predictor = Predictor(try builder.build(), engines: options)
    #expect(try predictor.predict(row: [1], output: .raw) == [Double(sum)])
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
    let options = EngineOptions(engine: .walk, preparation: .immediate)
    let predictor = Predictor(try builder.build(), engines: options)
    #expect(predictor.uses(.walk))
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
}
