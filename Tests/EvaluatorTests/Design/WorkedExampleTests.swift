import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// The example of the article "How rows are scored": what stands there is what happens.
@Suite struct WorkedExampleTests {
  private static let rows: [(x: Double, y: Double)] = [
    (1, 5), (2, 12), (3, 30), (5, 11), (6, 20), (9, 21), (.nan, 15), (7, 8),
  ]

  private static let sums = [
    -0.7, 0.8, 0.6000000000000001, 0.6000000000000001, 0.19999999999999998, 1.0, 0.8, -0.4,
  ]

  private static func ensemble() throws -> Ensemble {
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1, baseScores: [0.1])
    func split(_ slot: Int, _ threshold: Double) -> Split {
      Split(
        slot: slot, condition: .lessOrEqual, missing: .left, operand: .threshold(threshold))
    }
    var tree = TreeDraft()
    tree.splits = [split(0, 5), split(1, 10), split(0, 2), split(1, 20)]
    tree.left = [1, ~0, ~1, ~3]
    tree.right = [3, 2, ~2, ~4]
    tree.leaves = LeafDraft(values: [-0.5, 0.4, 0.2, -0.2, 0.6])
    try builder.add(tree)
    builder.endIteration()
    try builder.add(
      SampleModels.stump(slot: 1, threshold: 10, missing: .left, left: -0.3, right: 0.3))
    builder.endIteration()
    return builder.build()
  }

  private static func model() throws -> TreeModel {
    var builder = ModelBuilder(
      input: InputSchema(columns: ["x", "y"].map { InputColumn(name: $0, kind: .numeric) }))
    let score = builder.score(builder.add(try ensemble()))
    builder.outputs = [ModelOutput(.raw, slots: Array(score))]
    return try builder.build()
  }

  /// The planes of the example by number, from plane 2 on: x > 2, x > 5, y > 10, y > 20.
  private static let planes: [[Bool]] = [
    rows.map { $0.x > 2 }, rows.map { $0.x > 5 }, rows.map { $0.y > 10 }, rows.map { $0.y > 20 },
  ]

  @Test func `Each test is one predicate, whichever tree makes it`() throws {
    let ensemble = try Self.ensemble()
    let analysis = try EnsembleAnalysis(ensemble, rowWidth: 8)
    #expect(analysis.tests.tests.count == 4)
    #expect(analysis.predicates.thresholdColumns.map(\.thresholds) == [[2, 5], [10, 20]])
    #expect(analysis.predicates.thresholdColumns.map(\.missingRank) == [0, 0])
    #expect(PlaneLayout(analysis.predicates).planeOfTest == [3, 4, 2, 5])
  }

  @Test func `Planes are those of the picture`() {
    let text = Self.planes.map { $0.map { $0 ? "1" : "0" }.joined() }
    #expect(text == ["00111101", "00001101", "01111110", "00100100"])
  }

  @Test func `One operation makes the codes`() throws {
    var compiler = MuxCompiler(temporaryBase: 6)
    var program = MuxProgram()
    let tree = MuxTree(left: [1, ~0, ~1, ~3], right: [3, 2, ~2, ~4], predicate: [3, 4, 2, 5])
    compiler.compile(tree, penalty: [.max, .max, .max, 0], into: &program)
    #expect(
      program.operations == [MuxOperation(predicate: 3, a: 4, b: 5, destination: 6)])
    #expect(program.outputs == [2, 6, 3])
    let patterns = program.codes.map { code in
      [4, 2, 1].map { code.care & $0 == 0 ? "–" : code.value & $0 == 0 ? "0" : "1" }.joined()
    }
    #expect(patterns == ["00–", "010", "011", "10–", "11–"])

    let codes = Self.rows.indices.map { row in
      let planes = Self.planes.map { $0[row] }
      let between = planes[1] ? planes[3] : planes[2]
      return (planes[1] ? 4 : 0) + (between ? 2 : 0) + (planes[0] ? 1 : 0)
    }
    #expect(codes == [0, 2, 3, 3, 5, 7, 2, 5])
    let leaves = codes.map { code in
      program.codes.firstIndex { $0.contains(UInt16(code)) }
    }
    #expect(leaves == [0, 1, 2, 2, 3, 4, 1, 3])
  }

  @Test(arguments: EngineName.all)
  func `Every engine gives the same sums`(engine: EngineName) throws {
    let options = EngineOptions(engine: engine, preparation: .immediate)
    let predictor = Predictor(try Self.model(), engines: options)
    #expect(predictor.engineReports()[0].refusals.isEmpty)
    let values = Self.rows.flatMap { [$0.x, $0.y] }
    var result = [Double](repeating: 0, count: 8)
    var span = result.mutableSpan
    var workspace = predictor.makeWorkspace()
    try predictor.predict(
      values.span, layout: .rowMajor(rows: 8, columns: 2), output: .raw, into: &span,
      workspace: &workspace)
    #expect(result.map(\.bitPattern) == Self.sums.map(\.bitPattern))
  }

  @Test func `The order of the trees decides the last bit`() {
    #expect(0.1 + 0.2 + 0.3 == 0.6000000000000001)
    #expect(0.1 + (0.2 + 0.3) == 0.6)
  }
}
