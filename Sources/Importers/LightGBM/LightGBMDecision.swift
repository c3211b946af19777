import TreeIR

/// How a node treats missing values: LightGBM's missing type.
enum LightGBMMissingType: Int {
  /// NaN counts as 0.
  case none = 0
  /// NaN and zeros go the default way.
  case zero = 1
  /// NaN goes the default way.
  case nan = 2

  /// The rule of a numerical split.
  func rule(defaultLeft: Bool) -> MissingRule {
    switch self {
    case .none: .asZero
    case .zero: defaultLeft ? .leftWithZero : .rightWithZero
    case .nan: defaultLeft ? .left : .right
    }
  }
}

/// A node's `decision_type`: bit 0 tests a category set, bit 1 is the default way (left),
/// bits 2 and 3 are the missing type.
struct LightGBMDecision {
  let isCategorical: Bool
  let missing: MissingRule

  /// Nil for bits and missing types that do not exist.
  init?(bits: Int32) {
    guard bits >= 0, bits < 16, let type = LightGBMMissingType(rawValue: Int(bits >> 2)) else {
      return nil
    }
    self.init(isCategorical: bits & 1 != 0, defaultLeft: bits & 2 != 0, type: type)
  }

  /// What is no category, missing included, is in no set and goes right; a categorical
  /// split heeds neither missing type nor default way.
  init(isCategorical: Bool, defaultLeft: Bool, type: LightGBMMissingType) {
    self.isCategorical = isCategorical
    missing = isCategorical ? .right : type.rule(defaultLeft: defaultLeft)
  }
}
