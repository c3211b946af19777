/// Memory that predictions need, reused from call to call. Make one per thread with
/// ``Predictor/makeWorkspace()``.
public struct Workspace: Sendable {
  /// A row that the model itself refuses to score.
  public struct Refusal: Sendable, Equatable {
    /// Position in the call's matrix.
    public let row: Int
    /// Why, in the model's words.
    public let reason: String
  }

  /// The rows that the model refused in the last call, in order; their results are NaN.
  /// No LightGBM model refuses any.
  public internal(set) var refusals: [Refusal] = []
  /// One value a slot of the scoring graph, for the row at hand.
  var slots: [Double]
  /// The row as a ``CompactTrees`` compares it.
  var prepared: [Double] = []
  /// The node that each tree of a ``CompactTrees`` ends in.
  var reached: [UInt32] = []

  init(slotCount: Int) {
    slots = [Double](repeating: .nan, count: slotCount)
  }

  /// Begins a call for a model of `slotCount` slots; only a workspace made by another
  /// predictor needs to grow.
  mutating func begin(slotCount: Int) {
    refusals.removeAll(keepingCapacity: true)
    if slots.count < slotCount { self = Workspace(slotCount: slotCount) }
  }

  /// Makes room for a walk.
  mutating func prepareWalk(columnCount: Int, treeCount: Int) {
    if prepared.count < columnCount {
      prepared = [Double](repeating: .nan, count: columnCount)
    }
    if reached.count < treeCount { reached = [UInt32](repeating: 0, count: treeCount) }
  }
}
