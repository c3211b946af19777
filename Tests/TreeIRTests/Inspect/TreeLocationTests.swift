import TestSupport
import Testing
import TreeIR

@Suite struct TreeLocationTests {
  @Test func treesAreCountedOverAllEnsembles() throws {
    let model = try SampleModels.chain()
    #expect(model.treeCount == 3)
    let places = (0..<3).compactMap { model.location(ofTree: $0) }
    #expect(places.map(\.number) == [0, 1, 2])
    #expect(places.map(\.ensemble) == [0, 0, 1])
    #expect(places.map(\.tree) == [0, 1, 0])
    #expect(model.location(ofTree: 3) == nil && model.location(ofTree: -1) == nil)
  }

  @Test func aTreeKnowsItsIteration() throws {
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 2)
    for iteration in 0..<3 {
      for output in 0..<2 {
        var tree = SampleModels.stump(
          slot: 0, threshold: Double(iteration), missing: .left, left: 0, right: 1)
        tree.output = output
        try builder.add(tree)
      }
      builder.endIteration()
      // An iteration without trees.
      if iteration == 0 { builder.endIteration() }
    }
    var model = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    model.outputs = [ModelOutput(.raw, slots: Array(model.score(model.add(builder.build()))))]
    let built = try model.build()
    #expect(
      (0..<6).compactMap { built.location(ofTree: $0)?.iteration } == [0, 0, 2, 2, 3, 3])
  }

  @Test func aClassIsNamedOnlyWhereScoresAreOnePerClass() throws {
    var scores = EnsembleBuilder(profile: .lightGBM, outputCount: 2)
    try scores.add(SampleModels.stump(slot: 0, threshold: 0, missing: .left, left: 0, right: 1))
    let ensemble = scores.build()
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    let raw = builder.score(builder.add(ensemble))
    builder.classLabels = [.string("no"), .string("yes")]
    builder.outputs = [
      ModelOutput(.raw, slots: Array(raw)),
      ModelOutput(.label, slots: [builder.argmax(of: Array(raw))]),
    ]
    #expect(try builder.build().classLabel(ofOutput: 1, ensemble: 0) == .string("yes"))
    // Two classes, but the raw score is a sum over segments.
    #expect(try SampleModels.chain().classLabel(ofOutput: 0, ensemble: 0) == nil)
  }
}
