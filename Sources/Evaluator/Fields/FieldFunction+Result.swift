import TreeIR

extension FieldFunction {
  /// The result for one argument.
  func result(_ argument: FieldValue, _ name: String) throws(FieldRefusal) -> FieldValue {
    switch self {
    case .isMissing: return FieldValue(argument.isMissing)
    case .isNotMissing: return FieldValue(!argument.isMissing)
    case .isValid:
      return
        FieldValue(!argument.isMissing && !argument.isNaN && !argument.isInvalid)
    case .isNotValid: return FieldValue(argument.isNaN || argument.isInvalid)
    case .min, .max, .sum, .average, .product: return try aggregate([argument], name)
    default: break
    }
    guard isUnary else { throw .count(name, 1) }
    if argument.isMissing { throw .missing(name, 0) }
    switch self {
    case .not:
      guard case .boolean(let truth) = try argument.cast(to: .boolean).content else {
        throw .undefined(name)
      }
      return FieldValue(!truth)
    case .uppercase: return FieldValue(try argument.text().javaUppercased)
    case .lowercase: return FieldValue(try argument.text().javaLowercased)
    case .trimBlanks: return FieldValue(try argument.text().javaTrimmed)
    case .stringLength:
      return FieldValue(Int32(truncatingIfNeeded: try argument.text().utf16.count))
    case .dateSecondsSinceMidnight: return try argument.secondsSinceMidnight()
    default: return try unary(argument, name)
    }
  }

  /// The result for two arguments.
  func result(
    _ left: FieldValue, _ right: FieldValue, _ name: String
  ) throws(FieldRefusal) -> FieldValue {
    switch self {
    case .add, .subtract, .multiply, .divide, .modulo:
      return try arithmetic(left, right, name)
    case .min, .max, .sum, .average, .product: return try aggregate([left, right], name)
    case .isIn, .isNotIn, .concat, .and, .or: return try result([left, right], name)
    default: break
    }
    guard isBinary else { throw .count(name, 2) }
    if left.isMissing { throw .missing(name, 0) }
    if right.isMissing { throw .missing(name, 1) }
    switch self {
    case .equal: return FieldValue(try left.isEqual(to: right))
    case .notEqual: return FieldValue(try !left.isEqual(to: right))
    case .lessThan: return FieldValue(try left.compare(to: right) < 0)
    case .lessOrEqual: return FieldValue(try left.compare(to: right) <= 0)
    case .greaterThan: return FieldValue(try left.compare(to: right) > 0)
    case .greaterOrEqual: return FieldValue(try left.compare(to: right) >= 0)
    case .matches:
      return FieldValue(try PreparedPattern(right.text()).isIn(left.text()))
    case .formatNumber: return FieldValue(try left.formatted(right.text(), name))
    case .formatDatetime: return FieldValue(try left.formattedMoment(right.text(), name))
    case .dateDaysSinceYear: return try left.daysSinceYear(right)
    case .dateSecondsSinceYear: return try left.secondsSinceYear(right)
    default: return try binary(left, right, name)
    }
  }

  /// The result for any number of arguments.
  func result(_ arguments: [FieldValue], _ name: String) throws(FieldRefusal) -> FieldValue {
    switch self {
    case .min, .max, .sum, .average, .product: return try aggregate(arguments, name)
    case .and, .or:
      guard arguments.count >= 2 else { throw .count(name, arguments.count) }
      var truths: [Bool] = []
      for (position, argument) in arguments.enumerated() {
        if argument.isMissing { throw .missing(name, position) }
        if case .boolean(let truth) = try argument.cast(to: .boolean).content {
          truths.append(truth)
        }
      }
      return FieldValue(self == .and ? truths.allSatisfy(\.self) : truths.contains(true))
    case .isIn, .isNotIn:
      guard arguments.count >= 2 else { throw .count(name, arguments.count) }
      return FieldValue(try arguments[0].isAmong(arguments[1...]) == (self == .isIn))
    case .concat:
      guard arguments.count >= 2 else { throw .count(name, arguments.count) }
      var text = ""
      for argument in arguments where !argument.isMissing { text += try argument.text() }
      return FieldValue(text)
    case .substring where arguments.count == 3:
      try refuseMissing(arguments, name)
      return try arguments[0].substring(from: arguments[1], length: arguments[2], name)
    case .replace where arguments.count == 3:
      try refuseMissing(arguments, name)
      return try result(arguments, PreparedPattern(arguments[1].text()), name)
    case .normalCDF, .normalPDF, .normalIDF:
      guard arguments.count == 3 else { throw .count(name, arguments.count) }
      try refuseMissing(arguments, name)
      return try normal(arguments, name)
    default: throw .count(name, arguments.count)
    }
  }

  /// The result of `matches` or `replace` with a pattern that is compiled.
  func result(
    _ arguments: [FieldValue], _ pattern: PreparedPattern, _ name: String
  ) throws(FieldRefusal) -> FieldValue {
    try refuseMissing(arguments, name)
    let text = try arguments[0].text()
    if self == .matches { return FieldValue(try pattern.isIn(text)) }
    return FieldValue(try pattern.replacing(in: text, with: arguments[2].text()))
  }

  private func refuseMissing(
    _ arguments: [FieldValue], _ name: String
  ) throws(FieldRefusal) {
    for (position, argument) in arguments.enumerated() where argument.isMissing {
      throw .missing(name, position)
    }
  }

  /// Whether the function takes one argument.
  private var isUnary: Bool {
    switch self {
    case .log10, .ln, .squareRoot, .absolute, .exp, .floor, .ceil, .round, .rint, .not, .uppercase,
      .lowercase, .stringLength, .trimBlanks, .dateSecondsSinceMidnight, .standardNormalCDF,
      .standardNormalPDF, .standardNormalIDF, .erf, .expm1, .ln1p, .sin, .asin, .sinh, .cos, .acos,
      .cosh, .tan, .atan, .tanh:
      true
    default: false
    }
  }

  /// Whether the function takes two arguments, neither missing.
  private var isBinary: Bool {
    switch self {
    case .pow, .threshold, .equal, .notEqual, .lessThan, .lessOrEqual, .greaterThan,
      .greaterOrEqual, .matches, .formatNumber, .formatDatetime, .dateDaysSinceYear,
      .dateSecondsSinceYear, .hypot, .atan2:
      true
    default: false
    }
  }
}

extension FieldValue {
  /// Whether the value equals one of others, which are brought to its type one after another; a
  /// missing value is among others where one is missing.
  fileprivate func isAmong(_ others: ArraySlice<FieldValue>) throws(FieldRefusal) -> Bool {
    for other in others {
      if isMissing || other.isMissing {
        if isMissing && other.isMissing { return true }
      } else if try isEqual(to: other) {
        return true
      }
    }
    return false
  }

  /// A part of a text, counted in UTF-16 from 1.
  fileprivate func substring(
    from start: FieldValue, length: FieldValue, _ name: String
  ) throws(FieldRefusal) -> FieldValue {
    let units = Array(try text().utf16)
    guard case .integer(let start) = try start.cast(to: .integer).content,
      case .integer(let length) = try length.cast(to: .integer).content
    else { throw .undefined(name) }
    guard start >= 1 else { throw .argument(name, 1, "is \(start), but must be 1 or more") }
    guard length >= 0 else { throw .argument(name, 2, "is \(length), but must not be negative") }
    let first = min(Int(start) - 1, units.count)
    let end = min(first + Int(length), units.count)
    guard let part = String(validating: units[first..<end], as: UTF16.self) else {
      throw FieldRefusal(.argument, "function '\(name)' would cut a character in two")
    }
    return FieldValue(part)
  }
}

extension String {
  /// Without control characters and spaces around it.
  fileprivate var javaTrimmed: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { $0.value > 0x20 }),
      let last = scalars.lastIndex(where: { $0.value > 0x20 })
    else { return "" }
    return String(scalars[first...last])
  }
}
