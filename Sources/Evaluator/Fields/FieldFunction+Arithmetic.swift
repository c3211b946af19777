import TreeIR

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Outside of the enum, whose cases have the names of the C library's functions.
private func ofTwo(_ function: FieldFunction, _ left: Double, _ right: Double) -> Double {
  switch function {
  case .hypot: hypot(left, right)
  case .atan2: atan2(left, right)
  default: pow(left, right)
  }
}

extension FieldFunction {
  /// `+`, `-`, `*`, `/` and `modulo`: in the wider type of the two; a missing argument makes the
  /// result missing.
  func arithmetic(
    _ left: FieldValue, _ right: FieldValue, _ name: String
  ) throws(FieldRefusal) -> FieldValue {
    if left.isMissing || right.isMissing { return .missing }
    if case .double(let left) = left.content, case .double(let right) = right.content {
      return FieldValue(double(left, right))
    }
    switch try commonType(left, right, name) {
    case .integer:
      guard case .integer(let left) = left.content, case .integer(let right) = right.content,
        let result = integer(left, right)
      else { throw .undefined(name) }
      return FieldValue(result)
    case .float:
      // Rounded once: as Double, whole numbers are exact, too.
      return FieldValue(Float(double(try left.number(), try right.number())))
    default:
      return FieldValue(double(try left.number(), try right.number()))
    }
  }

  @inline(__always)
  private func double(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide: return left / right
    default:
      if right == 0 { return .nan }
      let share = (left / right).rounded(.down)
      return left - right * share
    }
  }

  private func integer(_ left: Int32, _ right: Int32) -> Int32? {
    let (result, overflows): (Int32, Bool)
    switch self {
    case .add: (result, overflows) = left.addingReportingOverflow(right)
    case .subtract: (result, overflows) = left.subtractingReportingOverflow(right)
    case .multiply: (result, overflows) = left.multipliedReportingOverflow(by: right)
    case .divide:
      // The least number divided by -1 stays as it is.
      return right == 0 ? nil : left.dividedReportingOverflow(by: right).partialValue
    default:
      if right == 0 { return nil }
      let remainder = left.remainderReportingOverflow(dividingBy: right).partialValue
      return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder
    }
    return overflows ? nil : result
  }

  /// The wider of the types of two numbers.
  private func commonType(
    _ left: FieldValue, _ right: FieldValue, _ name: String
  ) throws(FieldRefusal) -> FieldType {
    guard let leftType = left.type, let rightType = right.type, leftType.isNumeric,
      rightType.isNumeric
    else {
      throw FieldRefusal(
        .argument,
        "function '\(name)' cannot take values of types \(left.typeName) and \(right.typeName)")
    }
    // Their order is that of their width.
    return leftType.rawValue >= rightType.rawValue ? leftType : rightType
  }

  // MARK: Other functions of two numbers

  func binary(
    _ left: FieldValue, _ right: FieldValue, _ name: String
  ) throws(FieldRefusal) -> FieldValue {
    switch self {
    case .hypot, .atan2:
      return FieldValue(ofTwo(self, try left.number(), try right.number()))
    default: break
    }
    let type = try commonType(left, right, name)
    if self == .threshold {
      let isAbove = try left.number() > right.number()
      return try FieldValue(isAbove ? 1.0 : 0.0).cast(to: type)
    }
    if case .integer(let base) = left.content, case .integer(let exponent) = right.content {
      guard exponent >= 0 else {
        throw .argument(name, 1, "is \(exponent), but must not be negative")
      }
      guard let power = Self.power(base, exponent) else {
        throw FieldRefusal(.argument, "function '\(name)' has a result beyond 32 bits")
      }
      return FieldValue(power)
    }
    let power = Self.power(try left.number(), try right.number())
    return type == .float ? FieldValue(Float(power)) : FieldValue(power)
  }

  private static func power(_ base: Int32, _ exponent: Int32) -> Int32? {
    switch base {
    case 0: return exponent == 0 ? 1 : 0
    case 1: return 1
    case -1: return exponent % 2 == 0 ? 1 : -1
    default: break
    }
    var result: Int32 = 1
    // All others are beyond 32 bits soon.
    for _ in 0..<Swift.min(exponent, 32) {
      let (product, overflows) = result.multipliedReportingOverflow(by: base)
      if overflows { return nil }
      result = product
    }
    return exponent > 32 ? nil : result
  }

  /// A power as Java has it: exact for squares, and NaN where C takes 1 for a base of one.
  static func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 2 { return base * base }
    if exponent == 0 { return 1 }
    if exponent.isNaN || (abs(base) == 1 && exponent.isInfinite) { return .nan }
    return ofTwo(.pow, base, exponent)
  }

  // MARK: Aggregates

  /// `min`, `max`, `sum`, `avg` and `product`: of those that are not missing; missing where all are.
  func aggregate(_ arguments: [FieldValue], _ name: String) throws(FieldRefusal) -> FieldValue {
    var type: FieldType?
    var numbers: [Double] = []
    for argument in arguments {
      guard let own = argument.type else { continue }
      numbers.append(try argument.number())
      guard let common = type else {
        type = own
        continue
      }
      guard common.isNumeric, own.isNumeric else {
        throw FieldRefusal(
          .argument,
          "function '\(name)' cannot take values of types \(common.name) and \(own.name)")
      }
      type = common.rawValue >= own.rawValue ? common : own
    }
    guard var type else { return .missing }
    let result: Double
    switch self {
    case .min: result = numbers.lazy.filter { !$0.isNaN }.min() ?? .nan
    case .max: result = numbers.lazy.filter { !$0.isNaN }.max() ?? .nan
    case .sum: result = numbers.reduce(0, +)
    case .product: result = numbers.reduce(1, *)
    default:
      if type == .integer { type = .double }
      // A running mean, as JPMML has it: sums of large numbers do not overflow.
      var mean = 0.0
      for (count, number) in numbers.enumerated() { mean += (number - mean) / Double(count + 1) }
      result = mean
    }
    return try FieldValue(result).cast(to: type)
  }
}
