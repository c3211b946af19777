import TreeIR

/// The name of an engine.
public struct EngineName: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  public var description: String { rawValue }

  /// All engines, the preferred first where two would take the same time.
  public static var all: [EngineName] { EngineRegistry.engines.map { $0.name } }
}

/// What engines are made for, and what several of them need, found out once.
final class EngineContext {
  let instructionSet: InstructionSet
  /// What the tables of one engine may take.
  let tableMemoryLimit: Int
  /// Values of a row, at least ``QuantiserPlan/lanes``: input columns and, where trees read
  /// them, results of operations.
  let rowWidth: Int
  /// The only width of blocks; nil for the best.
  let blockWidth: Int?
  /// The statistics that trees read, where engines can make them.
  let statistics: StatisticSource?
  private let ensemble: Ensemble

  init(
    _ ensemble: Ensemble, rowWidth: Int, instructionSet: InstructionSet, tableMemoryLimit: Int,
    blockWidth: Int? = nil, statistics: StatisticSource? = nil
  ) {
    self.ensemble = ensemble
    self.rowWidth = rowWidth
    self.instructionSet = instructionSet
    self.tableMemoryLimit = tableMemoryLimit
    self.blockWidth = blockWidth
    self.statistics = statistics
  }

  /// The tests that trees make, and their predicates.
  private(set) lazy var analysis: Result<EnsembleAnalysis, EngineRefusal> = {
    do throws(EngineRefusal) {
      return .success(try EnsembleAnalysis(ensemble, rowWidth: rowWidth))
    } catch {
      return .failure(error)
    }
  }()

  /// The ranks of the statistics that trees read; nil where they have to be computed.
  private(set) lazy var statisticRanks: StatisticRanks? = {
    guard let statistics, case .success(let analysis) = analysis else { return nil }
    return StatisticRanks(statistics, analysis.predicates, limit: tableMemoryLimit)
  }()

  private lazy var trees: Result<RowTrees, EngineRefusal> = {
    do throws(EngineRefusal) {
      return .success(try RowTrees(ensemble, try analysis.get()))
    } catch {
      return .failure(error)
    }
  }()

  /// The prices of engines for single rows.
  var rowCosts: RowCosts {
    let plan = try? analysis.get().predicates
    return RowCosts(
      columns: plan?.thresholdColumns.count ?? 0, classColumns: plan?.classColumns.count ?? 0,
      instructionSet: instructionSet)
  }

  /// The trees as engines for single rows take them.
  func rowTrees() throws(EngineRefusal) -> RowTrees {
    try trees.get()
  }

  /// Throws where tables of `byteCount` bytes are too large.
  func check(byteCount: Int) throws(EngineRefusal) {
    guard byteCount <= tableMemoryLimit else {
      throw EngineRefusal("tables of more than \(tableMemoryLimit >> 20) MiB")
    }
  }
}

/// A way to score the trees of an ensemble. All give the same bits.
protocol EnsembleEngine: AnyObject, Sendable {
  static var name: EngineName { get }

  /// The engine for `ensemble`, or why it cannot score it.
  static func make(
    _ ensemble: Ensemble, _ context: EngineContext
  ) throws(EngineRefusal) -> any EnsembleEngine

  /// What the engine's tables take.
  var byteCount: Int { get }

  /// Whether the engine tells which leaves rows reach.
  var findsLeaves: Bool { get }

  /// Whether the engine makes the statistics of categories that trees read: its rows are then those
  /// of input columns.
  var makesStatistics: Bool { get }

  /// What scoring `rows` rows takes, in nanoseconds, on the processor that the constants of the
  /// engine were measured on: for comparison with other engines.
  func cost(rows: Int) -> Double

  /// How `rows` rows are scored, in a few words; empty if there is only one way.
  func method(rows: Int) -> String

  /// Writes the raw scores of all rows, base scores and `trees`, to `places` of `scores`.
  func score(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into scores: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch)

  /// Writes for every row and tree of `trees` the row of the leaf table that it reaches, a column
  /// a tree; only where ``findsLeaves``.
  func findLeaves(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into leaves: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch)
}

extension EnsembleEngine {
  var name: EngineName { Self.name }

  func method(rows: Int) -> String { "" }

  var findsLeaves: Bool { false }

  var makesStatistics: Bool { false }

  func findLeaves(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into leaves: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {}
}

/// Memory that engines need for one thread.
struct EngineScratch: Sendable {
  /// What kernels write to.
  private var buffer: ScratchBuffer?
  /// The row as a ``CompactTrees`` compares it.
  var prepared: [Double] = []
  /// The node that each tree of a ``CompactTrees`` ends in.
  var reached: [UInt32] = []

  /// Memory of at least `byteCount` bytes that nobody else uses: a copy of a workspace may be
  /// another thread's.
  mutating func memory(byteCount: Int) -> ScratchBuffer {
    if isKnownUniquelyReferenced(&buffer), let buffer, buffer.byteCount >= byteCount {
      return buffer
    }
    let new = ScratchBuffer(byteCount: byteCount)
    buffer = new
    return new
  }

  /// Lends such memory, which counts fewer references than handing it out.
  @inline(__always)
  mutating func withMemory(byteCount: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
    if !isKnownUniquelyReferenced(&buffer) || (buffer?.byteCount ?? 0) < byteCount {
      buffer = ScratchBuffer(byteCount: byteCount)
    }
    if let base = buffer?.base { body(base) }
  }

  /// Makes room for a walk.
  mutating func prepareWalk(columnCount: Int, treeCount: Int) {
    if prepared.count < columnCount {
      prepared = [Double](repeating: .nan, count: columnCount)
    }
    if reached.count < treeCount { reached = [UInt32](repeating: 0, count: treeCount) }
  }
}
