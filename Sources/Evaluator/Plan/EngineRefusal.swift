/// Why an engine does not score an ensemble.
struct EngineRefusal: Error, Equatable {
  /// Half a sentence: "trees of 70,000 leaves", say.
  var reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
