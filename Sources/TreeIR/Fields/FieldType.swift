/// The type of a field's values, as PMML has it, and what number stands for a value in a slot.
public enum FieldType: UInt8, Sendable, Hashable, CaseIterable {
  /// The position in ``TreeModel/texts``, or behind it for other texts.
  case string = 0
  /// A whole number of 32 bits.
  case integer = 1
  case float = 2
  case double = 3
  /// 1 or 0.
  case boolean = 4
  /// Days since 1970-01-01.
  case date = 5
  /// Seconds since midnight.
  case time = 6
  /// Seconds since 1970-01-01T00:00:00.
  case dateTime = 7
  /// Whole days since the first day of a year.
  case daysSince1960 = 8
  case daysSince1970 = 9
  case daysSince1980 = 10
  /// Whole seconds since midnight, which may be more than a day's.
  case timeSeconds = 11
  /// Whole seconds since the beginning of a year.
  case secondsSince1960 = 12
  case secondsSince1970 = 13
  case secondsSince1980 = 14

  /// PMML's name.
  public var name: String { Self.names[Int(rawValue)] }

  /// The type that PMML calls `name`; nil where there is none.
  public init?(name: String) {
    guard let position = Self.names.firstIndex(of: name) else { return nil }
    self = Self.allCases[position]
  }

  private static let names = [
    "string", "integer", "float", "double", "boolean", "date", "time", "dateTime",
    "dateDaysSince[1960]", "dateDaysSince[1970]", "dateDaysSince[1980]", "timeSeconds",
    "dateTimeSecondsSince[1960]", "dateTimeSecondsSince[1970]", "dateTimeSecondsSince[1980]",
  ]

  /// What may be done with values of which nothing more is known.
  public var usualOperationalType: OperationalType {
    switch self {
    case .integer, .float, .double: .continuous
    case .string, .boolean: .categorical
    default: .ordinal
    }
  }

  /// Whether values are numbers that arithmetic takes.
  public var isNumeric: Bool { self == .integer || self == .float || self == .double }
}

/// What may be done with the values of a field.
public enum OperationalType: UInt8, Sendable, Hashable, CaseIterable {
  case continuous = 0
  /// Equal or not.
  case categorical = 1
  /// In the order of the field's list of values, or where there is none in that of the type.
  case ordinal = 2

  /// PMML's name.
  public var name: String {
    switch self {
    case .continuous: "continuous"
    case .categorical: "categorical"
    case .ordinal: "ordinal"
    }
  }

  /// The type that PMML calls `name`; nil where there is none.
  public init?(name: String) {
    guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = type
  }
}

/// A value of a field that is known beforehand.
public enum FieldConstant: Sendable, Hashable {
  case missing
  case string(String)
  /// Of any type but ``FieldType/string``, by the number that stands for it.
  case number(Double, FieldType)

  public static func == (left: FieldConstant, right: FieldConstant) -> Bool {
    switch (left, right) {
    case (.missing, .missing): true
    // Swift would also take texts for equal that differ in their bytes.
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.number(let left, let leftType), .number(let right, let rightType)):
      left.bitPattern == right.bitPattern && leftType == rightType
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .missing: break
    case .string(let text): for byte in text.utf8 { hasher.combine(byte) }
    case .number(let number, let type):
      hasher.combine(number.bitPattern)
      hasher.combine(type)
    }
  }
}
