/// A function of PMML's expressions: those of PMML 4.4, and what JPMML-Evaluator has beside.
public enum FieldFunction: UInt8, Sendable, Hashable, CaseIterable {
  case add = 0
  case subtract = 1
  case multiply = 2
  case divide = 3
  case modulo = 4
  case min = 5
  case max = 6
  case sum = 7
  case average = 8
  case product = 9
  case log10 = 10
  case ln = 11
  case squareRoot = 12
  case absolute = 13
  case exp = 14
  case pow = 15
  case threshold = 16
  case floor = 17
  case ceil = 18
  case round = 19
  case rint = 20
  case isMissing = 21
  case isNotMissing = 22
  case isValid = 23
  case isNotValid = 24
  case equal = 25
  case notEqual = 26
  case lessThan = 27
  case lessOrEqual = 28
  case greaterThan = 29
  case greaterOrEqual = 30
  case and = 31
  case or = 32
  case not = 33
  case isIn = 34
  case isNotIn = 35
  case `if` = 36
  case uppercase = 37
  case lowercase = 38
  case stringLength = 39
  case substring = 40
  case trimBlanks = 41
  case concat = 42
  case replace = 43
  case matches = 44
  case formatNumber = 45
  case formatDatetime = 46
  case dateDaysSinceYear = 47
  case dateSecondsSinceYear = 48
  case dateSecondsSinceMidnight = 49
  case normalCDF = 50
  case normalPDF = 51
  case normalIDF = 52
  case standardNormalCDF = 53
  case standardNormalPDF = 54
  case standardNormalIDF = 55
  case erf = 56
  case expm1 = 57
  case hypot = 58
  case ln1p = 59
  case sin = 60
  case asin = 61
  case sinh = 62
  case cos = 63
  case acos = 64
  case cosh = 65
  case tan = 66
  case atan = 67
  case tanh = 68
  case atan2 = 69

  /// The function that PMML calls `name`; nil where there is none.
  public init?(name: String) {
    // `x-` marks functions that were no part of a version of PMML yet.
    let plain = name.hasPrefix("x-") ? String(name.dropFirst(2)) : name
    guard let function = Self.named[plain], name != "atan2" else { return nil }
    self = function
  }

  /// PMML's name.
  public var name: String { Self.names[Int(rawValue)] }

  private static let names: [String] = [
    "+", "-", "*", "/", "modulo", "min", "max", "sum", "avg", "product", "log10", "ln", "sqrt",
    "abs", "exp", "pow", "threshold", "floor", "ceil", "round", "rint", "isMissing",
    "isNotMissing", "isValid", "isNotValid", "equal", "notEqual", "lessThan", "lessOrEqual",
    "greaterThan", "greaterOrEqual", "and", "or", "not", "isIn", "isNotIn", "if", "uppercase",
    "lowercase", "stringLength", "substring", "trimBlanks", "concat", "replace", "matches",
    "formatNumber", "formatDatetime", "dateDaysSinceYear", "dateSecondsSinceYear",
    "dateSecondsSinceMidnight", "normalCDF", "normalPDF", "normalIDF", "stdNormalCDF",
    "stdNormalPDF", "stdNormalIDF", "erf", "expm1", "hypot", "ln1p", "sin", "asin", "sinh",
    "cos", "acos", "cosh", "tan", "atan", "tanh", "atan2",
  ]

  private static let named: [String: FieldFunction] = Dictionary(
    uniqueKeysWithValues: FieldFunction.allCases.map { ($0.name, $0) })
}
