import TreeIR

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension FieldFunction {
  /// Functions of one number: most have a Double whatever the argument's type, `abs` and `rint`
  /// keep the type, and those that round to whole numbers have an integer.
  func unary(_ argument: FieldValue, _ name: String) throws(FieldRefusal) -> FieldValue {
    let number = try argument.number()
    switch self {
    case .absolute, .rint:
      let result = self == .absolute ? abs(number) : number.rounded(.toNearestOrEven)
      return try FieldValue(result).cast(to: argument.type ?? .double)
    case .floor: return try integer(number.rounded(.down), name)
    case .ceil: return try integer(number.rounded(.up), name)
    case .round:
      let whole = number.rounded(.down)
      return try integer(number - whole >= 0.5 ? whole + 1 : whole, name)
    case .standardNormalIDF: return FieldValue(try Self.inverse(number, 0, 1, name))
    default: return FieldValue(double(self, number))
    }
  }

  private func integer(_ number: Double, _ name: String) throws(FieldRefusal) -> FieldValue {
    if number.isNaN { return FieldValue(0 as Int32) }
    guard let result = Int32(exactly: number) else {
      throw FieldRefusal(.argument, "function '\(name)' has a result beyond 32 bits")
    }
    return FieldValue(result)
  }
}

// Outside of the enum, whose cases have the names of the C library's functions.
private func double(_ function: FieldFunction, _ number: Double) -> Double {
  switch function {
  case .log10: log10(number)
  case .ln: log(number)
  case .squareRoot: number.squareRoot()
  case .exp: exp(number)
  case .expm1: expm1(number)
  case .ln1p: log1p(number)
  case .sin: sin(number)
  case .cos: cos(number)
  case .tan: tan(number)
  case .asin: asin(number)
  case .acos: acos(number)
  case .atan: atan(number)
  case .sinh: sinh(number)
  case .cosh: cosh(number)
  case .tanh: tanh(number)
  case .erf: NormalDistribution.erf(number)
  case .standardNormalCDF: NormalDistribution.cumulative(number, mean: 0, deviation: 1)
  case .standardNormalPDF: NormalDistribution.density(number, mean: 0, deviation: 1)
  default: .nan
  }
}

extension FieldFunction {
  /// `normalCDF`, `normalPDF` and `normalIDF`, with mean and standard deviation.
  func normal(_ arguments: [FieldValue], _ name: String) throws(FieldRefusal) -> FieldValue {
    let number = try arguments[0].number()
    let mean = try arguments[1].number()
    let deviation = try arguments[2].number()
    guard deviation > 0 else {
      throw .argument(name, 2, "is \(deviation), but must be greater than 0")
    }
    switch self {
    case .normalCDF:
      return FieldValue(
        NormalDistribution.cumulative(number, mean: mean, deviation: deviation))
    case .normalPDF:
      return FieldValue(NormalDistribution.density(number, mean: mean, deviation: deviation))
    default: return FieldValue(try Self.inverse(number, mean, deviation, name))
    }
  }

  private static func inverse(
    _ number: Double, _ mean: Double, _ deviation: Double, _ name: String
  ) throws(FieldRefusal) -> Double {
    guard !(number < 0 || number > 1) else {
      throw .argument(name, 0, "is \(number), but must be from 0 to 1")
    }
    return NormalDistribution.inverse(number, mean: mean, deviation: deviation)
  }
}
