/// Numbers where mistakes about order, rounding and flushing hide.
public enum HardNumbers {
  /// Both sides of everything that a profile treats in its own way.
  public static let special: [Double] = {
    let tiny = Double(1e-35 as Float)
    let float = Double(Float.greatestFiniteMagnitude)
    let positive: [Double] = [
      0, .leastNonzeroMagnitude, .leastNormalMagnitude, Double(Float.leastNonzeroMagnitude),
      Double(Float.leastNormalMagnitude), tiny, 1e-35, 1e-20, 0.5, 1, 1.5, 2, 3, 35, 64, 255,
      0x1p24, 0x1p31, float, .greatestFiniteMagnitude, .infinity,
    ]
    return positive + positive.map { -$0 }
  }()

  /// How the numbers of a list lie.
  public enum Spread: CaseIterable, Sendable {
    case special
    case uniform
    case integers
    /// Over hundreds of powers of ten, on both sides of 0.
    case logarithmic
    case positiveLogarithmic
    /// Next to one another.
    case neighbours
    case floatNeighbours
    /// Around 0, where numbers have fewer digits.
    case denormal
    /// Most of them in one place, some very far away.
    case outliers
  }

  /// At most `count` numbers, none of them NaN.
  public static func list(
    _ count: Int, _ spread: Spread, _ random: inout SeededGenerator
  ) -> [Double] {
    let start = Double.random(in: -1000...1000, using: &random)
    return (0..<count).map { place in
      switch spread {
      case .special: random.pick(special)
      case .uniform: Double.random(in: -3...70, using: &random)
      case .integers: Double(place - count / 4)
      case .logarithmic:
        number(magnitudes: -300...300, isNegative: random.oneIn(2), &random)
      case .positiveLogarithmic: number(magnitudes: -12...12, isNegative: false, &random)
      case .neighbours: Double(bitPattern: start.bitPattern + UInt64(place))
      case .floatNeighbours:
        Double(Float(bitPattern: Float(start).bitPattern + UInt32(place)))
      case .denormal:
        Double(place - count / 2) * random.pick([.leastNonzeroMagnitude, 1e-310, 1e-40])
      case .outliers:
        random.oneIn(10)
          ? number(magnitudes: 100...307, isNegative: random.oneIn(2), &random)
          : Double.random(in: 0...1e-6, using: &random)
      }
    }
  }

  private static func number(
    magnitudes: ClosedRange<Int>, isNegative: Bool, _ random: inout SeededGenerator
  ) -> Double {
    var number = Double.random(in: 1...10, using: &random)
    let exponent = random.int(magnitudes)
    for _ in 0..<abs(exponent) { number = exponent > 0 ? number * 10 : number / 10 }
    return isNegative ? -number : number
  }

  /// `number`, or one that is nearly it: the next of Double and of Float, and those between two
  /// Floats at which rounding changes its mind.
  public static func near(_ number: Double, _ random: inout SeededGenerator) -> Double {
    let float = Float(number)
    let up = (Double(float) + Double(float.nextUp)) / 2
    let down = (Double(float) + Double(float.nextDown)) / 2
    return random.pick([
      number, number, number.nextUp, number.nextDown, Double(float), Double(float.nextUp),
      Double(float.nextDown), up, up.nextUp, up.nextDown, down, down.nextUp, down.nextDown, -number,
    ])
  }

  /// A number that names a category below `limit`, or seems to.
  public static func category(below limit: Int, _ random: inout SeededGenerator) -> Double {
    let category = Double(random.int(0...max(limit, 1) - 1))
    return random.pick([
      category, category, category, category + 0.5, category.nextDown, Double(limit),
      Double(limit) + 7, -0.5, (-1.0).nextUp, -1, -2, -0.0, 0.99999999, 0x1p24 - 1,
      (0x1p24).nextDown, 0x1p24, 0x1p31 - 1, (0x1p31).nextDown, 0x1p31, 1e300, -1e300,
      Double(-1e-36 as Float), -1e-46, -1e-320, 1e-36,
    ])
  }
}

extension SeededGenerator {
  /// True once in `count` times.
  public mutating func oneIn(_ count: Int) -> Bool {
    Int.random(in: 0..<count, using: &self) == 0
  }

  public mutating func int(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self)
  }

  /// One of `choices`, which are not empty.
  public mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
    choices[Int.random(in: choices.indices, using: &self)]
  }
}
