import CAllocationCounter
import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// Once a workspace has been used, no engine allocates memory.
@Suite struct EngineAllocationTests {
  private static let models: [(name: String, model: TreeModel)] = {
    let wide = try? RandomModels.ordinary()
    let narrow = try? RandomModels.ordinary(columnCount: 3)
    let oblivious = try? RandomModels.ordinary(shape: .oblivious)
    var random = SeededGenerator(seed: 2)
    let statistics = try? RandomModels.statistics(&random)
    let graph = try? RandomModels.graph(&random)
    let all = [
      ("wide", wide), ("narrow", narrow), ("oblivious", oblivious), ("statistics", statistics),
      ("graph", graph),
    ]
    return all.compactMap { name, model in model.map { (name, $0) } }
      + ((try? SampleModels.all()) ?? [])
  }()

  /// Allocations of a call for each of `sizes`, in a second round of calls.
  private func allocations(
    _ predictor: Predictor, _ output: PredictionOutput, sizes: [Int]
  ) throws -> [Int] {
    let columns = predictor.model.input.count
    let width = try predictor.columnCount(of: output)
    let rows = [Double](repeating: 1, count: (sizes.max() ?? 0) * columns)
    var result = [Double](repeating: 0, count: (sizes.max() ?? 0) * width)
    var workspace = predictor.makeWorkspace()
    var counts = [Int](repeating: 0, count: sizes.count)
    for _ in 0..<2 {
      for (place, size) in sizes.enumerated() {
        let before = allocation_count()
        var span = result.mutableSpan
        try predictor.predict(
          rows.span, layout: .rowMajor(rows: size, columns: columns), output: output,
          into: &span, workspace: &workspace)
        counts[place] = allocation_count() - before
      }
    }
    return counts
  }

  @Test(.enabled(if: allocation_count() >= 0, "nothing counts here"), arguments: EngineName.all)
  func `Nothing is allocated once warm`(_ engine: EngineName) throws {
    #expect(Self.models.count == 11)
    for (name, model) in Self.models {
      let predictor = Predictor(
        model, engines: EngineOptions(engine: engine, preparation: .immediate))
      for output in [PredictionOutput.raw, .prediction] {
        guard (try? predictor.columnCount(of: output)) != nil else { continue }
        let counts = try allocations(predictor, output, sizes: [1, 64, 1000])
        #expect(counts == [0, 0, 0], "\(engine), \(name), \(output)")
      }
    }
  }

  @Test(.enabled(if: allocation_count() >= 0, "nothing counts here"))
  func `Nothing is allocated by the engines that are chosen`() throws {
    for (name, model) in Self.models {
      let predictor = Predictor(model, engines: EngineOptions(preparation: .immediate))
      for output in [PredictionOutput.raw, .prediction] {
        guard (try? predictor.columnCount(of: output)) != nil else { continue }
        let counts = try allocations(predictor, output, sizes: [1, 64, 1000])
        #expect(counts == [0, 0, 0], "\(name), \(output)")
      }
    }
  }
}
