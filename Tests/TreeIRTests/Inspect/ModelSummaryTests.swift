import TestSupport
import Testing
import TreeIR

@Suite struct ModelSummaryTests {
  @Test func countsTreesSplitsAndDepth() throws {
    var chain = TreeDraft()  // 0 → 1 → 2, and a leaf beside each
    chain.left = [1, 2, ~0]
    chain.right = [~1, ~2, ~3]
    chain.splits = [0, 1, 0].map {
      Split(slot: $0, condition: .less, missing: .left, operand: .threshold(0), gain: 1.5)
    }
    chain.leaves = LeafDraft(values: [1, 2, 3, 4])
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try ensemble.add(chain)
    try ensemble.add(
      SampleModels.stump(slot: 0, threshold: 0, missing: .left, left: 0, right: 1))
    var builder = ModelBuilder(
      input: InputSchema(columns: [
        InputColumn(name: "a", kind: .numeric), InputColumn(name: "b", kind: .numeric),
        InputColumn(name: "unused", kind: .numeric),
      ]))
    _ = builder.score(builder.add(ensemble.build()))
    let model = try builder.build()
    let summary = ModelSummary(model)
    #expect(summary.ensembles[0].trees == 2)
    #expect(summary.ensembles[0].leaves == 6)
    #expect(summary.ensembles[0].splits == 4)
    #expect(summary.ensembles[0].depth == 3)
    #expect(summary.columns.map(\.splits) == [3, 1, 0])
    #expect(summary.columns.map(\.gain) == [3, 1.5, 0])
    #expect(summary.fileSize == model.tirBytes().count)
    #expect(summary.checksum == model.checksum)
  }

  @Test func obliviousTreesAreAsDeepAsTheirLevels() throws {
    let summary = ModelSummary(try SampleModels.categoryStatistic())
    #expect(summary.ensembles[0].depth == 3)
    #expect(summary.ensembles[0].isOblivious)
    // The split on the derived statistic counts for no input column.
    #expect(summary.columns.map(\.splits) == [1, 1])
  }
}
