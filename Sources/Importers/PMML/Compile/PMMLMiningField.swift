import TreeIR

/// A MiningField of a model.
struct PMMLMiningField {
  enum Usage {
    case input
    case target
    /// Not read for predictions.
    case other
  }

  var name: String
  var usage: Usage
  var element: XMLElement
  var operationalType: OperationalType?
  var missing = FieldRules.MissingTreatment.keep
  var invalid = FieldRules.InvalidTreatment.refuse
  var outliers = FieldRules.OutlierTreatment.keep
  var lowest = -Double.infinity
  var highest = Double.infinity

  init(_ element: XMLElement) throws(Fault) {
    self.element = element
    name = try element.required("name")
    usage = .input
    // Nearly all of the fields of single trees.
    if element.attributes.count == 1 { return }
    operationalType = try OperationalType.of(element)
    switch element["usageType"] {
    case nil, "active", "supplementary": usage = .input
    case "target", "predicted": usage = .target
    case "group", "order", "frequencyWeight", "analysisWeight": usage = .other
    case let name?: throw element.unknown("usageType", name)
    }
    if let text = element["missingValueReplacement"] { missing = .replace(text) }
    switch element["missingValueTreatment"] {
    case nil, "asIs", "asMean", "asMode", "asMedian", "asValue": break
    case "returnInvalid": missing = .refuse(later: element["missingValueReplacement"])
    case let name?: throw element.unknown("missingValueTreatment", name)
    }
    let replacement = element["invalidValueReplacement"]
    switch element["invalidValueTreatment"] {
    case nil, "returnInvalid": break
    case "asIs", "asValue": invalid = replacement.map { .replace($0) } ?? .keep
    case "asMissing": invalid = .asMissing
    case let name?: throw element.unknown("invalidValueTreatment", name)
    }
    switch element["outliers"] {
    case nil, "asIs": break
    case "asMissingValues": outliers = .asMissing
    case "asExtremeValues": outliers = .asBound
    case let name?: throw element.unknown("outliers", name)
    }
    if outliers != .keep {
      lowest = try element.optionalNumber("lowValue") ?? lowest
      highest = try element.optionalNumber("highValue") ?? highest
    }
  }

  /// How cells of the field are prepared.
  func rules(_ field: PMMLDataField) -> FieldRules {
    var rules = FieldRules(field.type, operationalType ?? field.operationalType)
    rules.listed = field.listed
    rules.intervals = field.intervals
    (rules.missing, rules.invalid, rules.outliers) = (missing, invalid, outliers)
    (rules.lowest, rules.highest) = (lowest, highest)
    return rules
  }

  /// Whether a treatment may leave the field without a value that must not be read then.
  var mayLackValue: Bool {
    missing == .refuse(later: nil) && (invalid == .asMissing || outliers == .asMissing)
  }

  /// Whether the field says nothing but its name.
  var isPlain: Bool { element.attributes.count == 1 }

  /// Whether a value that an outer model has prepared is prepared again.
  func preparesAgain(_ field: PMMLDataField) -> Bool {
    if case .replace = missing { return true }
    switch invalid {
    case .asMissing, .replace: return true
    case .refuse, .keep: break
    }
    return outliers != .keep
      || operationalType.map { $0 != field.operationalType } ?? false
  }
}

/// The MiningSchema of a model.
struct PMMLMiningSchema {
  var fields: [PMMLMiningField] = []

  init(of model: XMLElement) throws(Fault) {
    guard let schema = model.child("MiningSchema") else {
      throw model.fault("the model has no MiningSchema")
    }
    var names = Set<String>(minimumCapacity: schema.children.count)
    fields.reserveCapacity(schema.children.count)
    for element in schema.children("MiningField") {
      let field = try PMMLMiningField(element)
      guard names.insert(field.name).inserted else {
        throw element.fault("the field '\(field.name)' stands here twice")
      }
      fields.append(field)
    }
  }

  var inputs: [PMMLMiningField] { fields.filter { $0.usage == .input } }
  var targets: [PMMLMiningField] { fields.filter { $0.usage == .target } }
}
