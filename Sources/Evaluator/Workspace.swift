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
  /// Results of operations for a block of rows: one row after the other, a value a slot.
  var results: [Double] = []
  /// The caller's rows as engines read them, where they lie in another way.
  var input: [Double] = []
  /// Rows of input columns and results of operations.
  var packed: [Double] = []
  /// By row of the block, whether the model has refused it.
  var isRefused: [Bool] = []
  var scratch = EngineScratch()
  /// The plan of the predictor that used the workspace last: kept here, threads need not count
  /// references to one that they share.
  var plan: EnginePlan?

  init(slotCount: Int) {
    slots = [Double](repeating: .nan, count: slotCount)
  }

  /// Begins a call for a model of `slotCount` slots; only a workspace made by another
  /// predictor needs to grow.
  mutating func begin(slotCount: Int) {
    if !refusals.isEmpty { refusals.removeAll(keepingCapacity: true) }
    if slots.count < slotCount { slots = [Double](repeating: .nan, count: slotCount) }
  }
}
