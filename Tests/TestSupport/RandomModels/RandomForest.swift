import TreeIR

/// A recipe for random trees: every kind of split, missing rule, leaf and arithmetic, unless it is
/// told otherwise.
public struct RandomForest: Sendable {
  public enum Shape: CaseIterable, Sendable {
    /// A leaf drawn at random is split, as often as needed.
    case random
    case balanced
    /// Every split has a leaf on one side.
    case chain
    case oblivious
  }

  public enum Leaves: CaseIterable, Sendable {
    case single
    /// A value an output.
    case vector
    case linear
  }

  public var shape = Shape.random
  public var treeCount = 10
  /// Leaves of a binary tree.
  public var leafCounts = Array(1...31)
  /// Levels of an oblivious tree.
  public var levelCounts = Array(0...6)
  public var profile = NumericProfile.lightGBM
  public var conditions = SplitCondition.allCases
  public var missingRules = MissingRule.allCases
  /// By slot that splits may read, what they compare it with.
  public var thresholds: [(slot: Int, numbers: [Double])] = []
  /// Words of each category set.
  public var setSizes = [0, 1, 2]
  public var outputCount = 1
  public var leaves = Leaves.single
  public var hasWeights = false
  /// Whether some leaves are infinite or NaN.
  public var hasOddLeaves = false

  public init() {}

  /// A recipe for trees that read `slots`.
  public init(reading slots: [Int], _ random: inout SeededGenerator) {
    profile = Self.profile(&random)
    treeCount = random.int(1...16)
    // Most trees of libraries have few kinds of splits.
    if random.oneIn(2) {
      conditions = [random.pick([.lessOrEqual, .less, .greater, .greaterOrEqual])]
      if random.oneIn(2) { conditions.append(.inCategorySet) }
      missingRules = [random.pick(MissingRule.allCases), random.pick(MissingRule.allCases)]
    }
    if random.oneIn(3) { setSizes = [0, 1, 3, 300] }
    thresholds = slots.map { slot in
      let count = random.pick([1, 2, 3, 10, 60])
      return (slot, HardNumbers.list(count, random.pick(HardNumbers.Spread.allCases), &random))
    }
    outputCount = random.pick([1, 1, 2, 3, 7])
    leaves = random.pick([.single, .single, .vector, .linear])
    hasWeights = random.oneIn(3)
    hasOddLeaves = random.oneIn(6)
  }

  /// A library's profile, or a mixture that no library has.
  public static func profile(_ random: inout SeededGenerator) -> NumericProfile {
    if !random.oneIn(3) { return random.pick([.lightGBM, .xgBoost, .catBoost]) }
    return NumericProfile(
      input: random.pick(NumericProfile.Precision.allCases),
      flushesTinyToZero: random.oneIn(2),
      categories: random.pick(NumericProfile.CategoryRule.allCases),
      accumulator: random.pick(NumericProfile.Precision.allCases))
  }

  /// The trees.
  public func build(_ random: inout SeededGenerator) throws -> Ensemble {
    var builder = EnsembleBuilder(
      profile: profile, outputCount: outputCount,
      leafWidth: leaves == .vector ? outputCount : 1,
      baseScores: (0..<outputCount).map { _ in
        Double(Float.random(in: -1...1, using: &random))
      })
    let sets = try setSizes.map { size in
      try builder.addCategorySet(
        words: (0..<size).map { _ in UInt32.random(in: 0 ... .max, using: &random) })
    }
    for _ in 0..<treeCount {
      let output = leaves == .vector ? 0 : random.int(0...outputCount - 1)
      let weight =
        hasWeights && random.oneIn(2) ? Double(random.pick([0.5, 0.3, -2] as [Float])) : 1
      if shape == .oblivious {
        let splits = self.splits(random.pick(levelCounts), sets, &random)
        try builder.add(
          ObliviousTreeDraft(
            levels: splits, leaves: leafDraft(1 << splits.count, &random), output: output,
            weight: weight))
      } else {
        var tree = tree(leafCount: random.pick(leafCounts), sets, &random)
        tree.output = output
        tree.weight = weight
        try builder.add(tree)
      }
      // Some iterations have no tree, and some several.
      if !random.oneIn(4) { builder.endIteration() }
      if random.oneIn(20) { builder.endIteration() }
    }
    return builder.build()
  }

  private func splits(
    _ count: Int, _ sets: [Int], _ random: inout SeededGenerator
  ) -> [Split] {
    guard !thresholds.isEmpty else { return [] }
    return (0..<count).map { _ in split(sets, &random) }
  }

  private func split(_ sets: [Int], _ random: inout SeededGenerator) -> Split {
    let condition = random.pick(conditions)
    let (slot, numbers) = random.pick(thresholds)
    let missing = random.pick(missingRules)
    if condition.testsCategorySet {
      return Split(
        slot: slot, condition: condition, missing: missing, operand: .categorySet(random.pick(sets))
      )
    }
    let number = numbers.isEmpty ? 0 : random.pick(numbers)
    let isRounded = condition.roundsValue && profile.input == .float32
    return Split(
      slot: slot, condition: condition, missing: missing,
      operand: .threshold(isRounded ? Double(Float(number)) : number))
  }

  private func tree(
    leafCount: Int, _ sets: [Int], _ random: inout SeededGenerator
  ) -> TreeDraft {
    var tree = TreeDraft()
    tree.splits = splits(leafCount - 1, sets, &random)
    // Every split takes the place of a leaf; at first both its links are leaves.
    var ends: [(split: Int, isRight: Bool)] = []
    var next = 0
    for split in tree.splits.indices {
      tree.left.append(0)
      tree.right.append(0)
      if split > 0 {
        let place: Int
        switch shape {
        case .balanced, .oblivious: place = 0
        case .chain: place = ends.count - 1
        case .random: place = random.int(0...ends.count - 1)
        }
        let end = shape == .balanced ? ends[next] : ends.remove(at: place)
        next += 1
        if end.isRight {
          tree.right[end.split] = Int32(split)
        } else {
          tree.left[end.split] = Int32(split)
        }
      }
      ends += random.oneIn(2) ? [(split, false), (split, true)] : [(split, true), (split, false)]
    }
    for (leaf, end) in ends.dropFirst(shape == .balanced ? next : 0).enumerated() {
      if end.isRight {
        tree.right[end.split] = ~Int32(leaf)
      } else {
        tree.left[end.split] = ~Int32(leaf)
      }
    }
    tree.leaves = leafDraft(tree.splits.count + 1, &random)
    return tree
  }

  private func leafDraft(_ count: Int, _ random: inout SeededGenerator) -> LeafDraft {
    let width = leaves == .vector ? outputCount : 1
    var draft = LeafDraft(
      values: (0..<count * width).map { _ in
        hasOddLeaves && random.oneIn(20)
          ? random.pick([.infinity, -.infinity, .nan, -0.0, Double(1e30 as Float)])
          : Double(Float.random(in: -1...1, using: &random))
      })
    if random.oneIn(3) {
      draft.nativeIDs = (0..<Int32(count)).map { random.oneIn(5) ? ChildTable.ownPosition : 3 * $0 }
    }
    guard leaves == .linear else { return draft }
    draft.linear = (0..<count).map { leaf in
      LeafDraft.LinearModel(
        constant: Double(leaf),
        terms: thresholds.isEmpty
          ? []
          : (0..<random.int(0...2)).map { _ in
            (slot: random.pick(thresholds).slot, coefficient: 0.3)
          })
    }
    return draft
  }
}
