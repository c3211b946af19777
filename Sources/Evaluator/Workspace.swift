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
  /// What operations read and make of a block of rows, as a ``ColumnBlock``.
  var columns: [Double] = []
  /// The caller's rows as engines read them, where they lie in another way.
  var input: [Double] = []
  /// Rows of input columns and results of operations.
  var packed: [Double] = []
  /// Scores as engines write them, and what a link reads and writes of one row.
  var staging: [Double] = []
  /// Rows of a block that an ensemble is wanted for, where it is not wanted for others.
  var chosen: [Int] = []
  /// By row of the block, the number of the reason why the model refuses it; −1 for none.
  private var refusalReasons: [Int] = []
  var scratch = EngineScratch()
  /// The texts of the rows at hand; nil where they have none but the model's.
  var texts: RowTexts?
  /// The plan of the predictor that used the workspace last: kept here, threads need not count
  /// references to one that they share.
  var plan: EnginePlan?
  /// The short way to the output that was asked for last, where there is one.
  var direct: DirectScoring?

  init(slotCount: Int) {
    slots = [Double](repeating: .nan, count: slotCount)
  }

  /// Begins a call for a model of `slotCount` slots; only a workspace made by another
  /// predictor needs to grow.
  mutating func begin(slotCount: Int) {
    if !refusals.isEmpty { refusals.removeAll(keepingCapacity: true) }
    if slots.count < slotCount { slots = [Double](repeating: .nan, count: slotCount) }
  }
  // MARK: Refusals of a block

  /// Begins a block of so many rows, ``GraphPlan/mostRows`` at most, some of which may be refused.
  mutating func beginRefusals(rows: Int) {
    if refusalReasons.isEmpty {
      refusalReasons = [Int](repeating: -1, count: GraphPlan.mostRows)
    } else {
      for row in 0..<rows { refusalReasons[row] = -1 }
    }
  }

  /// Refuses a row of the block, unless it is refused already: the first reason counts.
  mutating func refuse(_ row: Int, reason: Int) {
    if refusalReasons[row] < 0 { refusalReasons[row] = reason }
  }

  /// The number of the reason for which a row of the block is refused.
  func refusalReason(_ row: Int) -> Int? {
    refusalReasons[row] < 0 ? nil : refusalReasons[row]
  }
}
