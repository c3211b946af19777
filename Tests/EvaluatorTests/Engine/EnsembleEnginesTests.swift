import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// Which engine scores how many rows.
@Suite struct EnsembleEnginesTests {
  private func engines(
    _ model: TreeModel, _ set: InstructionSet = .current, memory: Int = 256 << 20,
    only engine: EngineName? = nil
  ) -> EnsembleEngines {
    EnsembleEngines(
      model.ensembles[0],
      EngineContext(
        model.ensembles[0], rowWidth: max(model.input.count, 8), instructionSet: set,
        tableMemoryLimit: memory),
      only: engine)
  }

  private static let models: [TreeModel] = {
    let sizes = [(1, 2), (40, 16), (100, 31), (20, 256)]
    let forests = sizes.compactMap {
      try? RandomModels.ordinary(treeCount: $0.0, leafCount: $0.1)
    }
    return forests + [try? RandomModels.ordinary(shape: .oblivious)].compactMap { $0 }
  }()

  @Test(arguments: InstructionSet.available)
  func `The engine that is chosen takes the least time by its own account`(
    _ set: InstructionSet
  ) {
    #expect(Self.models.count == 5)
    for model in Self.models {
      let engines = engines(model, set)
      for rows in 1...EnsembleEngines.largestChoice {
        let costs = engines.engines.map { $0.cost(rows: rows) }
        #expect(costs.allSatisfy { $0.isFinite && $0 > 0 })
        #expect(engines.engine(rows: rows).cost(rows: rows) == costs.min())
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `Large batches of ordinary models are scored in blocks`(_ set: InstructionSet) {
    for model in Self.models.dropFirst() {
      #expect(engines(model, set).engine(rows: 512).name == .bitSliced)
      #expect(engines(model, set).engine(rows: 100_000).name == .bitSliced)
    }
  }

  @Test(arguments: InstructionSet.available)
  func `Twice the rows cost no less, and at most twice as much`(_ set: InstructionSet) {
    for model in Self.models {
      for engine in engines(model, set).engines {
        for rows in [1, 5, 64, 100, 256, 512, 1000] {
          let (once, twice) = (engine.cost(rows: rows), engine.cost(rows: 2 * rows))
          #expect(twice >= once && twice <= 2 * once * (1 + 1e-9), "\(engine.name), \(rows)")
        }
      }
    }
  }

  @Test func `The reference engine cannot be refused`() {
    for model in Self.models {
      let engines = engines(model, memory: 0)
      #expect(engines.engines.map(\.name).contains(.reference))
      #expect(!engines.refusals.map(\.engine).contains(.reference))
    }
  }

  @Test(arguments: EngineName.all)
  func `An engine whose tables are too large is not used`(_ engine: EngineName) throws {
    let model = Self.models[2]
    let whole = engines(model, only: engine)
    guard whole.engines[0].name == engine, whole.engines[0].byteCount > 0 else { return }
    let limited = engines(model, memory: 1, only: engine)
    #expect(limited.engines.map(\.name) == [.reference])
    #expect(limited.refusals.map(\.engine) == [engine])
    #expect(limited.refusals[0].reason.contains("MiB"))
  }

  @Test func `The report has a choice for every number of rows`() {
    for model in Self.models {
      let report = engines(model).report(ensemble: 3)
      #expect(report.ensemble == 3 && report.tableBytes > 0)
      var next = 1
      for choice in report.choices {
        #expect(choice.firstRows == next && choice.estimatedNanoseconds > 0)
        next = (choice.lastRows ?? 0) + 1
      }
      #expect(report.choices.last?.lastRows == nil && next == 1)
    }
  }

  @Test func `An engine that there is not leaves the reference engine`() {
    let engines = engines(Self.models[0], only: EngineName(rawValue: "none"))
    #expect(engines.engines.map(\.name) == [.reference])
  }
}
