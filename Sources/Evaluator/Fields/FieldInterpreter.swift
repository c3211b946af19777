import TreeIR

/// Evaluates an expression for one row after another.
package struct FieldInterpreter: Sendable {
  private let node: FieldNode

  /// Prepares to evaluate an expression.
  package init(_ expression: FieldExpression) {
    node = FieldNode(expression)
  }

  /// Prepares to evaluate an expression and to have its value as `type`.
  package init(_ computation: FieldComputation) {
    node = .cast(
      FieldNode(computation.expression), computation.type, computation.type.usualOperationalType)
  }

  /// The value for a row.
  ///
  /// - Parameters:
  ///   - texts: The table in which the numbers of strings are.
  ///   - slot: The number in a slot.
  /// - Throws: ``FieldRefusal`` where the expression has no value, so that the row has no result.
  package func value(
    _ texts: RowTexts, slot: (Int) -> Double
  ) throws(FieldRefusal) -> FieldValue {
    try FieldEvaluation(texts: texts).value(of: node, slot, [])
  }

  /// The number that stands for the value for a row, NaN where it is missing; see
  /// ``value(_:slot:)``.
  package func number(_ texts: RowTexts, slot: (Int) -> Double) throws(FieldRefusal) -> Double {
    try value(texts, slot: slot).slotNumber(texts)
  }
}

/// The evaluation of expressions for a row.
struct FieldEvaluation {
  let texts: RowTexts

  func value(
    of node: FieldNode, _ slot: (Int) -> Double, _ parameters: [FieldValue]
  ) throws(FieldRefusal) -> FieldValue {
    switch node {
    case .constant(let value): return value
    case .slot(let position, let type, let operationalType):
      return try FieldValue(slot: slot(position), type, operationalType, texts)
    case .parameter(let position): return parameters[position]
    case .defined(let node, let position):
      guard slot(position) == 1 else {
        throw FieldRefusal(.model, "a result that the expression reads is not there")
      }
      return try value(of: node, slot, parameters)
    case .marked(let node, let position):
      let value = try value(of: node, slot, parameters)
      return slot(position) == 1 ? value : value.markedInvalid
    case .rounded(let node, let function):
      return try value(of: node, slot, parameters).rounded(function)
    case .cast(let node, let type, let operationalType):
      return try value(of: node, slot, parameters).cast(to: type, operationalType)
    case .ordered(let node, let order):
      let value = try value(of: node, slot, parameters)
      return FieldValue(
        value.content, value.operationalType, order: order, isInvalid: value.isInvalid)
    case .ifMissing(let node, let text):
      let value = try value(of: node, slot, parameters)
      return value.isMissing ? text : value
    case .condition(let nodes, let treatment):
      return try conditional(nodes, treatment, slot, parameters)
    case .unary(let function, let node, let treatment):
      let argument = try value(of: node, slot, parameters)
      if argument.isMissing, let text = treatment.mapMissingTo { return text }
      return try finished(treatment) { () throws(FieldRefusal) in
        try function.result(argument, treatment.name)
      }
    case .binary(let function, let left, let right, let treatment):
      let left = try value(of: left, slot, parameters)
      let right = try value(of: right, slot, parameters)
      if left.isMissing || right.isMissing, let text = treatment.mapMissingTo { return text }
      return try finished(treatment) { () throws(FieldRefusal) in
        try function.result(left, right, treatment.name)
      }
    case .function(let function, let nodes, let treatment):
      let arguments = try values(of: nodes, slot, parameters)
      if arguments.contains(where: \.isMissing), let text = treatment.mapMissingTo { return text }
      return try finished(treatment) { () throws(FieldRefusal) in
        try function.result(arguments, treatment.name)
      }
    case .pattern(let function, let nodes, let pattern, let treatment):
      let arguments = try values(of: nodes, slot, parameters)
      if arguments.contains(where: \.isMissing), let text = treatment.mapMissingTo { return text }
      return try finished(treatment) { () throws(FieldRefusal) in
        try function.result(arguments, pattern, treatment.name)
      }
    case .call(let body, let nodes, let treatment):
      let arguments = try values(of: nodes, slot, parameters)
      if arguments.contains(where: \.isMissing), let text = treatment.mapMissingTo { return text }
      return try finished(treatment, givesValues: true) { () throws(FieldRefusal) in
        try value(of: body, slot, arguments)
      }
    case .normContinuous(let node, let norm):
      return try norm.result(value(of: node, slot, parameters))
    case .normDiscrete(let node, let constant, let missing):
      let value = try value(of: node, slot, parameters)
      if value.isMissing { return missing }
      return FieldValue(try value.isEqual(to: constant) ? 1.0 : 0.0)
    case .discretize(let node, let bins): return try bins(value(of: node, slot, parameters))
    case .mapValues(let nodes, let table): return try table(values(of: nodes, slot, parameters))
    case .textIndex(let text, let term, let index):
      return try index(value(of: text, slot, parameters), value(of: term, slot, parameters))
    }
  }

  private func values(
    of nodes: [FieldNode], _ slot: (Int) -> Double, _ parameters: [FieldValue]
  ) throws(FieldRefusal) -> [FieldValue] {
    var values: [FieldValue] = []
    values.reserveCapacity(nodes.count)
    for node in nodes { values.append(try value(of: node, slot, parameters)) }
    return values
  }

  /// A result as the treatment has it.
  ///
  /// - Parameter givesValues: Whether the result may be a value that was there before, and that may
  ///   be invalid.
  private func finished(
    _ treatment: FieldNode.Treatment, givesValues: Bool = false,
    _ result: () throws(FieldRefusal) -> FieldValue
  ) throws(FieldRefusal) -> FieldValue {
    var value: FieldValue
    do throws(FieldRefusal) {
      value = try result()
    } catch {
      guard error.reason == .result, treatment.invalid == .asMissing else {
        // Kept or refused: there is nothing to keep.
        throw error.reason == .result
          ? FieldRefusal(.argument, error.description) : error
      }
      value = .missing
    }
    if value.isNaN || givesValues && value.isInvalid {
      switch treatment.invalid {
      case .keep: break
      case .asMissing: value = .missing
      case .refuse:
        throw FieldRefusal(
          .argument,
          "function '\(treatment.name)' has the result \(value.isNaN ? "NaN" : "of an invalid value")"
        )
      }
    }
    if !givesValues, value.isInvalid { value = FieldValue(value.content, value.operationalType) }
    if value.isMissing, let text = treatment.defaultValue { return text }
    return value
  }

  /// `if`: only the branch that counts is evaluated.
  private func conditional(
    _ nodes: [FieldNode], _ treatment: FieldNode.Treatment, _ slot: (Int) -> Double,
    _ parameters: [FieldValue]
  ) throws(FieldRefusal) -> FieldValue {
    guard nodes.count == 2 || nodes.count == 3 else {
      throw .count(treatment.name, nodes.count)
    }
    let condition = try value(of: nodes[0], slot, parameters)
    if condition.isMissing {
      if let text = treatment.mapMissingTo { return text }
      throw .missing(treatment.name, 0)
    }
    let truth = try condition.cast(to: .boolean)
    guard case .boolean(let isTrue) = truth.content else { return .missing }
    let branch = isTrue ? 1 : 2
    guard branch < nodes.count else { return treatment.defaultValue ?? .missing }
    let result = try value(of: nodes[branch], slot, parameters)
    if result.isMissing, let text = treatment.mapMissingTo { return text }
    return try finished(treatment, givesValues: true) { () throws(FieldRefusal) in result }
  }
}

extension FieldValue {
  /// The number rounded to a whole one, in its own type.
  fileprivate func rounded(_ function: FieldFunction) throws(FieldRefusal) -> FieldValue {
    if isMissing { return self }
    let number = try number()
    let whole =
      switch function {
      case .floor: number.rounded(.down)
      case .ceil: number.rounded(.up)
      default: (number + 0.5).rounded(.down)
      }
    if case .float = content { return FieldValue(Float(whole)) }
    return FieldValue(whole)
  }
}

extension FieldExpression.NormContinuous {
  /// The value between the points that are next to it, or on the line through the last two.
  func result(_ value: FieldValue) throws(FieldRefusal) -> FieldValue {
    if value.isMissing { return ifMissing.map { FieldValue($0) } ?? .missing }
    guard points.count >= 2 else {
      throw FieldRefusal(.model, "an interpolation needs two points at least")
    }
    let number = try value.number()
    let last = points[points.count - 1]
    if outliers != .keep, number < points[0].original || number > last.original {
      if outliers == .asMissing { return .missing }
      return FieldValue(number < points[0].original ? points[0].normal : last.normal)
    }
    var index = 0
    while index < points.count - 2, number >= points[index + 1].original { index += 1 }
    let (left, right) = (points[index], points[index + 1])
    let share = (number - left.original) / (right.original - left.original)
    return FieldValue(left.normal + share * (right.normal - left.normal))
  }
}
