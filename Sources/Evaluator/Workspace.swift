/// Memory that predictions need, reused from call to call. Make one per thread with
/// ``Predictor/makeWorkspace()``.
public struct Workspace: Sendable {
  /// One value a slot of the scoring graph, for the row at hand.
  var slots: [Double]

  init(slotCount: Int) {
    slots = [Double](repeating: .nan, count: slotCount)
  }

  /// Makes room for a model of `slotCount` slots; only a workspace made by another
  /// predictor needs any.
  mutating func prepare(slotCount: Int) {
    if slots.count < slotCount { self = Workspace(slotCount: slotCount) }
  }
}
