import CAllocationCounter
import Evaluator
import TestSupport
import Testing
import TreeIR

/// The numeric path: memory that the caller owns, a workspace per thread.
@Suite struct PredictorTests {
  private let predictor: Predictor

  init() throws {
    predictor = Predictor(try SampleModels.regression())
  }

  private func predict(
    _ rows: [Double], _ layout: MatrixLayout, results: Int
  ) throws -> [Double] {
    var workspace = predictor.makeWorkspace()
    var result = [Double](repeating: -1, count: results)
    var span = result.mutableSpan
    try predictor.predict(rows.span, layout: layout, into: &span, workspace: &workspace)
    return result
  }

  @Test func everyLayoutGivesTheSame() throws {
    let expected = [10.25, 19.5, 20.25]
    let rows: [Double] = [1, -1, 2, 1, .nan, .nan]
    #expect(try predict(rows, .rowMajor(rows: 3, columns: 2), results: 3) == expected)
    #expect(
      try predict(
        [1, -1, 9, 2, 1, 9, .nan, .nan], .rowMajor(rows: 3, columns: 2, stride: 3), results: 3)
        == expected)
    #expect(
      try predict(
        [1, 2, .nan, -1, 1, .nan], .columnMajor(rows: 3, columns: 2), results: 3) == expected)
    #expect(
      try predict(
        [1, 2, .nan, 9, -1, 1, .nan], .columnMajor(rows: 3, columns: 2, stride: 4), results: 3)
        == expected)
  }

  @Test func floatsAreWidened() throws {
    var workspace = predictor.makeWorkspace()
    var result = [0.0]
    var span = result.mutableSpan
    let row: [Float] = [1.5, 1e-40]
    try predictor.predict(
      row.span, layout: .rowMajor(rows: 1, columns: 2), into: &span, workspace: &workspace)
    #expect(result == [10.25])
  }

  @Test func wrongShapesAreRefused() throws {
    for layout in [
      MatrixLayout.rowMajor(rows: 3, columns: 2), .rowMajor(rows: 2, columns: 3),
      .rowMajor(rows: 2, columns: 2, stride: 3), .columnMajor(rows: 2, columns: 2, stride: 9),
      .rowMajor(rows: .max, columns: 2), .rowMajor(rows: 2, columns: 2, stride: .max),
      .rowMajor(rows: -1, columns: 2), .rowMajor(rows: 2, columns: 2, stride: -1),
    ] {
      let error = #expect(throws: PredictionError.self) {
        try predict([1, 2, 3, 4], layout, results: 4)
      }
      #expect(error?.code == .wrongShape, "\(layout)")
    }
    #expect(throws: PredictionError.self) {
      try predict([1, 2, 3, 4], .rowMajor(rows: 2, columns: 2), results: 1)
    }
    #expect(try predict([], .rowMajor(rows: 0, columns: 2), results: 0) == [])
  }

  @Test func nothingIsAllocatedOnceWarm() throws {
    // Expressions make values that have memory of their own.
    for (name, model) in try SampleModels.all() where model.resultFields.isEmpty {
      let predictor = Predictor(model)
      var workspace = predictor.makeWorkspace()
      let rows = [Double](repeating: 1, count: 64 * model.input.count)
      for output in PredictionOutput.allCases {
        guard let width = try? predictor.columnCount(of: output) else { continue }
        var result = [Double](repeating: 0, count: 64 * width)
        var counts: [Int] = []
        counts.reserveCapacity(2)
        for _ in 0..<2 {
          let before = allocation_count()
          var span = result.mutableSpan
          try predictor.predict(
            rows.span, layout: .rowMajor(rows: 64, columns: model.input.count), output: output,
            into: &span, workspace: &workspace)
          counts.append(allocation_count() - before)
        }
        #expect(counts.last == 0, "\(name), \(output)")
      }
    }
    // The counter counts.
    let before = allocation_count()
    let array = makeArray()
    #expect(allocation_count() > before && array.count == 50)
  }

  @inline(never) private func makeArray() -> [Double] {
    [Double](repeating: 1, count: 50)
  }

  @Test func aWorkspaceOfAnotherModelIsMadeToFit() throws {
    var workspace = Predictor(try SampleModels.regression()).makeWorkspace()
    let other = Predictor(try SampleModels.everything())
    var result = [0.0, 0, 0]
    var span = result.mutableSpan
    let row: [Double] = [1, 3, 0]
    try other.predict(
      row.span, layout: .rowMajor(rows: 1, columns: 3), output: .raw, into: &span,
      workspace: &workspace)
    #expect(result[0] == 2.5)
  }

  @Test func outputsThatTheModelLacksAreRefused() throws {
    for output in [PredictionOutput.label, .probability] {
      let error = #expect(throws: PredictionError.self) {
        try predictor.predict(row: [1, 2], output: output)
      }
      #expect(error?.code == .outputUnavailable)
      #expect(error?.message.contains("regression") == true)
    }
  }

  @Test func threadsShareOnePredictor() async throws {
    let predictor = predictor
    let sums = await withTaskGroup(of: Double.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<200).reduce(0.0) { sum, i in
            sum + ((try? predictor.predict(row: [Double(i % 3), 1])[0]) ?? .nan)
          }
        }
      }
      return await group.reduce(into: Set<Double>()) { $0.insert($1) }
    }
    #expect(sums.count == 1 && sums.first?.isFinite == true)
  }

  @Test("a linear sum leaves out what is missing; without trees there are no leaves")
  func linearSums() throws {
    let predictor = Predictor(try SampleModels.floats())
    #expect(try predictor.predict(row: [3, 10], output: .raw) == [20.5, 23.5, 26.5])
    #expect(try predictor.predict(row: [3, .nan], output: .raw) == [0.5, 3.5, 6.5])
    #expect(try predictor.predict(row: [.nan, .nan], output: .raw) == [0.5, 0.5, 0.5])
    let large = try predictor.predict(row: [0x1p24, 0.5], output: .raw)
    #expect(large[1] == Double(Float(1.5) + Float(0x1p24)))
    let leaves = #expect(throws: PredictionError.self) {
      try predictor.predict(row: [3, 10], output: .leaf)
    }
    #expect(leaves?.code == .outputUnavailable)
    #expect(throws: PredictionError.self) {
      try predictor.predict(
        row: [3, 10], options: PredictionOptions(startIteration: 0, iterationCount: 1))
    }
  }

  @Test("the first largest, whether NaN counts as that or as nothing")
  func argmax() throws {
    var builder = ModelBuilder(
      input: InputSchema(columns: (0..<3).map { InputColumn(name: "c\($0)", kind: .numeric) }))
    builder.outputs = [
      ModelOutput(
        .raw,
        slots: [Argmax.NaNRule.isLargest, .comparesFalse].map {
          builder.argmax(of: [0, 1, 2], nanRule: $0)
        })
    ]
    let predictor = Predictor(try builder.build())
    let nan = Double.nan
    for (row, positions) in [
      ([1.0, 3, 3], [1.0, 1]), ([1, nan, 3], [1, 2]), ([nan, 1, 3], [0, 0]),
      ([1, 3, nan], [2, 1]),
      ([-Double.infinity, -Double.infinity, -Double.infinity], [0, 0]),
    ] {
      #expect(try predictor.predict(row: row, output: .raw) == positions, "\(row)")
    }
  }
}
