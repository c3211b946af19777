import TreeIR

/// An expression that is ready to be evaluated: constants are values, tables are hashed, regular
/// expressions are compiled.
indirect enum FieldNode: Sendable {
  case constant(FieldValue)
  case slot(Int, FieldType, OperationalType)
  case defined(FieldNode, slot: Int)
  case marked(FieldNode, validSlot: Int)
  case rounded(FieldNode, FieldFunction)
  case parameter(Int)
  case cast(FieldNode, FieldType, OperationalType)
  case ordered(FieldNode, FieldOrder)
  case ifMissing(FieldNode, FieldValue)
  case condition([FieldNode], Treatment)
  case unary(FieldFunction, FieldNode, Treatment)
  case binary(FieldFunction, FieldNode, FieldNode, Treatment)
  case function(FieldFunction, [FieldNode], Treatment)
  /// `matches` and `replace` with a pattern that is known.
  case pattern(FieldFunction, [FieldNode], PreparedPattern, Treatment)
  case call(FieldNode, [FieldNode], Treatment)
  case normContinuous(FieldNode, FieldExpression.NormContinuous)
  case normDiscrete(FieldNode, FieldValue, ifMissing: FieldValue)
  case discretize(FieldNode, PreparedBins)
  case mapValues([FieldNode], PreparedTable)
  case textIndex(FieldNode, FieldNode, PreparedTextIndex)

  /// What becomes of missing arguments and results, and of results that are no values.
  struct Treatment: Sendable {
    /// The function's name, for messages.
    var name: String
    var mapMissingTo: FieldValue?
    var defaultValue: FieldValue?
    var invalid: FieldExpression.Application.InvalidTreatment
  }

  /// Prepares an expression.
  init(_ expression: FieldExpression) {
    switch expression {
    case .constant(let constant): self = .constant(FieldValue(constant))
    case .slot(let slot, let type, let operationalType):
      self = .slot(slot, type, operationalType)
    case .parameter(let position): self = .parameter(position)
    case .defined(let value, let slot): self = .defined(FieldNode(value), slot: slot)
    case .marked(let value, let slot): self = .marked(FieldNode(value), validSlot: slot)
    case .rounded(let value, let function): self = .rounded(FieldNode(value), function)
    case .cast(let value, let type, let operationalType):
      let node = FieldNode(value)
      // Constants are cast once, unless rows that need them are to be refused.
      if case .constant(let constant) = node,
        let value = try? constant.cast(to: type, operationalType)
      {
        self = .constant(value)
      } else {
        self = .cast(node, type, operationalType)
      }
    case .ordered(let value, let order): self = .ordered(FieldNode(value), FieldOrder(order))
    case .ifMissing(let value, let text): self = .ifMissing(FieldNode(value), FieldValue(text))
    case .apply(let application): self.init(application)
    case .call(let call):
      self = .call(
        FieldNode(call.body), call.arguments.map { FieldNode($0) },
        Treatment(
          name: call.name, mapMissingTo: call.mapMissingTo.map { FieldValue($0) },
          defaultValue: call.defaultValue.map { FieldValue($0) }, invalid: call.invalid))
    case .normContinuous(let norm): self = .normContinuous(FieldNode(norm.value), norm)
    case .normDiscrete(let value, let constant, let ifMissing):
      let node = FieldNode(value)
      var constant = FieldValue(constant)
      if let type = node.knownType, let cast = try? constant.cast(to: type) { constant = cast }
      self = .normDiscrete(
        node, constant, ifMissing: ifMissing.map { FieldValue($0) } ?? .missing)
    case .discretize(let discretize):
      self = .discretize(FieldNode(discretize.value), PreparedBins(discretize))
    case .mapValues(let map):
      let keys = map.keys.map { FieldNode($0) }
      self = .mapValues(keys, PreparedTable(map, types: keys.map { $0.knownType }))
    case .textIndex(let index):
      self = .textIndex(
        FieldNode(index.text), FieldNode(index.term), PreparedTextIndex(index))
    }
  }

  private init(_ application: FieldExpression.Application) {
    let function = application.function
    let arguments = application.arguments.map { FieldNode($0) }
    let treatment = Treatment(
      name: function.name, mapMissingTo: application.mapMissingTo.map { FieldValue($0) },
      defaultValue: application.defaultValue.map { FieldValue($0) },
      invalid: application.invalid)
    switch (function, arguments.count) {
    case (.if, _): self = .condition(arguments, treatment)
    case (.matches, 2), (.replace, 3):
      if case .constant(let pattern) = arguments[1], let text = try? pattern.text() {
        self = .pattern(function, arguments, PreparedPattern(text), treatment)
      } else {
        self = .function(function, arguments, treatment)
      }
    case (_, 1): self = .unary(function, arguments[0], treatment)
    case (_, 2): self = .binary(function, arguments[0], arguments[1], treatment)
    default: self = .function(function, arguments, treatment)
    }
  }

  /// The type of all values that are not missing, where it is known beforehand.
  var knownType: FieldType? {
    switch self {
    case .constant(let value): value.type
    case .slot(_, let type, _), .cast(_, let type, _): type
    case .ordered(let value, _), .marked(let value, _): value.knownType
    default: nil
    }
  }
}
