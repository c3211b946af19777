import TreeIR

extension PMMLCompiler {
  /// What a predicate asks, in slots.
  func test(
    _ predicate: PMMLPredicate, in scope: PMMLScope, from element: XMLElement
  ) throws(Fault) -> PMMLNodeTest {
    switch predicate {
    case .always: return PMMLNodeTest(test: .always)
    case .never: return PMMLNodeTest(test: .never)
    case .simple(let name, _, _) where !scope.has(name),
      .set(let name, _, _) where !scope.has(name):
      // Rows are refused that come here.
      return PMMLNodeTest(
        test: .refusal(
          unlessMissing: nil,
          reason: "a predicate asks for '\(name)', which is neither in the MiningSchema nor derived"
        ))
    case .simple(let name, let comparison, let text):
      let field = try field(name, in: scope, from: element)
      var result = PMMLNodeTest(
        test: test(field, name, comparison, text), failures: failures(of: field))
      if comparison.isOrdering, let failure = hasNoOrder(field) {
        result.failures.append(failure)
      }
      return result
    case .set(let name, let isIn, let items):
      let field = try field(name, in: scope, from: element)
      var result = test(field, name, isIn: isIn, items.map(\.text))
      result.failures = failures(of: field) + result.failures
      return result
    case .compound(let connective, let parts):
      return try compound(connective, parts, in: scope, from: element)
    }
  }

  /// The test of a predicate that compares a number with another, and of which nothing else is to
  /// be known; nil of others.
  func comparison(
    _ predicate: PMMLPredicate, in scope: PMMLScope, from element: XMLElement
  ) throws(Fault) -> PMMLTest? {
    guard case .simple(let name, let comparison, let text) = predicate,
      scope.has(name),
      case let field = try field(name, in: scope, from: element),
      field.failure == nil, field.isSet == nil, field.type.isNumeric,
      field.operationalType == .continuous,
      case let test = test(field, name, comparison, text), case .compare = test
    else { return nil }
    return test
  }

  private func compound(
    _ connective: PMMLPredicate.Connective, _ parts: [PMMLPredicate], in scope: PMMLScope,
    from element: XMLElement
  ) throws(Fault) -> PMMLNodeTest {
    var result = PMMLNodeTest(test: .unknown)
    var truths: [Int] = []
    for part in parts {
      let test = try test(part, in: scope, from: element)
      var failures = test.failures
      if case .refusal(let slot, _) = test.test {
        failures.append(slot.map { isPresent($0) } ?? alwaysTrue)
      }
      if connective == .surrogate {
        // What stands in for others is asked only where they are unknown.
        let unknown = truths.map { truth in
          withoutGuard { builder.logic(.isMissing, [truth]) }
        }
        if !unknown.isEmpty {
          failures = failures.map { failure in
            withoutGuard {
              let hasFailed = builder.compare(.slot(failure), .equal, .constant(1))
              return builder.logic(.and, unknown + [hasFailed])
            }
          }
        }
        result.parts.append(test.test)
      }
      result.failures += failures
      truths.append(truth(of: test.test))
    }
    result.test = .isTrue(slot: withoutGuard { combined(connective, truths) })
    return result
  }

  /// The slot that is 1 where a value that is let through though it is invalid has no place in the
  /// order of a field's values; nil where that cannot be.
  private func hasNoOrder(_ field: PMMLField) -> Int? {
    guard field.operationalType == .ordinal, !field.order.isEmpty,
      builder.input.columns.indices.contains(field.slot),
      case .field(let rules) = builder.input.columns[field.slot].kind, rules.invalid == .keep
    else { return nil }
    return withoutGuard { builder.logic(.not, [equalsAny(field.slot, field.order)]) }
  }

  private func failures(of field: PMMLField) -> [Int] {
    var failures = [field.failure].compactMap { $0 }
    if let isSet = field.isSet {
      failures.append(withoutGuard { builder.compare(.slot(isSet), .notEqual, .constant(1)) })
    }
    return failures
  }

  private func test(
    _ field: PMMLField, _ name: String, _ comparison: PMMLPredicate.Comparison, _ text: String?
  ) -> PMMLTest {
    let slot = field.slot
    switch comparison {
    case .isMissing: return .isMissing(slot: slot, isNegated: false)
    case .isNotMissing: return .isMissing(slot: slot, isNegated: true)
    default: break
    }
    guard let text else {
      return .refusal(unlessMissing: slot, reason: "a predicate of '\(name)' has no value")
    }
    let refusal = PMMLTest.refusal(
      unlessMissing: slot,
      reason: "'\(name)' cannot be compared with '\(text)' by \(comparison.rawValue)")
    let condition: SplitCondition
    switch comparison {
    case .equal, .notEqual:
      guard let number = number(text, field.type) else { return refusal }
      // Nothing equals what is no number.
      if number.isNaN {
        return .compare(
          slot: slot, comparison == .equal ? .less : .lessOrEqual,
          comparison == .equal ? -.infinity : .infinity)
      }
      return .compare(slot: slot, comparison == .equal ? .equal : .notEqual, number)
    case .lessThan: condition = .less
    case .lessOrEqual: condition = .lessOrEqual
    case .greaterThan: condition = .greater
    case .greaterOrEqual: condition = .greaterOrEqual
    case .isMissing, .isNotMissing: return refusal
    }
    if field.operationalType == .categorical, field.type != .boolean { return refusal }
    if field.operationalType == .ordinal, !field.order.isEmpty {
      return ordinalTest(field, condition, text) ?? refusal
    }
    if field.type == .string { return orderOfTexts(field, name, comparison, text) }
    // What is no whole number is compared as the number that it is.
    guard let number = number(text, field.type) ?? PMMLText.number(text, .double) else {
      return refusal
    }
    // What is no number is above all numbers.
    if number.isNaN {
      let isBelow = condition == .less || condition == .lessOrEqual
      return .compare(slot: slot, isBelow ? .lessOrEqual : .greater, .infinity)
    }
    return .compare(slot: slot, condition, number)
  }

  /// Whether a text is before or behind another.
  private func orderOfTexts(
    _ field: PMMLField, _ name: String, _ comparison: PMMLPredicate.Comparison, _ text: String
  ) -> PMMLTest {
    let function: FieldFunction =
      switch comparison {
      case .lessThan: .lessThan
      case .lessOrEqual: .lessOrEqual
      case .greaterThan: .greaterThan
      default: .greaterOrEqual
      }
    readsTexts.insert(field.slot)
    let expression = FieldExpression.apply(
      FieldExpression.Application(
        function, [.slot(field.slot, .string, .continuous), .constant(.string(text))]))
    return withoutGuard {
      // A missing text has no order: then the test is unknown.
      let isPresent = isPresent(field.slot)
      let (value, _) = guarded(by: isPresent) {
        builder.compute(expression, type: .boolean, name: name)
      }
      return .isTrue(slot: builder.compare(.slot(value), .equal, .constant(1)))
    }
  }

  /// The values of an ordinal field that are before or behind one of them.
  private func ordinalTest(
    _ field: PMMLField, _ condition: SplitCondition, _ text: String
  ) -> PMMLTest? {
    guard let number = number(text, field.type), let place = field.order.firstIndex(of: number)
    else { return nil }
    let chosen = field.order.indices.filter { condition.holds(Double($0), Double(place)) }
    return isOneOf(field, chosen.map { field.order[$0] }, isNegated: false)
  }

  /// Items are compared one by one: what is no value of the field's type refuses rows that equal
  /// none before it.
  private func test(
    _ field: PMMLField, _ name: String, isIn: Bool, _ texts: [String]
  ) -> PMMLNodeTest {
    var numbers: [Double] = []
    var known: Set<Double> = []
    for text in texts {
      guard let number = number(text, field.type) else {
        guard !numbers.isEmpty else {
          return PMMLNodeTest(
            test: .refusal(
              unlessMissing: field.slot, reason: "'\(name)' cannot be compared with '\(text)'"))
        }
        let isNone = withoutGuard { builder.logic(.not, [equalsAny(field.slot, numbers)]) }
        return PMMLNodeTest(
          test: isOneOf(field, numbers, isNegated: !isIn), failures: [isNone])
      }
      if !number.isNaN, known.insert(number).inserted { numbers.append(number) }
    }
    return PMMLNodeTest(test: isOneOf(field, numbers, isNegated: !isIn))
  }

  private func isOneOf(_ field: PMMLField, _ numbers: [Double], isNegated: Bool) -> PMMLTest {
    if field.type == .string {
      return .isOneOf(slot: field.slot, numbers.sorted(), isNegated: isNegated)
    }
    let slot = withoutGuard { equalsAny(field.slot, numbers) }
    return .isTrue(slot: isNegated ? withoutGuard { builder.logic(.not, [slot]) } : slot)
  }

  /// Whether a slot's number is in a list; unknown where it is missing.
  private func equalsAny(_ slot: Int, _ numbers: [Double]) -> Int {
    guard !numbers.isEmpty else {
      return builder.compare(.slot(slot), .less, .constant(-.infinity))
    }
    let tests = numbers.map { builder.compare(.slot(slot), .equal, .constant($0)) }
    return tests.count == 1 ? tests[0] : builder.logic(.or, tests)
  }

  // MARK: Truth values

  /// The slot of the answer to a test: 1, 0, or missing where it is unknown.
  func truth(of test: PMMLTest) -> Int {
    let guardSlot = builder.guardSlot
    builder.guardSlot = nil
    defer { builder.guardSlot = guardSlot }
    switch test {
    case .always: return alwaysTrue
    case .never: return builder.logic(.not, [alwaysTrue])
    case .unknown, .refusal: return builder.compare(.constant(.nan), .equal, .constant(0))
    case .compare(let slot, let condition, let number):
      return builder.compare(.slot(slot), condition, .constant(number))
    case .isOneOf(let slot, let numbers, let isNegated):
      let isIn = equalsAny(slot, numbers)
      return isNegated ? builder.logic(.not, [isIn]) : isIn
    case .isMissing(let slot, let isNegated):
      let isMissing = builder.logic(.isMissing, [slot])
      return isNegated ? builder.logic(.not, [isMissing]) : isMissing
    case .isTrue(let slot): return slot
    }
  }

  private func combined(_ connective: PMMLPredicate.Connective, _ slots: [Int]) -> Int {
    switch connective {
    case .and: return builder.logic(.and, slots)
    case .or: return builder.logic(.or, slots)
    case .xor:
      return slots.dropFirst().reduce(slots[0]) {
        builder.compare(.slot($0), .notEqual, .slot($1))
      }
    case .surrogate:
      // From the last to the first: each where it is known.
      let value = slots.dropLast().reversed().reduce(slots[slots.count - 1]) { rest, slot in
        let isUnknown = builder.logic(.isMissing, [slot])
        return builder.select(isUnknown, then: .slot(rest), otherwise: .slot(slot))
      }
      return builder.compare(.slot(value), .equal, .constant(1))
    }
  }
}
