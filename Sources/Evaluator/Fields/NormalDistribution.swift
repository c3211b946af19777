#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The normal distribution and the error function as Apache Commons Math computes them, which
/// JPMML-Evaluator calls: by the regularised gamma function of 1/2. Results differ from the exact
/// ones in the last digits, and must.
enum NormalDistribution {
  /// The probability of values up to `number`.
  static func cumulative(_ number: Double, mean: Double, deviation: Double) -> Double {
    let distance = number - mean
    if abs(distance) > 40 * deviation { return distance < 0 ? 0 : 1 }
    return 0.5 * erfc(-distance / (deviation * squareRootOfTwo))
  }

  static func density(_ number: Double, mean: Double, deviation: Double) -> Double {
    let scaled = (number - mean) / deviation
    return exp(-0.5 * scaled * scaled - (log(deviation) + 0.5 * log(2 * Double.pi)))
  }

  /// The value up to which the probability is `probability`.
  static func inverse(_ probability: Double, mean: Double, deviation: Double) -> Double {
    mean + deviation * squareRootOfTwo * inverseErf(2 * probability - 1)
  }

  static func erf(_ number: Double) -> Double {
    if abs(number) > 40 { return number > 0 ? 1 : -1 }
    let result = regularizedGammaP(number * number)
    return number < 0 ? -result : result
  }

  private static func erfc(_ number: Double) -> Double {
    if abs(number) > 40 { return number > 0 ? 0 : 2 }
    let result = regularizedGammaQ(number * number)
    return number < 0 ? 2 - result : result
  }

  // MARK: The incomplete gamma function of 1/2

  private static let squareRootOfTwo = 2.0.squareRoot()
  /// The logarithm of gamma of 1/2.
  private static let logGamma = 0.5723649429247001
  private static let epsilon = 1e-15
  private static let mostSteps = 10_000

  /// The lower one, by its series.
  private static func regularizedGammaP(_ x: Double) -> Double {
    if x.isNaN { return .nan }
    if x == 0 { return 0 }
    if x >= 1.5 { return 1 - regularizedGammaQ(x) }
    var n = 0.0
    var term = 2.0
    var sum = term
    while abs(term / sum) > epsilon, n < Double(mostSteps) {
      n += 1
      term *= x / (0.5 + n)
      sum += term
    }
    return exp(-x + 0.5 * log(x) - logGamma) * sum
  }

  /// The upper one, by its continued fraction.
  private static func regularizedGammaQ(_ x: Double) -> Double {
    if x.isNaN { return .nan }
    if x == 0 { return 1 }
    if x < 1.5 { return 1 - regularizedGammaP(x) }
    func a(_ n: Int) -> Double { 2 * Double(n) + 1 - 0.5 + x }
    var h = a(0)
    var c = h
    var d = 0.0
    for n in 1..<mostSteps {
      let b = Double(n) * (0.5 - Double(n))
      d = 1 / (a(n) + b * d)
      c = a(n) + b / c
      let delta = c * d
      h *= delta
      if abs(delta - 1) < epsilon { break }
    }
    return exp(-x + 0.5 * log(x) - logGamma) * (1 / h)
  }

  // MARK: The inverse error function

  /// By M. Giles, "Approximating the erfinv function", in Double.
  private static func inverseErf(_ x: Double) -> Double {
    let w = -log((1 - x) * (1 + x))
    if w < 6.25 { return polynomial(w - 3.125, small) * x }
    if w < 16 { return polynomial(w.squareRoot() - 3.25, middle) * x }
    if !w.isInfinite { return polynomial(w.squareRoot() - 5, large) * x }
    return x * .infinity
  }

  private static func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
    var result = coefficients[0]
    for coefficient in coefficients.dropFirst() { result = coefficient + result * x }
    return result
  }

  private static let small = [
    -3.6444120640178196996e-21, -1.685059138182016589e-19, 1.2858480715256400167e-18,
    1.115787767802518096e-17, -1.333171662854620906e-16, 2.0972767875968561637e-17,
    6.6376381343583238325e-15, -4.0545662729752068639e-14, -8.1519341976054721522e-14,
    2.6335093153082322977e-12, -1.2975133253453532498e-11, -5.4154120542946279317e-11,
    1.051212273321532285e-09, -4.1126339803469836976e-09, -2.9070369957882005086e-08,
    4.2347877827932403518e-07, -1.3654692000834678645e-06, -1.3882523362786468719e-05,
    0.0001867342080340571352, -0.00074070253416626697512, -0.0060336708714301490533,
    0.24015818242558961693, 1.6536545626831027356,
  ]

  private static let middle = [
    2.2137376921775787049e-09, 9.0756561938885390979e-08, -2.7517406297064545428e-07,
    1.8239629214389227755e-08, 1.5027403968909827627e-06, -4.013867526981545969e-06,
    2.9234449089955446044e-06, 1.2475304481671778723e-05, -4.7318229009055733981e-05,
    6.8284851459573175448e-05, 2.4031110387097893999e-05, -0.0003550375203628474796,
    0.00095328937973738049703, -0.0016882755560235047313, 0.0024914420961078508066,
    -0.0037512085075692412107, 0.005370914553590063617, 1.0052589676941592334,
    3.0838856104922207635,
  ]

  private static let large = [
    -2.7109920616438573243e-11, -2.5556418169965252055e-10, 1.5076572693500548083e-09,
    -3.7894654401267369937e-09, 7.6157012080783393804e-09, -1.4960026627149240478e-08,
    2.9147953450901080826e-08, -6.7711997758452339498e-08, 2.2900482228026654717e-07,
    -9.9298272942317002539e-07, 4.5260625972231537039e-06, -1.9681778105531670567e-05,
    7.5995277030017761139e-05, -0.00021503011930044477347, -0.00013871931833623122026,
    1.0103004648645343977, 4.8499064014085844221,
  ]
}
