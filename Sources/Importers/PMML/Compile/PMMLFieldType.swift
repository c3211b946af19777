import TreeIR

extension FieldType {
  /// The type that PMML calls `name`.
  init?(pmmlName name: String) {
    switch name {
    case "string": self = .string
    case "integer": self = .integer
    case "float": self = .float
    case "double": self = .double
    case "boolean": self = .boolean
    case "date": self = .date
    case "time": self = .time
    case "dateTime": self = .dateTime
    case "dateDaysSince[1960]": self = .daysSince1960
    case "dateDaysSince[1970]": self = .daysSince1970
    case "dateDaysSince[1980]": self = .daysSince1980
    case "timeSeconds": self = .timeSeconds
    case "dateTimeSecondsSince[1960]": self = .secondsSince1960
    case "dateTimeSecondsSince[1970]": self = .secondsSince1970
    case "dateTimeSecondsSince[1980]": self = .secondsSince1980
    default: return nil
    }
  }

  init(_ element: XMLElement, _ attribute: String = "dataType") throws(Fault) {
    let name = try element.required(attribute)
    guard let type = FieldType(pmmlName: name) else { throw element.unknown(attribute, name) }
    self = type
  }
}

extension OperationalType {
  init?(pmmlName name: String) {
    switch name {
    case "continuous": self = .continuous
    case "categorical": self = .categorical
    case "ordinal": self = .ordinal
    default: return nil
    }
  }

  /// What `optype` says; nil where it is not there.
  static func of(_ element: XMLElement) throws(Fault) -> OperationalType? {
    guard let name = element["optype"] else { return nil }
    guard let type = OperationalType(pmmlName: name) else {
      throw element.unknown("optype", name)
    }
    return type
  }
}

extension NumericProfile.Precision {
  /// The precision of a model's arithmetic.
  init(mathContextOf element: XMLElement) throws(Fault) {
    switch element["x-mathContext"] {
    case nil, "double": self = .float64
    case "float": self = .float32
    case let name?: throw element.unknown("x-mathContext", name)
    }
  }

  /// The number rounded to this precision.
  func rounded(_ number: Double) -> Double {
    self == .float64 ? number : Double(Float(number))
  }
}
