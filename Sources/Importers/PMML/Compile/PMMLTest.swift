import TreeIR

/// What a predicate asks of a row, in slots: true, false or unknown.
enum PMMLTest: Hashable {
  case always
  case never
  case unknown
  /// A comparison with a number; unknown where the slot is missing.
  case compare(slot: Int, SplitCondition, Double)
  /// Whether the number is one of a list; unknown where the slot is missing.
  case isOneOf(slot: Int, [Double], isNegated: Bool)
  case isMissing(slot: Int, isNegated: Bool)
  /// Whether a truth value is 1; unknown where it is missing.
  case isTrue(slot: Int)
  /// The row is refused, unless the slot is missing: then it is unknown.
  case refusal(unlessMissing: Int?, reason: String)

  /// The slot that decides; nil where none does.
  var slot: Int? {
    switch self {
    case .always, .never, .unknown: nil
    case .compare(let slot, _, _), .isOneOf(let slot, _, _), .isMissing(let slot, _),
      .isTrue(let slot):
      slot
    case .refusal(let slot, _): slot
    }
  }
}

/// A test, and the slots of failures that refuse the row when it is made.
struct PMMLNodeTest: Hashable {
  var test: PMMLTest
  /// Of derived fields that are read; checked in this order.
  var failures: [Int] = []
  /// Those of a surrogate predicate: the first that is known decides. Empty for others.
  var parts: [PMMLTest] = []
}
