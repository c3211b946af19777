import TreeIR

/// What several engines need to know about an ensemble, found out once.
final class EnsembleAnalysis: Sendable {
  let tests: DistinctTests
  let predicates: PredicatePlan
  /// The byte columns of all tests.
  let quantiser: QuantiserPlan

  /// - Parameter rowWidth: Values of a row; at least 8.
  init(_ ensemble: Ensemble, rowWidth: Int) throws(EngineRefusal) {
    var tests = DistinctTests()
    guard tests.add(0..<ensemble.splits.count, of: ensemble) else {
      throw EngineRefusal("splits of unknown kinds")
    }
    self.tests = tests
    predicates = try PredicatePlan.make(tests.tests, of: ensemble).get()
    quantiser = QuantiserPlan(predicates.thresholdColumns, rowWidth: rowWidth)
  }
}
