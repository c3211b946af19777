/// Figures that describe a model, for people who want to know what they have.
public struct ModelSummary: Sendable {
  /// Figures of one ensemble.
  public struct EnsembleFigures: Sendable {
    public let trees: Int
    public let iterations: Int
    public let outputs: Int
    public let splits: Int
    public let leaves: Int
    /// Splits on the longest way from a root to a leaf.
    public let depth: Int
    public let categorySets: Int
    public let isOblivious: Bool
    public let hasLinearLeaves: Bool
    public let profile: NumericProfile
    public let earlyStopping: Ensemble.EarlyStopping
  }

  /// How the trees use one input column.
  public struct ColumnFigures: Sendable {
    public let column: InputColumn
    /// Splits that test the column itself.
    public fileprivate(set) var splits = 0
    /// Sum of the gains that training reported for them.
    public fileprivate(set) var gain = 0.0
    /// The hashes that splits on a column of hashed text compare it with, ascending.
    public fileprivate(set) var hashes: [Int32] = []
  }

  /// A statistic of categories (CatBoost's CTR), and how the trees use it.
  public struct StatisticFigures: Sendable {
    public let statistic: CategoryStatistic
    /// Splits that test it.
    public let splits: Int
    /// Combinations of categories that its table has.
    public let records: Int
  }

  public let ensembles: [EnsembleFigures]
  /// One an input column.
  public let columns: [ColumnFigures]
  /// In the order in which they are computed.
  public let statistics: [StatisticFigures]
  /// Size of the model as a `.tir` file, in bytes.
  public let fileSize: Int
  /// ``TreeModel/checksum``
  public let checksum: UInt64

  /// Summarises `model`.
  public init(_ model: TreeModel) {
    var columns = model.input.columns.map { ColumnFigures(column: $0) }
    for ensemble in model.ensembles {
      let slots = ensemble.splits.slots.span
      let gains = ensemble.splits.gains.span
      for split in slots.indices where slots[split] < columns.count {
        columns[Int(slots[split])].splits += 1
        if !gains.isEmpty { columns[Int(slots[split])].gain += Double(gains[split]) }
      }
    }
    let hashes = model.categoryHashes
    for column in columns.indices { columns[column].hashes = hashes[column, default: []].sorted() }
    self.columns = columns
    statistics = model.statisticFigures
    ensembles = model.ensembles.map { EnsembleFigures($0) }
    let writer = TIRWriter(model)
    fileSize = writer.fileSize
    checksum = writer.tableChecksum
  }
}

extension TreeModel {
  /// The hashes that trees and statistics compare each column of hashed text with.
  fileprivate var categoryHashes: [Int: Set<Int32>] {
    var hashes: [Int: Set<Int32>] = [:]
    for ensemble in ensembles {
      for index in 0..<ensemble.splits.count {
        guard let split = ensemble.splits[index], split.condition == .equal,
          split.slot < input.count, case .hashedText = input.columns[split.slot].kind,
          case .threshold(let threshold) = split.operand, let hash = Int32(exactly: threshold)
        else { continue }
        hashes[split.slot, default: []].insert(hash)
      }
    }
    for case .categoryStatistic(let statistic) in operations.map(\.kind) {
      for test in statistic.categoryTests { hashes[test.slot, default: []].insert(test.value) }
    }
    return hashes
  }

  fileprivate var statisticFigures: [ModelSummary.StatisticFigures] {
    var splits: [Int: Int] = [:]
    for ensemble in ensembles {
      for slot in ensemble.splits.slots where slot >= input.count {
        splits[Int(slot), default: 0] += 1
      }
    }
    // Statistics share tables.
    let records = statisticTables.map { table in
      table.keys.reduce(0) { $0 + ($1 == StatisticTable.emptyKey ? 0 : 1) }
    }
    return operations.compactMap { operation in
      guard case .categoryStatistic(let statistic) = operation.kind else { return nil }
      return ModelSummary.StatisticFigures(
        statistic: statistic, splits: splits[statistic.output, default: 0],
        records: records[statistic.table])
    }
  }
}

extension ModelSummary.EnsembleFigures {
  fileprivate init(_ ensemble: Ensemble) {
    trees = ensemble.treeCount
    iterations = ensemble.iterationCount
    outputs = ensemble.outputCount
    splits = ensemble.splits.count
    leaves = ensemble.leaves.count
    depth = ensemble.depth()
    categorySets = ensemble.categorySets.count
    isOblivious = ensemble.isOblivious
    hasLinearLeaves = ensemble.leaves.linear != nil
    profile = ensemble.profile
    earlyStopping = ensemble.earlyStopping
  }
}

extension Ensemble {
  /// Splits on the longest way from a root to a leaf.
  fileprivate func depth() -> Int {
    let sizes = (0..<treeCount).map { trees.splits(of: $0).count }
    guard let children else { return sizes.max() ?? 0 }
    let left = children.left.span
    let right = children.right.span
    var deepest = 0
    var depths: [Int] = []
    for tree in 0..<treeCount {
      let first = trees.splits(of: tree).lowerBound
      depths.removeAll(keepingCapacity: true)
      depths.append(contentsOf: repeatElement(1, count: sizes[tree]))
      // Children follow their parent, so that one pass down the rows suffices.
      for node in 0..<sizes[tree] {
        deepest = max(deepest, depths[node])
        for child in [left[first + node], right[first + node]] where child >= 0 {
          depths[Int(child)] = depths[node] + 1
        }
      }
    }
    return deepest
  }
}
