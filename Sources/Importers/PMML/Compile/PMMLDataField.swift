import TreeIR

/// A DataField of the document.
struct PMMLDataField {
  var name: String
  var type: FieldType
  var operationalType: OperationalType
  var listed: [FieldRules.Listed] = []
  /// By text of a valid value, what it is shown as.
  var displayValues: [String: String] = [:]
  var intervals: [FieldRules.Interval] = []
  var line: Int

  init(_ element: XMLElement) throws(Fault) {
    name = try element.required("name")
    type = try FieldType(element)
    operationalType =
      try OperationalType.of(element) ?? (type.isNumeric ? .continuous : .categorical)
    line = element.line
    for value in element.children("Value") {
      let text = try value.required("value")
      let property: FieldRules.Listed.Property
      switch value["property"] {
      case nil, "valid": property = .valid
      case "invalid": property = .invalid
      case "missing": property = .missing
      case let name?: throw value.unknown("property", name)
      }
      listed.append(FieldRules.Listed(text, property))
      displayValues[text] = value["displayValue"]
    }
    for interval in element.children("Interval") {
      intervals.append(try FieldRules.Interval(interval))
    }
  }

  /// Whether some values of the type are invalid.
  var hasDomain: Bool {
    !intervals.isEmpty || listed.contains { $0.property != .missing }
  }

  /// The texts of the valid values, in order.
  var validTexts: [String] { listed.filter { $0.property == .valid }.map(\.text) }
}

extension FieldRules.Interval {
  init(_ element: XMLElement) throws(Fault) {
    self.init(lower: -.infinity, upper: .infinity)
    if let text = element["leftMargin"] { lower = try element.number(text, "leftMargin") }
    if let text = element["rightMargin"] { upper = try element.number(text, "rightMargin") }
    let closure = try element.required("closure")
    switch closure {
    case "openOpen": (includesLower, includesUpper) = (false, false)
    case "openClosed": (includesLower, includesUpper) = (false, true)
    case "closedOpen": (includesLower, includesUpper) = (true, false)
    case "closedClosed": (includesLower, includesUpper) = (true, true)
    default: throw element.unknown("closure", closure)
    }
    // A side without a margin has no end.
    if element["leftMargin"] == nil { includesLower = true }
    if element["rightMargin"] == nil { includesUpper = true }
  }
}

extension XMLElement {
  /// The number that an attribute is.
  func number(_ text: String, _ attribute: String) throws(Fault) -> Double {
    guard let number = PMMLText.number(text, .double) else {
      throw fault("\(attribute) '\(text)' is no number")
    }
    return number
  }

  /// The number of an attribute; nil where it is not there.
  func optionalNumber(_ attribute: String) throws(Fault) -> Double? {
    guard let text = self[attribute] else { return nil }
    return try number(text, attribute)
  }
}
