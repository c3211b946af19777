import TreeIR

extension PMMLCompiler {
  /// The slot of an expression that operations of the graph compute to the same bits, and that
  /// never fails; nil for others.
  func lowered(_ expression: FieldExpression) -> Int? {
    switch expression {
    case .slot(let slot, _, _): return slot
    case .marked(let value, _): return lowered(value)
    case .cast(.mapValues(let map), let type, _) where type.isNumeric:
      return lowered(map, as: type)
    case .cast(let value, let type, _):
      guard let from = type.isNumeric || type == valueType(value) ? valueType(value) : nil,
        let slot = lowered(value)
      else { return nil }
      return cast(slot, from: from, to: type)
    case .apply(let application): return lowered(application)
    case .normDiscrete(let value, .number(let number, _), nil):
      return lowered(value).map { builder.compare(.slot($0), .equal, .constant(number)) }
    case .normDiscrete(let value, .string(let text), nil):
      guard case .slot(let slot, .string, _) = value.unmarked else { return nil }
      return builder.compare(.slot(slot), .equal, .constant(code(of: text)))
    default: return nil
    }
  }

  private func cast(_ slot: Int, from: FieldType, to type: FieldType) -> Int? {
    switch (from, type) {
    case _ where from == type, (.integer, .double), (.float, .double): return slot
    case (.double, .float), (.integer, .float):
      return builder.arithmetic(.add, .slot(slot), .constant(0), precision: .float32)
    default: return nil
    }
  }

  /// A table of few texts and a number for each.
  private func lowered(_ map: FieldExpression.MapValues, as type: FieldType) -> Int? {
    guard case .slot(let slot, .string, _)? = map.keys.first?.unmarked, map.keys.count == 1,
      map.rows.count <= Self.fewTexts, map.type == .string || map.type == type
    else { return nil }
    func number(_ text: String?) -> Double? {
      guard let text else { return .nan }
      return type.number(text).flatMap { $0.isNaN ? nil : $0 }
    }
    var numbers: [Double: Double] = [:]
    for row in map.rows {
      guard let key = row.keys.first ?? nil, let text = row.result, let result = number(text),
        numbers.updateValue(result, forKey: code(of: key)) == nil
      else { return nil }
    }
    guard let other = number(map.defaultValue), let missing = number(map.mapMissingTo) else {
      return nil
    }
    var value = self.slot(of: other)
    for (code, result) in numbers.sorted(by: { $0.key < $1.key }) {
      let isThis = builder.compare(.slot(slot), .equal, .constant(code))
      value = builder.select(isThis, then: .constant(result), otherwise: .slot(value))
    }
    // Where the text is missing, no comparison holds, nor its opposite.
    let isMissing = builder.logic(.isMissing, [slot])
    return builder.select(isMissing, then: .constant(missing), otherwise: .slot(value))
  }

  /// Rows of a table beyond which looking a text up costs less than comparing it with each.
  private static var fewTexts: Int { 64 }

  /// The type of an expression's value; nil where it depends on the row, or is hard to tell.
  func valueType(_ expression: FieldExpression) -> FieldType? {
    switch expression {
    case .constant(.number(_, let type)): return type
    case .constant(.string): return .string
    case .slot(_, let type, _): return type
    case .marked(let value, _): return valueType(value)
    case .cast(_, let type, _): return type
    case .normDiscrete, .normContinuous: return .double
    case .apply(let application):
      switch application.function {
      case .add, .subtract, .multiply, .divide:
        guard application.mapMissingTo == nil, application.defaultValue == nil else { return nil }
        let types = application.arguments.map { valueType($0) }
        if types.contains(where: { $0?.isNumeric != true }) { return nil }
        return types.contains(.double) ? .double : types.contains(.float) ? .float : .integer
      default: return nil
      }
    default: return nil
    }
  }

  /// A constant that is written as a text, as the number that it is.
  private func folded(_ expression: FieldExpression) -> FieldExpression {
    guard case .cast(.constant(.string(let text)), let type, _) = expression, type.isNumeric,
      let number = type.number(text)
    else { return expression }
    return .constant(.number(number, type))
  }

  /// Arithmetic with a constant that cannot give what is no number.
  private func lowered(_ application: FieldExpression.Application) -> Int? {
    guard application.arguments.count == 2,
      let type = valueType(.apply(application)), type != .integer
    else { return nil }
    let op: Arithmetic.Operator
    switch application.function {
    case .add: op = .add
    case .subtract: op = .subtract
    case .multiply: op = .multiply
    case .divide: op = .divide
    default: return nil
    }
    let precision: NumericProfile.Precision = type == .float ? .float32 : .float64
    let isProduct = op == .multiply || op == .divide
    switch (folded(application.arguments[0]), folded(application.arguments[1])) {
    case (let value, .constant(.number(let number, _)))
    where number.isFinite && (!isProduct || number != 0):
      guard let slot = lowered(value) else { return nil }
      return builder.arithmetic(op, .slot(slot), .constant(number), precision: precision)
    case (.constant(.number(let number, _)), let value)
    where number.isFinite && (!isProduct || number != 0):
      guard let slot = lowered(value) else { return nil }
      return builder.arithmetic(op, .constant(number), .slot(slot), precision: precision)
    default: return nil
    }
  }
}

extension FieldExpression {
  /// The value itself, where only its validity is marked.
  fileprivate var unmarked: FieldExpression {
    if case .marked(let value, _) = self { value } else { self }
  }
}
