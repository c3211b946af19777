import TreeIR

/// What is known of a row at a place in a tree, by what was asked on the way there.
struct PMMLTreeFacts {
  /// A number's range, and tests whose answers are known.
  fileprivate struct Known {
    var isMissing: Bool
    var lower = -Double.infinity
    var includesLower = true
    var upper = Double.infinity
    var includesUpper = true
    var answers: [PMMLTest: Bool] = [:]
  }

  /// Whether all slots have a value, and no derived field has failed.
  var assumesPresence = false
  private var known: [Int: Known] = [:]
  private var checkedFailures: Set<Int> = []

  /// Whether the slot's value is missing; nil where that is not known.
  func isMissing(_ slot: Int) -> Bool? {
    known[slot]?.isMissing ?? (assumesPresence ? false : nil)
  }

  mutating func setMissing(_ slot: Int, _ isMissing: Bool) {
    known[slot] = Known(isMissing: isMissing)
  }

  func isChecked(_ failure: Int) -> Bool { assumesPresence || checkedFailures.contains(failure) }

  mutating func setChecked(_ failure: Int) { checkedFailures.insert(failure) }

  /// The answer to a test of a slot that is not missing; nil where it is not known.
  func answer(_ test: PMMLTest) -> Bool? {
    guard let slot = test.slot, let known = known[slot], !known.isMissing else { return nil }
    if let answer = known.answers[test] { return answer }
    switch test {
    case .compare(_, let condition, let number):
      // The range lies on one side.
      switch condition {
      case .less:
        return known.isBelow(number, true) ? true : known.isAbove(number, false) ? false : nil
      case .lessOrEqual:
        return known.isBelow(number, false) ? true : known.isAbove(number, true) ? false : nil
      case .greater:
        return known.isAbove(number, true) ? true : known.isBelow(number, false) ? false : nil
      case .greaterOrEqual:
        return known.isAbove(number, false) ? true : known.isBelow(number, true) ? false : nil
      default: break
      }
      if let opposite = condition.opposite,
        let answer = known.answers[.compare(slot: slot, opposite, number)]
      {
        return !answer
      }
    case .isOneOf(_, let numbers, let isNegated):
      if let answer = known.answers[.isOneOf(slot: slot, numbers, isNegated: !isNegated)] {
        return !answer
      }
    default: break
    }
    return nil
  }

  /// Notes the answer to a test of a slot that is not missing.
  mutating func set(_ test: PMMLTest, _ answer: Bool) {
    guard let slot = test.slot else { return }
    var known = self.known[slot] ?? Known(isMissing: false)
    known.answers[test] = answer
    if case .compare(_, let condition, let number) = test {
      let holding = answer ? condition : condition.opposite ?? condition
      switch holding {
      case .less: known.limitUpper(number, false)
      case .lessOrEqual: known.limitUpper(number, true)
      case .greater: known.limitLower(number, false)
      case .greaterOrEqual: known.limitLower(number, true)
      default: break
      }
    }
    self.known[slot] = known
  }

  /// What is known here and there alike of the slot is kept no longer.
  mutating func forget(_ slot: Int) { known[slot] = nil }
}

extension PMMLTreeFacts.Known {
  /// Whether all numbers of the range are below `number`, or, unless `strictly`, equal it.
  fileprivate func isBelow(_ number: Double, _ strictly: Bool) -> Bool {
    upper < number || upper == number && (!strictly || !includesUpper)
  }

  fileprivate func isAbove(_ number: Double, _ strictly: Bool) -> Bool {
    lower > number || lower == number && (!strictly || !includesLower)
  }

  fileprivate mutating func limitUpper(_ number: Double, _ includes: Bool) {
    if number < upper || number == upper && !includes {
      (upper, includesUpper) = (number, includes)
    }
  }

  fileprivate mutating func limitLower(_ number: Double, _ includes: Bool) {
    if number > lower || number == lower && !includes {
      (lower, includesLower) = (number, includes)
    }
  }
}

extension SplitCondition {
  /// What holds for a number where this does not.
  var opposite: SplitCondition? {
    switch self {
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    case .equal: .notEqual
    case .notEqual: .equal
    case .inCategorySet, .notInCategorySet: nil
    }
  }
}
