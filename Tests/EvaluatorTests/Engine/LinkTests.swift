import Evaluator
import Foundation
import TestSupport
import Testing
import TreeIR

/// Transformations of raw scores, at their edges.
@Suite struct LinkTests {
  private func apply(_ function: Link.Function, _ values: [Double]) throws -> [Double] {
    var builder = ModelBuilder(
      input: InputSchema(
        columns: values.indices.map { InputColumn(name: "x\($0)", kind: .numeric) }))
    let results = builder.link(function, of: 0..<values.count)
    builder.outputs = [ModelOutput(.prediction, slots: Array(results))]
    return try Predictor(builder.build()).predict(row: values)
  }

  @Test func logistic() throws {
    #expect(
      try apply(.logistic(scale: 1), [0, .infinity, -.infinity, -1000, 800])
        == [0.5, 1, 0, 0, 1])
    #expect(try apply(.logistic(scale: 2), [0.3]) == [1 / (1 + exp(-2 * 0.3))])
    #expect(try apply(.logistic(scale: 1), [.nan])[0].isNaN)
  }

  @Test func exponentials() throws {
    #expect(try apply(.exponential, [0, -.infinity, 1000]) == [1, 0, .infinity])
    #expect(
      try apply(.logOnePlusExp, [0, -.infinity, 1000]) == [log1p(1), 0, .infinity])
  }

  @Test func logarithmsOfTheLogistic() throws {
    #expect(
      try apply(.logLogistic, [0, .infinity, 1000, -1000]) == [-log(2), 0, 0, -.infinity])
    #expect(try apply(.logLogistic, [0.3]) == [-log(1 + exp(-0.3))])
  }

  /// CatBoost takes four at a time, clamped, and the rest one by one.
  @Test func fastExponentialsAreTakenInGroupsOfFour() throws {
    let values = try apply(.fastExponential, [-1000, 1000, 0, 1, -1000, 1000])
    #expect(values[0] > 0 && values[1] == .infinity && values[2] == 1)
    #expect(Array(values[4...]) == [0, .infinity])
    #expect(abs(values[3] - M_E) < 1e-14)
  }

  @Test func fastSoftmaxSumsInOrder() throws {
    let scores = [0.5, 2, -1, 2, 0.25]
    let values = try apply(.fastSoftmax, scores)
    #expect(abs(values.reduce(0, +) - 1) < 1e-15 && values[1] == values[3])
    for (value, logarithm) in zip(values, try apply(.fastLogSoftmax, scores)) {
      #expect(abs(log(value) - logarithm) < 1e-14)
    }
    // A class without a score has no probability, but where four are taken at a time.
    #expect(try apply(.fastSoftmax, [0, -.infinity])[1] == 0)
    #expect(try apply(.fastSoftmax, [0, -.infinity, 0, 0])[1] > 0)
    #expect(try apply(.fastLogSoftmax, [0, -.infinity])[1] == -.infinity)
  }

  @Test func theOldLogarithmLosesSmallTerms() throws {
    #expect(try apply(.logOfRoundedOnePlusExp, [0, -40, 1000]) == [log(2), 0, .infinity])
    #expect(try apply(.logOnePlusExp, [-40])[0] > 0)
  }

  @Test func signedSquareKeepsTheSign() throws {
    let results = try apply(.signedSquare, [3, -3, 0, -0.0, 1e200, -1e200])
    #expect(results == [9, -9, 0, 0, .infinity, -.infinity])
    #expect(results[3].sign == .plus)
  }

  @Test func softmaxSumsInOrder() throws {
    let values = [0.1, -2.5, 3.25]
    let powers = values.map { exp($0 - 3.25) }
    let sum = 0.0 + powers[0] + powers[1] + powers[2]
    #expect(try apply(.softmax, values) == powers.map { $0 / sum })
    #expect(try apply(.softmax, [1000, 0]) == [1, 0])
    #expect(try apply(.softmax, [7]) == [1])
  }

  @Test func logisticInFloat() throws {
    let results = try apply(.logisticInFloat, [0, .infinity, -.infinity, -1000, 0.3, .nan])
    // e^88.7 is the largest power that XGBoost takes.
    let least = Double(1 / (expf(88.7) + 1))
    #expect(results.prefix(4) == [0.5, 1, least, least])
    #expect(results[4] == Double(1 / (expf(-0.3) + 1)))
    #expect(results[5].isNaN)
  }

  @Test func exponentialInFloat() throws {
    #expect(
      try apply(.exponentialInFloat, [0, -.infinity, 89, Double(0.1 as Float)])
        == [1, 0, .infinity, Double(expf(0.1))])
  }

  @Test func softmaxInFloatSumsInDouble() throws {
    let margins: [Float] = [0.1, -2.5, 3.25, 3.2]
    let powers = margins.map { expf($0 - 3.25) }
    let sum = Float(powers.reduce(0.0) { $0 + Double($1) })
    #expect(
      try apply(.softmaxInFloat, margins.map { Double($0) }) == powers.map { Double($0 / sum) })
    #expect(try apply(.softmaxInFloat, [1000, 0]) == [1, 0])
    #expect(try apply(.softmaxInFloat, [.nan, 0]).allSatisfy(\.isNaN))
  }

  @Test func unitStepIsZeroAtZeroAndForNaN() throws {
    #expect(
      try apply(.unitStep, [0, -0.0, 1e-45, -1, .infinity, .nan]) == [0, 0, 1, 0, 1, 0])
  }

  @Test func sortingIsByInsertion() throws {
    #expect(try apply(.sorted, [3, 1, 2, -.infinity]) == [-.infinity, 1, 2, 3])
    #expect(try apply(.sorted, [5]) == [5])
    // Nothing is moved beyond NaN, because nothing compares with it.
    let results = try apply(.sorted, [2, .nan, 1, 0])
    #expect(results[0] == 2 && results[1].isNaN && results[2] == 0 && results[3] == 1)
  }

  @Test func increasingAddsSoftplus() throws {
    let values: [Float] = [-1, 0.5, -20, 30]
    var sum = values[0]
    var expected = [Double(sum)]
    for x in values.dropFirst() {
      sum += 1e-6 + (x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x)))
      expected.append(Double(sum))
    }
    #expect(try apply(.increasingInFloat, values.map { Double($0) }) == expected)
  }

  @Test func tolerances() throws {
    let regression = Predictor(try SampleModels.regression())
    #expect(regression.defaultTolerance(of: .raw) == Tolerance(ulps: 0))
    #expect(regression.defaultTolerance(of: .prediction) == Tolerance(ulps: 0))
    let chain = Predictor(try SampleModels.chain())
    #expect(chain.defaultTolerance(of: .raw) == Tolerance(ulps: 0))
    #expect(chain.defaultTolerance(of: .prediction) == Tolerance(ulps: 1))
    #expect(chain.defaultTolerance(of: .probability) == Tolerance(ulps: 1, ofOne: true))
    #expect(chain.defaultTolerance(of: .label) == Tolerance(ulps: 0))
    let everything = Predictor(try SampleModels.everything())
    #expect(everything.defaultTolerance(of: .prediction) == Tolerance(ulps: 2))
  }
}
