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
  }

  public let ensembles: [EnsembleFigures]
  /// One an input column.
  public let columns: [ColumnFigures]
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
    self.columns = columns
    ensembles = model.ensembles.map { EnsembleFigures($0) }
    let writer = TIRWriter(model)
    fileSize = writer.fileSize
    checksum = writer.tableChecksum
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
