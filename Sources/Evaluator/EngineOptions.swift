import TreeIR

/// How a ``Predictor`` prepares to score.
public struct EngineOptions: Sendable, Hashable {
  /// When the engines' tables are made. Until they are, rows are scored by the reference engine,
  /// with the same results.
  public enum Preparation: Sendable, Hashable {
    /// Those of small models before ``Predictor/init(_:engines:)`` returns, those of large ones
    /// in the background.
    case automatic
    /// Before ``Predictor/init(_:engines:)`` returns.
    case immediate
    /// When ``Predictor/prepare()`` is called, and not before.
    case onDemand
  }

  /// The only engine to use, for ensembles that it can score; nil for the fastest at each number
  /// of rows.
  public var engine: EngineName?
  /// The instructions to use, one of ``InstructionSet/available``; nil for
  /// ``InstructionSet/current``.
  public var instructionSet: InstructionSet?
  /// What the tables of one engine may take for one ensemble, in bytes; an engine that needs
  /// more is not used.
  public var tableMemoryLimit: Int
  public var preparation: Preparation
  /// Rows of a block, for measurements; nil for the best.
  package var blockWidth: Int?

  public init(
    engine: EngineName? = nil, instructionSet: InstructionSet? = nil,
    tableMemoryLimit: Int = 256 << 20, preparation: Preparation = .automatic
  ) {
    self.engine = engine
    self.instructionSet = instructionSet
    self.tableMemoryLimit = tableMemoryLimit
    self.preparation = preparation
  }

  /// Models of so many splits, and buckets in tables of statistics, are small: the engines' tables
  /// take some milliseconds, which a first answer can wait for.
  static let mostSplits = 10_000
  static let mostBuckets = 100_000
}

/// Which engines score an ensemble.
public struct EngineReport: Sendable, Hashable {
  /// An engine and the batches that it scores.
  public struct Choice: Sendable, Hashable {
    public var engine: EngineName
    /// How, where the engine has several ways: "128 rows a block", say.
    public var method: String
    /// The smallest batch.
    public var firstRows: Int
    /// The largest batch; nil where all larger ones are scored so, too.
    public var lastRows: Int?
    /// What a row takes at the smallest batch, by the estimate that engines are chosen by, in
    /// nanoseconds.
    public var estimatedNanoseconds: Double
    /// The engine that would be next, and what it would take; nil where there is no other.
    public var runnerUp: EngineName?
    public var runnerUpNanoseconds: Double?
  }

  /// An engine that cannot score the ensemble.
  public struct Refusal: Sendable, Hashable {
    public var engine: EngineName
    public var reason: String
  }

  /// The number of the ensemble in the model.
  public var ensemble: Int
  /// From small batches to large ones.
  public var choices: [Choice]
  public var refusals: [Refusal]
  /// What the tables of all its engines take.
  public var tableBytes: Int
}

extension EnsembleEngines {
  /// What is chosen, as text.
  func report(ensemble: Int) -> EngineReport {
    var choices: [EngineReport.Choice] = []
    for rows in 1...Self.largestChoice {
      let engine = engine(rows: rows)
      let method = engine.method(rows: rows)
      if let last = choices.last, last.engine == engine.name, last.method == method {
        choices[choices.count - 1].lastRows = rows
        continue
      }
      let second = engines.filter { $0.name != engine.name }
        .min { cost($0, rows: rows) < cost($1, rows: rows) }
      choices.append(
        EngineReport.Choice(
          engine: engine.name, method: method, firstRows: rows, lastRows: rows,
          estimatedNanoseconds: cost(engine, rows: rows) / Double(rows),
          runnerUp: second?.name,
          runnerUpNanoseconds: second.map { cost($0, rows: rows) / Double(rows) }))
    }
    choices[choices.count - 1].lastRows = nil
    return EngineReport(
      ensemble: ensemble, choices: choices,
      refusals: refusals.map { EngineReport.Refusal(engine: $0.engine, reason: $0.reason) },
      tableBytes: engines.reduce(0) { $0 + $1.byteCount })
  }
}
