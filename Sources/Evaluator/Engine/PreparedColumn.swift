import TreeIR

/// What a split needs to know of a row, reduced to a number that is compared with `<=`.
struct PreparedColumn: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    /// The slot's value. Missing is −∞ where it goes to the side of small numbers, else NaN.
    case number(roundsValue: Bool, MissingRule, missingIsLow: Bool)
    /// −∞ where `test` sends the row left, else NaN.
    case test(Test)
  }

  /// A split that is no comparison of order.
  struct Test: Sendable, Hashable {
    var condition: SplitCondition
    var missing: MissingRule
    var operand: Split.Operand
  }

  var slot: Int
  var kind: Kind

  /// What stands for the value `slot` of the column's slot.
  func value(_ slot: Double, _ profile: NumericProfile, _ sets: CategorySets) -> Double {
    switch kind {
    case .number(let roundsValue, let missing, let missingIsLow):
      let x = roundsValue ? profile.prepared(slot) : slot
      let isTiny = abs(x) <= NumericProfile.tinyMagnitude
      switch missing {
      case .left, .right, .compare: return x.isNaN && missingIsLow ? -.infinity : x
      case .asZero: return x.isNaN ? 0 : x
      case .leftWithZero, .rightWithZero:
        guard x.isNaN || isTiny else { return x }
        return missingIsLow ? -.infinity : .nan
      }
    case .test(let test):
      let x = test.condition.roundsValue ? profile.prepared(slot) : slot
      let split = Split(
        slot: self.slot, condition: test.condition, missing: test.missing, operand: test.operand)
      return split.goesLeft(x, profile, sets) ? -.infinity : .nan
    }
  }
}

extension PreparedColumn {
  /// How `split` is put as a comparison `column <= operand`, and whether the side where it
  /// holds is the right one; nil where no number can stand for the threshold.
  static func comparison(
    of split: Split
  ) -> (column: PreparedColumn, operand: Double, holdsOnRight: Bool)? {
    guard case .threshold(let threshold) = split.operand, !threshold.isNaN else {
      return test(split)
    }
    let operand: Double
    let holdsOnRight: Bool
    switch split.condition {
    case .lessOrEqual: (operand, holdsOnRight) = (threshold, false)
    case .greater: (operand, holdsOnRight) = (threshold, true)
    // There is no number below −∞.
    case .less where threshold == -.infinity, .greaterOrEqual where threshold == -.infinity:
      return nil
    case .less: (operand, holdsOnRight) = (threshold.nextDown, false)
    case .greaterOrEqual: (operand, holdsOnRight) = (threshold.nextDown, true)
    case .equal, .notEqual, .inCategorySet, .notInCategorySet: return test(split)
    }
    let missingGoesLeft =
      switch split.missing {
      case .left, .leftWithZero: true
      // Compared as it is, NaN satisfies none of these conditions.
      case .right, .rightWithZero, .asZero, .compare: false
      }
    let column = PreparedColumn(
      slot: split.slot,
      kind: .number(
        roundsValue: split.condition.roundsValue, split.missing,
        missingIsLow: missingGoesLeft != holdsOnRight))
    return (column, operand, holdsOnRight)
  }

  private static func test(
    _ split: Split
  ) -> (column: PreparedColumn, operand: Double, holdsOnRight: Bool) {
    let test = Test(condition: split.condition, missing: split.missing, operand: split.operand)
    return (PreparedColumn(slot: split.slot, kind: .test(test)), 0, false)
  }
}
