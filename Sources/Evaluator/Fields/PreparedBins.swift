import TreeIR

/// The bins of a Discretize, with their results as values.
struct PreparedBins: Sendable {
  private let bins: [(interval: FieldRules.Interval, result: PreparedResult)]
  private let other: PreparedResult
  private let missing: PreparedResult

  init(_ discretize: FieldExpression.Discretize) {
    let type = discretize.type
    bins = discretize.bins.map { ($0.interval, PreparedResult($0.text, type)) }
    other = PreparedResult(discretize.defaultValue, type)
    missing = PreparedResult(discretize.mapMissingTo, type)
  }

  func callAsFunction(_ value: FieldValue) throws(FieldRefusal) -> FieldValue {
    if value.isMissing { return try missing.value() }
    let number = try value.number()
    // Where bins overlap, the last counts.
    for bin in bins.reversed() where bin.interval.contains(number) {
      return try bin.result.value()
    }
    return try other.value()
  }
}

/// A result that is known beforehand, or why there is none.
enum PreparedResult: Sendable {
  case value(FieldValue)
  case refusal(FieldRefusal)

  /// The value of a type that a text is; missing where there is no text.
  init(_ text: String?, _ type: FieldType) {
    guard let text else {
      self = .value(.missing)
      return
    }
    do throws(FieldRefusal) {
      self = .value(try FieldValue(text, as: type))
    } catch {
      self = .refusal(error)
    }
  }

  func value() throws(FieldRefusal) -> FieldValue {
    switch self {
    case .value(let value): return value
    case .refusal(let refusal): throw refusal
    }
  }
}
