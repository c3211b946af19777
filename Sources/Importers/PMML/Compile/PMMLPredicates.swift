import TreeIR

extension PMMLCompiler {
  /// What a predicate asks, in slots.
  func test(
    _ predicate: PMMLPredicate, in scope: PMMLScope, from element: XMLElement
  ) throws(Fault) -> PMMLNodeTest {
    switch predicate {
    case .always: return PMMLNodeTest(test: .always)
    case .never: return PMMLNodeTest(test: .never)
    case .simple(let name, let comparison, let text):
      let field = try field(name, in: scope, from: element)
      return PMMLNodeTest(
        test: try test(field, name, comparison, text, element), failures: failures(of: field))
    case .set(let name, let isIn, let items):
      let field = try field(name, in: scope, from: element)
      return PMMLNodeTest(
        test: try test(field, name, isIn: isIn, items.map(\.text), element),
        failures: failures(of: field))
    case .compound(let connective, let parts):
      var slots: [Int] = []
      var result = PMMLNodeTest(test: .unknown)
      for part in parts {
        let test = try test(part, in: scope, from: element)
        result.failures += test.failures
        if connective == .surrogate { result.parts.append(test.test) }
        slots.append(try truth(of: test.test, element))
      }
      result.test = .isTrue(slot: withoutGuard { combined(connective, slots) })
      return result
    }
  }

  private func failures(of field: PMMLField) -> [Int] {
    var failures = [field.failure].compactMap { $0 }
    if let isSet = field.isSet {
      failures.append(withoutGuard { builder.compare(.slot(isSet), .notEqual, .constant(1)) })
    }
    return failures
  }

  private func test(
    _ field: PMMLField, _ name: String, _ comparison: PMMLPredicate.Comparison, _ text: String?,
    _ element: XMLElement
  ) throws(Fault) -> PMMLTest {
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
    guard field.type != .string else {
      throw element.fault(
        "texts of '\(name)' are compared by their order, which treec does not do",
        .unsupported, feature: name,
        remedy: "List the field's values in its DataField, or compare for equality")
    }
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

  /// The values of an ordinal field that are before or behind one of them.
  private func ordinalTest(
    _ field: PMMLField, _ condition: SplitCondition, _ text: String
  ) -> PMMLTest? {
    guard let number = number(text, field.type), let place = field.order.firstIndex(of: number)
    else { return nil }
    let chosen = field.order.indices.filter { condition.holds(Double($0), Double(place)) }
    return isOneOf(field, chosen.map { field.order[$0] }, isNegated: false)
  }

  private func test(
    _ field: PMMLField, _ name: String, isIn: Bool, _ texts: [String], _ element: XMLElement
  ) throws(Fault) -> PMMLTest {
    var numbers: [Double] = []
    for text in texts {
      guard let number = number(text, field.type) else {
        return .refusal(
          unlessMissing: field.slot, reason: "'\(name)' cannot be compared with '\(text)'")
      }
      if !number.isNaN, !numbers.contains(number) { numbers.append(number) }
    }
    return isOneOf(field, numbers, isNegated: !isIn)
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
  func truth(of test: PMMLTest, _ element: XMLElement) throws(Fault) -> Int {
    let guardSlot = builder.guardSlot
    builder.guardSlot = nil
    defer { builder.guardSlot = guardSlot }
    switch test {
    case .always: return alwaysTrue
    case .never: return builder.logic(.not, [alwaysTrue])
    case .unknown: return builder.compare(.constant(.nan), .equal, .constant(0))
    case .compare(let slot, let condition, let number):
      return builder.compare(.slot(slot), condition, .constant(number))
    case .isOneOf(let slot, let numbers, let isNegated):
      let isIn = equalsAny(slot, numbers)
      return isNegated ? builder.logic(.not, [isIn]) : isIn
    case .isMissing(let slot, let isNegated):
      let isMissing = builder.logic(.isMissing, [slot])
      return isNegated ? builder.logic(.not, [isMissing]) : isMissing
    case .isTrue(let slot): return slot
    case .refusal(_, let reason):
      throw element.fault("in a compound predicate: \(reason)")
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
