import TreeIR

extension NumericProfile {
  /// The value that trees see instead of `x`.
  func prepared(_ x: Double) -> Double {
    let rounded = input == .float32 ? Double(Float(x)) : x
    return flushesTinyToZero && abs(rounded) <= Self.tinyMagnitude ? 0 : rounded
  }

  /// The category that the number `x` names, or nil when it can be in no set.
  func category(_ x: Double) -> Int? {
    switch categories {
    case .truncateToInt32:
      // NaN and the infinities fail the comparisons too.
      guard x > -1, x < 0x1p31 else { return nil }
    case .nonNegativeBelow2To24, .nonNegativeBelow2To24ElseMissing:
      guard x >= 0, x < 0x1p24 else { return nil }
    }
    return Int(x)
  }

  /// `left + right`, rounded to the accumulator's precision.
  func add(_ left: Double, _ right: Double) -> Double {
    switch accumulator {
    case .float64: left + right
    case .float32: Double(Float(left) + Float(right))
    }
  }

  /// `left · right`, rounded to the accumulator's precision.
  func multiply(_ left: Double, _ right: Double) -> Double {
    switch accumulator {
    case .float64: left * right
    case .float32: Double(Float(left) * Float(right))
    }
  }
}

extension Split {
  /// Whether the prepared value `x` goes left.
  func goesLeft(_ x: Double, _ profile: NumericProfile, _ sets: CategorySets) -> Bool {
    var x = x
    switch missing {
    case .left where x.isNaN: return true
    case .right where x.isNaN: return false
    case .asZero where x.isNaN: x = 0
    case .leftWithZero where x.isNaN || abs(x) <= NumericProfile.tinyMagnitude: return true
    case .rightWithZero where x.isNaN || abs(x) <= NumericProfile.tinyMagnitude: return false
    default: break
    }
    switch operand {
    case .threshold(let threshold):
      return condition.holds(x, threshold)
    case .categorySet(let set):
      let category = profile.category(x)
      if profile.categories == .nonNegativeBelow2To24ElseMissing,
        category.map({ $0 >= sets.capacity(ofSet: set) }) ?? true
      {
        return missing == .left || missing == .leftWithZero
      }
      let isMember = category.map { sets.contains($0, inSet: set) } ?? false
      return isMember == (condition == .inCategorySet)
    }
  }
}
