import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// What trees ask of a row, as columns of thresholds and of classes.
@Suite struct PredicatePlanTests {
  private func ensemble(
    _ splits: [Split], sets: [[UInt32]] = [], _ profile: NumericProfile = .lightGBM
  ) throws -> (Ensemble, DistinctTests) {
    var builder = EnsembleBuilder(profile: profile, outputCount: 1)
    for words in sets { _ = try builder.addCategorySet(words: words) }
    for split in splits {
      var tree = TreeDraft()
      tree.splits = [split]
      tree.left = [~0]
      tree.right = [~1]
      tree.leaves = LeafDraft(values: [1, 2])
      try builder.add(tree)
    }
    let ensemble = builder.build()
    return (ensemble, try tests(of: ensemble))
  }

  private func tests(of ensemble: Ensemble) throws -> DistinctTests {
    var tests = DistinctTests()
    let areKnown = tests.add(0..<ensemble.splits.count, of: ensemble)
    try #require(areKnown)
    return tests
  }

  private func split(
    _ threshold: Double, _ missing: MissingRule = .left,
    _ condition: SplitCondition = .lessOrEqual, slot: Int = 0, gain: Float = 0
  ) -> Split {
    Split(
      slot: slot, condition: condition, missing: missing, operand: .threshold(threshold),
      gain: gain)
  }

  // MARK: Distinct tests

  @Test func `A test that many splits make is there once`() throws {
    let (_, tests) = try ensemble([
      split(1, gain: 3), split(2), split(1, gain: 4), split(1, .right), split(1, slot: 1),
      split(2), split(0), split(-0.0),
    ])
    #expect(tests.testOfSplit == [0, 1, 0, 2, 3, 1, 4, 5])
    #expect(tests.tests.count == 6)
  }

  @Test func `Thousands of tests, and some taken back`() throws {
    let (ensemble, whole) = try ensemble((0..<5000).map { split(Double($0 % 3000)) })
    #expect(whole.tests.count == 3000)
    var tests = DistinctTests()
    _ = tests.add(0..<2000, of: ensemble)
    let (testCount, splitCount) = (tests.tests.count, tests.testOfSplit.count)
    _ = tests.add(2000..<5000, of: ensemble)
    tests.truncate(testCount: testCount, splitCount: splitCount)
    #expect(tests.tests.count == 2000 && tests.testOfSplit.count == 2000)
    _ = tests.add(2000..<5000, of: ensemble)
    #expect(tests.tests == whole.tests && tests.testOfSplit == whole.testOfSplit)
  }

  // MARK: Thresholds

  @Test func `More thresholds than a byte can rank make several columns`() throws {
    for (count, columns) in [(255, 1), (256, 2), (600, 3)] {
      let (ensemble, tests) = try ensemble((0..<count).map { split(Double($0)) })
      let plan = try PredicatePlan.make(tests.tests, of: ensemble).get()
      #expect(plan.thresholdColumns.map(\.thresholds.count).reduce(0, +) == count)
      #expect(plan.thresholdColumns.count == columns)
    }
  }

  @Test func `Columns where 0 is missing are apart`() throws {
    let (ensemble, tests) = try ensemble([split(1), split(2, .leftWithZero), split(3, .right)])
    let plan = try PredicatePlan.make(tests.tests, of: ensemble).get()
    #expect(plan.thresholdColumns.map(\.thresholds) == [[1, 3], [2]])
    #expect(plan.thresholdColumns[0].missingMagnitude < 0)
    #expect(plan.thresholdColumns[1].missingMagnitude == NumericProfile.tinyMagnitude)
  }

  @Test func `The rank of a missing value leaves the fewest exceptions`() {
    for bits in 0..<729 {
      // By threshold: only above, only not above, both.
      let kinds = [bits % 3, bits / 3 % 3, bits / 9 % 3, bits / 27 % 3, bits / 81 % 3, bits / 243]
      var column = ThresholdColumn(
        slot: 0, thresholds: (0..<6).map { Double($0) }, missingMagnitude: -1)
      for (place, kind) in kinds.enumerated() {
        if kind != 1 { column.note(place, missingIsAbove: true) }
        if kind != 0 { column.note(place, missingIsAbove: false) }
      }
      column.chooseMissingRank()
      func exceptions(_ rank: Int) -> Int {
        kinds.indices.count { kinds[$0] != 1 && rank <= $0 }
          + kinds.indices.count { kinds[$0] != 0 && rank > $0 }
      }
      #expect(exceptions(column.missingRank) == (0...6).map(exceptions).min())
      #expect(column.raised.count + column.lowered.count == exceptions(column.missingRank))
      for (place, kind) in kinds.enumerated() {
        if kind != 1 {
          let isRaised = column.variant(place, missingIsAbove: true) == .raised
          #expect(isRaised == column.raised.contains(place))
        }
        if kind != 0 {
          let isLowered = column.variant(place, missingIsAbove: false) == .lowered
          #expect(isLowered == column.lowered.contains(place))
        }
      }
    }
  }

  @Test func `Tests that numbers do not decide ask for a value alone`() throws {
    let (ensemble, tests) = try ensemble([
      split(-.infinity, .left, .less), split(-.infinity, .right, .less),
    ])
    let plan = try PredicatePlan.make(tests.tests, of: ensemble).get()
    #expect(plan.predicates[0].place == .present(column: 0))
    #expect(plan.predicates[1].place == .always)
    #expect(plan.thresholdColumns[0].asksForPresence)
  }

  // MARK: Classes

  @Test func `Categories with the same answers share a row of bits`() throws {
    let sets: [[UInt32]] = [[0b0110], [0b0110, 1], []]
    let (ensemble, tests) = try ensemble(
      (0..<3).map {
        Split(
          slot: 2, condition: .inCategorySet, missing: .right, operand: .categorySet($0))
      }, sets: sets)
    let plan = try PredicatePlan.make(tests.tests, of: ensemble).get()
    let column = try #require(plan.classColumns.first)
    #expect(column.bitCount == 3 && column.column.input == 2)
    // In no set; in the first two; in the second alone.
    #expect(column.rowCount == 3)
    #expect(column.classCount == 4 + 64)
  }

  @Test func `A tiny number below 0 names no category of XGBoost`() throws {
    let (ensemble, tests) = try ensemble(
      [Split(slot: 0, condition: .inCategorySet, missing: .left, operand: .categorySet(0))],
      sets: [[1]], .xgBoost)
    let plan = try PredicatePlan.make(tests.tests, of: ensemble).get()
    let column = try #require(plan.classColumns.first)
    // 1 goes right: tiny numbers are category 0, those below 0 are none.
    #expect(!column.bit(0, ofRow: Int(column.rowOfClass[2])))
    #expect(column.bit(0, ofRow: Int(column.rowOfClass[3])))
  }

  @Test func `Categories beyond the largest are refused`() throws {
    let words = [UInt32](repeating: 0, count: ClassColumnPlan.largestCategory / 32 + 1)
    let (ensemble, tests) = try ensemble(
      [Split(slot: 0, condition: .inCategorySet, missing: .left, operand: .categorySet(0))],
      sets: [words])
    #expect(throws: EngineRefusal.self) {
      try PredicatePlan.make(tests.tests, of: ensemble).get()
    }
  }

  // MARK: Planes

  @Test func `Every predicate has a plane of its own, and the planes have no gaps`() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<30 {
      let model = try RandomModels.forest(columnCount: 5, &random)
      let ensemble = model.ensembles[0]
      let plan = try PredicatePlan.make(tests(of: ensemble).tests, of: ensemble).get()
      let layout = PlaneLayout(plan)
      var planes: [UInt32: PredicatePlan.Place] = [:]
      for (predicate, plane) in zip(plan.predicates, layout.planeOfTest) {
        #expect(plane < layout.predicateEnd)
        if let other = planes[plane] { #expect(other == predicate.place) }
        planes[plane] = predicate.place
      }
      let columns = layout.columns.map { Int($0.count + $0.raisedCount + $0.loweredCount) }
      #expect(layout.firstClassPlane == columns.reduce(2, +))
    }
  }
}
