/// Where treec knowingly differs from JPMML-Evaluator.
enum PMMLDeviations {
  /// The rows that differ, by the case's name.
  static let rows: [String: Int] = [:]

  /// Cases with Doubles further from JPMML's than the two ulps that any may have.
  static let ulps: [String: UInt64] = [:]
}
