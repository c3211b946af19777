import Foundation
import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// Threads that share a predictor and little else. Small enough for the thread sanitizer, without
/// optimisation.
@Suite struct EngineConcurrencyTests {
  /// Runs `body` on as many threads of their own, all at once.
  private func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for number in 0..<count {
      group.enter()
      Thread.detachNewThread {
        body(number)
        group.leave()
      }
    }
    group.wait()
  }

  /// More splits than models have whose tables are made at once.
  private func largeModel() throws -> TreeModel {
    var builder = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    for number in 0...EngineOptions.mostSplits {
      try builder.add(
        SampleModels.stump(
          slot: number % 9, threshold: Double(number % 40), missing: .left,
          left: 1 / Double(number + 1), right: -0.5))
    }
    return try RandomModels.model(of: builder.build(), columnCount: 9)
  }

  /// Scores the same rows again and again, on several threads, until the engines are prepared and
  /// once more.
  private func scoreWhilePreparing(_ predictor: Predictor, _ rows: [Double], count: Int) throws {
    let reference = Predictor.reference(predictor.model)
    var workspace = reference.makeWorkspace()
    let expected = try Scored(reference, rows[...], count: count, .raw, &workspace)
    onThreads(6) { _ in
      var workspace = predictor.makeWorkspace()
      var isLast = false
      repeat {
        isLast = predictor.isPrepared
        let found = try? Scored(predictor, rows[...], count: count, .raw, &workspace)
        #expect(found == expected)
      } while !isLast
    }
  }

  @Test func `Rows are scored while tables are made in the background`() throws {
    let predictor = Predictor(try largeModel())
    var random = SeededGenerator(seed: 1)
    let rows = HardRows(predictor.model).rows(3, &random)
    try scoreWhilePreparing(predictor, rows, count: 3)
  }

  @Test func `Several threads ask for the tables at once`() throws {
    let predictor = Predictor(
      try RandomModels.ordinary(), engines: EngineOptions(preparation: .onDemand))
    #expect(!predictor.isPrepared)
    let preparation = Thread { for _ in 0..<3 { predictor.prepare() } }
    preparation.start()
    let others = Thread { predictor.prepare() }
    others.start()
    var random = SeededGenerator(seed: 2)
    let rows = HardRows(predictor.model).rows(65, &random)
    try scoreWhilePreparing(predictor, rows, count: 65)
    #expect(predictor.isPrepared)
    #expect(predictor.enginePlan === predictor.enginePlan)
  }

  @Test func `Copies of a workspace are used on two threads`() throws {
    var random = SeededGenerator(seed: 3)
    let predictor = Predictor(try RandomModels.ordinary())
    let rows = HardRows(predictor.model).rows(300, &random)
    var workspace = predictor.makeWorkspace()
    // Its memory is there, and shared by the copies.
    let expected = try Scored(predictor, rows[...], count: 300, .prediction, &workspace)
    let shared = workspace
    onThreads(4) { number in
      var workspace = shared
      for _ in 0..<5 {
        let count = number % 2 == 0 ? 300 : 100
        let found = try? Scored(
          predictor, rows[..<(count * 10)], count: count, .prediction, &workspace)
        #expect(found == expected.rows(0, count, of: 300))
      }
    }
  }

  @Test(arguments: EngineName.all)
  func `Threads with a workspace each get the same bits`(_ engine: EngineName) throws {
    var random = SeededGenerator(seed: 4)
    let model = try RandomModels.forest(columnCount: 9, &random)
    let predictor = Predictor(
      model, engines: EngineOptions(engine: engine, preparation: .immediate))
    let rows = HardRows(model).rows(130, &random)
    let reference = Predictor.reference(model)
    var workspace = reference.makeWorkspace()
    let expected = try Scored(reference, rows[...], count: 130, .raw, &workspace)
    onThreads(4) { _ in
      var workspace = predictor.makeWorkspace()
      for count in [1, 130, 64] {
        let found = try? Scored(
          predictor, rows[..<(count * 9)], count: count, .raw, &workspace)
        #expect(found == expected.rows(0, count, of: 130))
      }
    }
  }

  // MARK: One call on several threads

  private func scoreInParallel(
    _ predictor: Predictor, _ rows: [Double], count: Int, _ output: PredictionOutput,
    _ workspace: inout ParallelWorkspace
  ) throws -> Scored {
    var scored = Scored()
    let width = try predictor.columnCount(of: output)
    var result = [Double](repeating: -1, count: count * width)
    var span = result.mutableSpan
    try predictor.predict(
      rows.span, layout: .rowMajor(rows: count, columns: predictor.model.input.count),
      output: output, into: &span, workspace: &workspace)
    scored.bits = Scored.bits(of: result)
    scored.refusals = workspace.refusals
    return scored
  }

  @Test(arguments: [1, 2, 5], 0..<4)
  func `Many threads give the results of one, refusals in order`(
    threads: Int, seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: 40 + seed)
    let predictor = Predictor(
      seed == 0 ? try RandomModels.ordinary() : try RandomModels.graph(&random))
    var one = predictor.makeWorkspace()
    var several = predictor.makeParallelWorkspace(threads: threads)
    #expect(several.threadCount == threads)
    for count in [0, 1, 511, 513, 3000, 2] {
      let rows = HardRows(predictor.model).rows(count, &random)
      let expected = try Scored(predictor, rows[...], count: count, .prediction, &one)
      let found = try scoreInParallel(
        predictor, rows, count: count, .prediction, &several)
      #expect(found == expected, "\(count) rows")
    }
  }

  @Test func `Columns one after the other are divided by rows too`() throws {
    let predictor = Predictor(try RandomModels.ordinary())
    var random = SeededGenerator(seed: 6)
    let rows = HardRows(predictor.model).rows(2000, &random)
    let layout = MatrixLayout.columnMajor(rows: 2000, columns: 10)
    var one = predictor.makeWorkspace()
    let expected = try Scored(predictor, rows.span, layout, .raw, &one)
    var several = predictor.makeParallelWorkspace(threads: 3)
    var result = [Double](repeating: 0, count: 2000)
    var span = result.mutableSpan
    try predictor.predict(
      rows.span, layout: layout, output: .raw, into: &span, workspace: &several)
    #expect(Scored.bits(of: result) == expected.bits)
  }

  @Test func `What one thread refuses, several refuse`() throws {
    let predictor = Predictor(try RandomModels.ordinary())
    var several = predictor.makeParallelWorkspace(threads: 2)
    let rows = [Double](repeating: 0, count: 20_000)
    var result = [Double](repeating: 7, count: 2000)
    for (layout, output, code) in [
      (.rowMajor(rows: 2000, columns: 9), .raw, .wrongShape),
      (.rowMajor(rows: 2001, columns: 10), .raw, .wrongShape),
      (.rowMajor(rows: 2000, columns: 10), .label, .outputUnavailable),
    ] as [(MatrixLayout, PredictionOutput, PredictionError.Code)] {
      let error = #expect(throws: PredictionError.self) {
        var span = result.mutableSpan
        try predictor.predict(
          rows.span, layout: layout, output: output, into: &span, workspace: &several)
      }
      #expect(error?.code == code)
    }
    var short = [Double](repeating: 7, count: 1999)
    #expect(throws: PredictionError.self) {
      var span = short.mutableSpan
      try predictor.predict(
        rows.span, layout: .rowMajor(rows: 2000, columns: 10), output: .raw, into: &span,
        workspace: &several)
    }
    #expect(result.allSatisfy { $0 == 7 } && short.allSatisfy { $0 == 7 })
  }
}
