import TreeIR

/// The engines of one ensemble, and which of them scores how many rows.
final class EnsembleEngines: Sendable {
  let engines: [any EnsembleEngine]
  /// Engines that cannot score the ensemble, and why.
  let refusals: [(engine: EngineName, reason: String)]
  /// By number of rows less 1, the position of the engine; larger batches are divided.
  private let choices: [UInt8]
  private let leafEngine: any EnsembleEngine
  /// What gives engines that make no statistics numbers for them; nil where these have to be
  /// computed, or there are none.
  let statisticNumbers: StatisticRanks?
  let kernels: BlockKernels
  private let statisticCosts: StatisticCosts

  /// Rows that are scored in one go at most.
  static let largestChoice = 512

  /// - Parameter wanted: The only engine to use where it can score the ensemble.
  init(_ ensemble: Ensemble, _ context: EngineContext, only wanted: EngineName?) {
    var engines: [any EnsembleEngine] = []
    var refusals: [(engine: EngineName, reason: String)] = []
    for type in EngineRegistry.engines where wanted == nil || type.name == wanted {
      do throws(EngineRefusal) {
        engines.append(try type.make(ensemble, context))
      } catch {
        refusals.append((type.name, error.reason))
      }
    }
    let reference = ReferenceEngine(ensemble)
    if engines.isEmpty { engines.append(reference) }
    self.engines = engines
    self.refusals = refusals
    kernels = BlockKernels(instructionSet: context.instructionSet)
    let ranks = context.statistics == nil ? nil : context.statisticRanks
    statisticNumbers = ranks.flatMap { $0.givesNumbers ? $0 : nil }
    let statisticCosts = StatisticCosts(
      count: context.statistics?.operations.count ?? 0, ranks: statisticNumbers)
    self.statisticCosts = statisticCosts
    choices = (1...Self.largestChoice).map { rows in
      let costs = engines.map { Self.cost($0, rows: rows, statisticCosts) }
      return UInt8(costs.indices.min { costs[$0] < costs[$1] } ?? 0)
    }
    leafEngine =
      engines.filter(\.findsLeaves).min {
        Self.cost($0, rows: Self.largestChoice, statisticCosts)
          < Self.cost($1, rows: Self.largestChoice, statisticCosts)
      } ?? reference
  }

  /// What scoring `rows` rows with `engine` takes, statistics included.
  func cost(_ engine: any EnsembleEngine, rows: Int) -> Double {
    Self.cost(engine, rows: rows, statisticCosts)
  }

  private static func cost(
    _ engine: any EnsembleEngine, rows: Int, _ statistics: StatisticCosts
  ) -> Double {
    engine.cost(rows: rows) + (engine.makesStatistics ? 0 : statistics.numbers(rows: rows))
  }

  /// What scoring `rows` rows with the engine for so many takes, in nanoseconds.
  func cost(rows: Int) -> Double { rows == 0 ? 0 : cost(engine(rows: rows), rows: rows) }

  /// The engine for `rows` rows.
  func engine(rows: Int) -> any EnsembleEngine {
    engines[Int(choices[min(max(rows, 1), choices.count) - 1])]
  }

  /// Whether rows are to be given as input columns, because the engine for so many of them makes
  /// statistics itself.
  func makesStatistics(rows: Int, leaves: Bool) -> Bool {
    leaves ? leafEngine.makesStatistics : engine(rows: rows).makesStatistics
  }

  func score(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into scores: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {
    if rows.count <= Self.largestChoice {
      engine(rows: rows.count).score(rows, trees: trees, into: &scores, places, &scratch)
      return
    }
    // All of them are of one form.
    let largest = engine(rows: rows.count)
    let rest = largest.makesStatistics ? 0 : rows.count % Self.largestChoice
    let whole = rows.count - rest
    largest.score(
      rows.rows(0..<whole), trees: trees, into: &scores, places, &scratch)
    if rest > 0 {
      let next = engine(rows: rest)
      (next.makesStatistics ? largest : next).score(
        rows.rows(whole..<rows.count), trees: trees, into: &scores, places.rows(from: whole),
        &scratch)
    }
  }

  func findLeaves(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into leaves: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {
    leafEngine.findLeaves(rows, trees: trees, into: &leaves, places, &scratch)
  }
}
