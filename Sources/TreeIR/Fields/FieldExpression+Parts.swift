extension FieldExpression {
  /// The expressions that it is made of.
  package var parts: [FieldExpression] {
    switch self {
    case .constant, .slot, .parameter: []
    case .defined(let value, _), .marked(let value, _), .rounded(let value, _),
      .cast(let value, _, _),
      .ifMissing(let value, _), .normDiscrete(let value, _, _):
      [value]
    case .apply(let application): application.arguments
    case .call(let call): [call.body] + call.arguments
    case .ordered(let value, _): [value]
    case .normContinuous(let norm): [norm.value]
    case .discretize(let discretize): [discretize.value]
    case .mapValues(let map): map.keys
    case .textIndex(let index): [index.text, index.term]
    }
  }

  /// The slots that are read, each as often as it is.
  package var slots: [Int] {
    switch self {
    case .slot(let slot, _, _): [slot]
    case .defined(let value, let slot), .marked(let value, let slot): [slot] + value.slots
    default: parts.flatMap(\.slots)
    }
  }
}
