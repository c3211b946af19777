import Evaluator
import TestSupport
import Testing
import TreeIR

/// Which way a value goes, for every condition and missing rule.
@Suite struct SplitDecisionTests {
  private static let tiny = NumericProfile.tinyMagnitude

  /// Scores one value with a tree of one split whose leaves are 1 (left) and 0 (right).
  private func goesLeft(
    _ x: Double, _ condition: SplitCondition, _ threshold: Double, _ missing: MissingRule,
    _ profile: NumericProfile = .lightGBM
  ) throws -> Bool {
    var ensemble = EnsembleBuilder(profile: profile, outputCount: 1)
    try ensemble.add(
      SampleModels.stump(
        slot: 0, condition: condition, threshold: threshold, missing: missing, left: 1, right: 0))
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(ensemble.build()))))
    ]
    return try Predictor(builder.build()).predict(row: [x], output: .raw) == [1]
  }

  @Test(arguments: [
    (SplitCondition.lessOrEqual, [true, true, false]), (.less, [true, false, false]),
    (.greater, [false, false, true]), (.greaterOrEqual, [false, true, true]),
    (.equal, [false, true, false]), (.notEqual, [true, false, true]),
  ])
  func comparisons(_ condition: SplitCondition, _ expected: [Bool]) throws {
    for threshold in [1.5, -1.5, 1e300, -1e-30] {
      let values = [threshold.nextDown, threshold, threshold.nextUp]
      let sides = try values.map { try goesLeft($0, condition, threshold, .left) }
      #expect(sides == expected, "\(threshold)")
    }
  }

  @Test func infinities() throws {
    #expect(try goesLeft(.infinity, .lessOrEqual, .infinity, .right))
    #expect(try !goesLeft(.infinity, .lessOrEqual, .greatestFiniteMagnitude, .left))
    #expect(try goesLeft(-.infinity, .lessOrEqual, -.infinity, .right))
    #expect(try !goesLeft(-.greatestFiniteMagnitude, .lessOrEqual, -.infinity, .left))
  }

  @Test(arguments: [
    (MissingRule.left, true), (.right, false), (.asZero, true), (.compare, false),
    (.leftWithZero, true), (.rightWithZero, false),
  ])
  func missingValues(_ rule: MissingRule, _ left: Bool) throws {
    #expect(try goesLeft(.nan, .lessOrEqual, 0, rule) == left)
    #expect(try goesLeft(-.nan, .lessOrEqual, 0, rule) == left)
  }

  @Test func missingAsZeroIsCompared() throws {
    #expect(try !goesLeft(.nan, .lessOrEqual, -1, .asZero))
    #expect(try goesLeft(.nan, .notEqual, 3, .compare))
  }

  @Test func theZeroBandGoesTheDefaultSide() throws {
    for x in [0, -0.0, Self.tiny, -Self.tiny, 5e-324] {
      #expect(try goesLeft(x, .lessOrEqual, -1, .leftWithZero), "\(x)")
      #expect(try !goesLeft(x, .lessOrEqual, 1, .rightWithZero), "\(x)")
    }
    #expect(try !goesLeft(Self.tiny.nextUp, .lessOrEqual, -1, .leftWithZero))
    #expect(try goesLeft(-Self.tiny.nextUp, .lessOrEqual, 1, .rightWithZero))
  }

  @Test func tinyValuesBecomeZeroInLightGBM() throws {
    #expect(try goesLeft(Self.tiny, .lessOrEqual, 0, .right))
    #expect(try !goesLeft(Self.tiny.nextUp, .lessOrEqual, 0, .right))
    #expect(try !goesLeft(-Self.tiny, .lessOrEqual, -5e-324, .right))
    #expect(try !goesLeft(Self.tiny, .lessOrEqual, 0, .right, .xgBoost))
  }

  @Test func floatProfilesRoundTheValueFirst() throws {
    let threshold = Double(0.1 as Float)
    let below = 0.1 - 1e-12
    #expect(below < threshold)
    #expect(try !goesLeft(below, .less, threshold, .left, .xgBoost))
    #expect(try goesLeft(below, .less, threshold, .left, .lightGBM))
    #expect(try goesLeft(1e300, .greater, Double(Float.greatestFiniteMagnitude), .left, .catBoost))
  }

  @Test func equalityOfHashedCategoriesIsNotRounded() throws {
    #expect(try goesLeft(1_799_737_244, .equal, 1_799_737_244, .left, .catBoost))
    #expect(try !goesLeft(1_799_737_245, .equal, 1_799_737_244, .left, .catBoost))
  }

  /// The set is {0, 3, 35}.
  private func isMember(_ x: Double, _ profile: NumericProfile) throws -> Bool {
    var ensemble = EnsembleBuilder(profile: profile, outputCount: 1)
    let set = try ensemble.addCategorySet(words: [0b1001, 0b1000])
    var tree = SampleModels.stump(slot: 0, threshold: 0, missing: .right, left: 1, right: 0)
    tree.splits[0].condition = .inCategorySet
    tree.splits[0].operand = .categorySet(set)
    try ensemble.add(tree)
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "c", kind: .categoryCodes)]))
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(ensemble.build()))))
    ]
    return try Predictor(builder.build()).predict(row: [x], output: .raw) == [1]
  }

  @Test func categoriesOfLightGBM() throws {
    for x in [0, -0.0, -0.5, 0.9, 3, 3.99, 35, 1e-40] {
      #expect(try isMember(x, .lightGBM), "\(x)")
    }
    for x in [
      1, -1, 2.999, 36, 64, 1000, 2_147_483_647, 2_147_483_648, -2_147_483_649, 4_294_967_296,
      1e300, .infinity, -.infinity, .nan,
    ] {
      #expect(try !isMember(x, .lightGBM), "\(x)")
    }
  }

  @Test func categoriesOfXGBoost() throws {
    for x in [0, -0.0, 0.9, 3, 35, 0.99999999 - 1] {
      #expect(try isMember(x, .xgBoost) == (x >= 0), "\(x)")
    }
    for x in [-0.5, 16_777_216, .infinity, -.infinity] {
      #expect(try !isMember(x, .xgBoost), "\(x)")
    }
  }

  @Test func categoriesOfOldXGBoost() throws {
    // What the words of the set do not cover goes where missing values go: here right.
    var profile = NumericProfile.xgBoost
    profile.categories = .nonNegativeBelow2To24ElseMissing
    for x in [0, -0.0, 0.9, 3, 35] { #expect(try isMember(x, profile), "\(x)") }
    for x in [1, 63, 64, -0.5, 16_777_216, .infinity, -.infinity, .nan] {
      #expect(try !isMember(x, profile), "\(x)")
    }
  }
}
