import TreeIR

/// What is known of a row at a place in a tree, by what was asked on the way there.
///
/// Places are visited as on a walk through the tree: what was learned last is forgotten first, so
/// that one note of everything is enough however deep the tree is.
struct PMMLTreeFacts {
  fileprivate struct Known {
    var isMissing: Bool
    var range = Bounds()
  }

  /// Where a number lies.
  fileprivate struct Bounds {
    var lower = -Double.infinity
    var includesLower = true
    var upper = Double.infinity
    var includesUpper = true
  }

  private enum Change {
    case slot(Int, Known?)
    case range(Int, Bounds)
    case answer(PMMLTest, Bool?)
    case checked(Int)
  }

  /// Whether all slots have a value, and no derived field has failed.
  var assumesPresence = false
  /// By slot, as far as something was known of one.
  private var known: [Known?] = []
  /// Those that ranges do not tell.
  private var answers: [PMMLTest: Bool] = [:]
  private var checkedFailures: Set<Int> = []
  private var changes: [Change] = []

  /// Stands for what is known now.
  var mark: Int { changes.count }

  /// Forgets what was learned since the mark.
  mutating func forget(to mark: Int) {
    while changes.count > mark, let change = changes.popLast() {
      switch change {
      case .slot(let slot, let old): known[slot] = old
      case .range(let slot, let old): known[slot]?.range = old
      case .answer(let test, let old): answers[test] = old
      case .checked(let failure): checkedFailures.remove(failure)
      }
    }
  }

  /// Learns whether the value of a slot of which nothing was known is missing.
  mutating func learn(_ slot: Int, isMissing: Bool) {
    set(slot, Known(isMissing: isMissing))
  }

  /// Learns that a failure has not happened.
  mutating func learn(checked failure: Int) {
    if checkedFailures.insert(failure).inserted { changes.append(.checked(failure)) }
  }

  /// Learns the answer to a test of a slot that is not missing.
  mutating func learn(_ test: PMMLTest, _ holds: Bool) {
    guard let slot = test.slot else { return }
    if !has(slot) { set(slot, Known(isMissing: false)) }
    guard case .compare(_, let condition, let number) = test, test.isOrdering else {
      changes.append(.answer(test, answers.updateValue(holds, forKey: test)))
      return
    }
    // The range tells the answers to other comparisons, too.
    guard var range = known[slot]?.range else { return }
    changes.append(.range(slot, range))
    switch holds ? condition : condition.opposite ?? condition {
    case .less: range.limitUpper(number, false)
    case .lessOrEqual: range.limitUpper(number, true)
    case .greater: range.limitLower(number, false)
    case .greaterOrEqual: range.limitLower(number, true)
    default: break
    }
    known[slot]?.range = range
  }

  private func has(_ slot: Int) -> Bool { slot < known.count && known[slot] != nil }

  private mutating func set(_ slot: Int, _ new: Known) {
    while known.count <= slot { known.append(nil) }
    changes.append(.slot(slot, known[slot]))
    known[slot] = new
  }

  /// Whether the slot's value is missing; nil where that is not known.
  func isMissing(_ slot: Int) -> Bool? {
    has(slot) ? known[slot]?.isMissing : assumesPresence ? false : nil
  }

  func isChecked(_ failure: Int) -> Bool { assumesPresence || checkedFailures.contains(failure) }

  /// The answer to a test of a slot that is not missing; nil where it is not known.
  func answer(_ test: PMMLTest) -> Bool? {
    guard let slot = test.slot, has(slot), let known = known[slot], !known.isMissing else {
      return nil
    }
    switch test {
    case .compare(_, let condition, let number):
      // The range lies on one side.
      let range = known.range
      switch condition {
      case .less:
        return range.isBelow(number, true) ? true : range.isAbove(number, false) ? false : nil
      case .lessOrEqual:
        return range.isBelow(number, false) ? true : range.isAbove(number, true) ? false : nil
      case .greater:
        return range.isAbove(number, true) ? true : range.isBelow(number, false) ? false : nil
      case .greaterOrEqual:
        return range.isAbove(number, false) ? true : range.isBelow(number, true) ? false : nil
      default: break
      }
      if let answer = answers[test] { return answer }
      if let opposite = condition.opposite,
        let answer = answers[.compare(slot: slot, opposite, number)]
      {
        return !answer
      }
    case .isOneOf(_, let numbers, let isNegated):
      if let answer = answers[test] { return answer }
      if let answer = answers[.isOneOf(slot: slot, numbers, isNegated: !isNegated)] {
        return !answer
      }
    default: return answers[test]
    }
    return nil
  }
}

extension PMMLTest {
  /// Whether it asks on which side of a number a value lies.
  fileprivate var isOrdering: Bool {
    guard case .compare(_, let condition, _) = self else { return false }
    return condition != .equal && condition != .notEqual
  }
}

extension PMMLTreeFacts.Bounds {
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
