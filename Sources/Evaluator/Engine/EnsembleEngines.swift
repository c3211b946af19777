import TreeIR

/// The engines of one ensemble, and which of them scores how many rows.
final class EnsembleEngines: Sendable {
  let engines: [any EnsembleEngine]
  /// Engines that cannot score the ensemble, and why.
  let refusals: [(engine: EngineName, reason: String)]
  /// By number of rows less 1, the position of the engine; larger batches are divided.
  private let choices: [UInt8]
  private let leafEngine: any EnsembleEngine

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
    choices = (1...Self.largestChoice).map { rows in
      let costs = engines.map { $0.cost(rows: rows) }
      return UInt8(costs.indices.min { costs[$0] < costs[$1] } ?? 0)
    }
    leafEngine =
      engines.filter(\.findsLeaves).min {
        $0.cost(rows: Self.largestChoice) < $1.cost(rows: Self.largestChoice)
      } ?? reference
  }

  /// The engine for `rows` rows.
  func engine(rows: Int) -> any EnsembleEngine {
    engines[Int(choices[min(max(rows, 1), choices.count) - 1])]
  }

  func score(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into scores: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {
    if rows.count <= Self.largestChoice {
      engine(rows: rows.count).score(rows, trees: trees, into: &scores, places, &scratch)
      return
    }
    let rest = rows.count % Self.largestChoice
    let whole = rows.count - rest
    engine(rows: whole).score(
      rows.rows(0..<whole), trees: trees, into: &scores, places, &scratch)
    if rest > 0 {
      engine(rows: rest).score(
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
