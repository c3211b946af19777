import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// Rounding and flushing are worked into the threshold: the boundary parts the numbers as they come
/// just as the condition parts them once they are prepared.
@Suite struct BoundaryTests {
  private static let profiles = NumericProfile.Precision.allCases.flatMap { input in
    [false, true].map { flushes in
      NumericProfile(
        input: input, flushesTinyToZero: flushes, categories: .truncateToInt32,
        accumulator: .float64)
    }
  }

  private static let conditions: [SplitCondition] = [
    .lessOrEqual, .less, .greater, .greaterOrEqual,
  ]

  /// Where a boundary for `threshold` may lie, and a step to each side.
  private func candidates(_ threshold: Double) -> [Double] {
    let float = Float(threshold)
    let tiny = NumericProfile.tinyMagnitude
    var centres = HardNumbers.special + [threshold, tiny.nextUp, -tiny.nextUp]
    for neighbour in [float.nextDown, float, float.nextUp] {
      centres += [
        Double(neighbour), (Double(neighbour) + Double(neighbour.nextUp)) / 2,
        (Double(neighbour) + Double(neighbour.nextDown)) / 2,
      ]
    }
    // Half way from the largest Float to the one that there would be next.
    centres += [0x1.ffffffp127, -0x1.ffffffp127]
    return centres.filter { !$0.isNaN }.flatMap {
      [$0.nextDown.nextDown, $0.nextDown, $0, $0.nextUp, $0.nextUp.nextUp]
    }
  }

  @Test(arguments: Self.profiles, Self.conditions)
  func `The boundary is where the condition changes`(
    _ profile: NumericProfile, _ condition: SplitCondition
  ) throws {
    var random = SeededGenerator(seed: 1)
    var thresholds = HardNumbers.special
    for spread in HardNumbers.Spread.allCases {
      thresholds += HardNumbers.list(20, spread, &random)
    }
    thresholds += thresholds.map { HardNumbers.near($0, &random) }.filter { !$0.isNaN }
    if profile.input == .float32 { thresholds = thresholds.map { Double(Float($0)) } }
    for threshold in thresholds {
      let boundary = try #require(Boundary(condition, threshold, profile))
      for x in candidates(threshold) {
        let isAbove = boundary.threshold.map { x > $0 } ?? true
        let holds = condition.holds(profile.prepared(x), threshold)
        #expect(holds == (isAbove == boundary.isReversed), "\(x) and \(threshold)")
      }
    }
  }

  @Test func `Zero has one sign`() {
    for threshold in [0.0, -0.0] {
      let boundary = Boundary(.lessOrEqual, threshold, .lightGBM)
      #expect(boundary?.threshold?.sign == .plus)
    }
  }

  @Test func `Every number is above nothing, or none is above infinity`() {
    #expect(Boundary(.less, -.infinity, .lightGBM)?.threshold == nil)
    #expect(Boundary(.lessOrEqual, .infinity, .lightGBM)?.threshold == .infinity)
    #expect(Boundary(.greater, .infinity, .xgBoost)?.threshold == .infinity)
  }

  @Test func `Tests of equality and of categories have no boundary`() {
    for condition in SplitCondition.allCases where !Self.conditions.contains(condition) {
      #expect(Boundary(condition, 1, .lightGBM) == nil)
    }
  }

  @Test func `What is tiny depends on rounding`() {
    #expect(NumericProfile.lightGBM.largestTiny == NumericProfile.tinyMagnitude)
    let float = NumericProfile.xgBoost.largestTiny
    #expect(abs(NumericProfile.xgBoost.prepared(float)) <= NumericProfile.tinyMagnitude)
    #expect(abs(NumericProfile.xgBoost.prepared(float.nextUp)) > NumericProfile.tinyMagnitude)
  }
}
