/// The largest model that treec accepts. A file that asks for more is refused before
/// memory is taken for it.
public struct Limits: Sendable, Hashable {
  /// Input columns.
  public var columns = 1 << 20
  /// Ensembles in one model.
  public var ensembles = 1 << 14
  /// Trees in one ensemble.
  public var trees = 1 << 24
  /// Splits, and leaf values, in one ensemble.
  public var splits = 1 << 30
  /// Outputs (classes or targets) of one ensemble.
  public var outputs = 1 << 16
  /// Value slots: input columns and results of operations.
  public var slots = 1 << 22
  /// Statistic tables in one model.
  public var statisticTables = 1 << 16
  /// Slots that all operations of the scoring graph together name: what a row costs
  /// besides its trees.
  public var reads = 1 << 24
  /// Operations in the scoring graph.
  public var operations = 1 << 20

  public static let standard = Limits()

  public init() {}
}
