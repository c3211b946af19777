import TreeIR

/// Small models, built by hand, that together use every part of the representation.
public enum SampleModels {
  /// x ≤ 1.5 ? 10 : 20, then y ≤ 0 (missing left) ? 0.25 : −0.5; LightGBM's arithmetic.
  public static func regression() throws -> TreeModel {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try ensemble.add(stump(slot: 0, threshold: 1.5, missing: .right, left: 10, right: 20))
    ensemble.endIteration()
    try ensemble.add(stump(slot: 1, threshold: 0, missing: .left, left: 0.25, right: -0.5))
    ensemble.endIteration()
    var builder = ModelBuilder(
      input: InputSchema(columns: [
        InputColumn(name: "x", kind: .numeric, range: 0...3),
        InputColumn(name: "y", kind: .numeric),
      ]))
    let score = builder.score(builder.add(ensemble.build()))
    builder.task = .regression
    builder.provenance = Provenance(library: "hand", version: "1", format: "Swift")
    builder.outputs = [
      ModelOutput(.raw, slots: Array(score)), ModelOutput(.prediction, slots: Array(score)),
    ]
    return try builder.build()
  }

  /// A tree of one split.
  public static func stump(
    slot: Int, condition: SplitCondition = .lessOrEqual, threshold: Double,
    missing: MissingRule, left: Double, right: Double
  ) -> TreeDraft {
    var tree = TreeDraft()
    tree.splits = [
      Split(slot: slot, condition: condition, missing: missing, operand: .threshold(threshold))
    ]
    tree.left = [~0]
    tree.right = [~1]
    tree.leaves = LeafDraft(values: [left, right])
    return tree
  }

  /// A tree as deep as it can be: every split has a leaf on its left.
  public static func chainTree(splitCount count: Int) -> TreeDraft {
    var tree = TreeDraft()
    let split = Split(slot: 0, condition: .less, missing: .left, operand: .threshold(0))
    tree.splits = [Split](repeating: split, count: count)
    tree.left = (0..<count).map { ~Int32($0) }
    tree.right = (1...count).map { $0 < count ? Int32($0) : ~Int32($0) }
    tree.leaves = LeafDraft(values: [Double](repeating: 0, count: count + 1))
    return tree
  }

  /// CatBoost's kind: an oblivious tree over a hashed category, a number and a statistic of
  /// the two, then scale, and bias where the trees start with the first.
  public static func categoryStatistic() throws -> TreeModel {
    var builder = ModelBuilder(
      input: InputSchema(columns: [
        InputColumn(name: "city", kind: .hashedText(.cityHash32)),
        InputColumn(name: "age", kind: .numeric),
      ]))
    let table = try StatisticTable(
      records: [
        (key: 8_454_062_299_295_404, counts: [3, 1], sum: nil),  // Paris, age ≤ 30
        (key: 13_499_551_096_708_760_709, counts: [1, 7], sum: nil),  // Paris, age > 30
        (key: 7_549_589_167_350_758_154, counts: [0, 2], sum: nil),  // Lisbon, age > 30
      ], classCount: 2)
    let statistic = builder.statistic(
      CategoryStatistic(
        .borders, table: builder.add(table), categories: [0],
        floatSplits: [.init(slot: 1, border: 30, missingHolds: true)], priorNumerator: 0.5,
        priorDenominator: 1,
        shift: 0, scale: 15, output: 0))
    var ensemble = EnsembleBuilder(profile: .catBoost, outputCount: 1)
    try ensemble.add(
      ObliviousTreeDraft(
        levels: [
          Split(
            slot: statistic, condition: .greater, missing: .compare, operand: .threshold(9.5)),
          Split(
            slot: 0, condition: .equal, missing: .compare, operand: .threshold(1_799_737_244)),
          Split(slot: 1, condition: .greater, missing: .right, operand: .threshold(20)),
        ], leaves: LeafDraft(values: [0, 1, 2, 3, 4, 5, 6, 7])))
    let score = builder.scoreReportingRange(builder.add(ensemble.build()))
    let scaled = builder.arithmetic(.multiply, .slot(score.scores.lowerBound), .constant(0.1))
    let withBias = builder.arithmetic(.add, .slot(scaled), .constant(0.7))
    let biased = builder.select(
      score.startsAtFirst, then: .slot(withBias), otherwise: .slot(scaled))
    builder.outputs = [ModelOutput(.raw, slots: [biased])]
    return try builder.build()
  }

  /// PMML's kind: two segments of float32 trees, one of them with a predicate, summed,
  /// rescaled, turned into a probability and a label.
  public static func chain() throws -> TreeModel {
    var builder = ModelBuilder(
      input: InputSchema(columns: [
        InputColumn(name: "amount", kind: .numeric),
        InputColumn(
          name: "region",
          kind: .dictionary([.string("north"), .string("south")], unknown: .missing)
        ),
      ]))
    var first = EnsembleBuilder(profile: .xgBoost, outputCount: 1, baseScores: [0])
    try first.add(
      stump(
        slot: 0, condition: .less, threshold: Double(0.1 as Float), missing: .left, left: 0.5,
        right: Double(0.7 as Float)))
    try first.add(
      stump(
        slot: 0, condition: .less, threshold: 5, missing: .right, left: Double(0.1 as Float),
        right: Double(0.2 as Float)))
    var second = EnsembleBuilder(profile: .xgBoost, outputCount: 1)
    try second.add(
      stump(slot: 0, condition: .less, threshold: 2, missing: .left, left: 1, right: -1))

    let isSouth = builder.compare(.slot(1), .equal, .constant(1))
    let always = builder.score(builder.add(first.build()))
    builder.guardSlot = isSouth
    let inSouth = builder.score(builder.add(second.build()))
    builder.guardSlot = nil
    let sum = builder.aggregate(
      .sum,
      [
        Aggregate.Segment(values: always),
        Aggregate.Segment(values: inSouth, predicate: isSouth, weight: 0.5),
      ], precision: .float32)
    let factor = Double(0.3 as Float)
    let scaled = builder.arithmetic(
      .multiply, .slot(sum.lowerBound), .constant(factor), precision: .float32)
    let rescaled = builder.arithmetic(
      .add, .slot(scaled), .constant(-0.25), precision: .float32)
    let yes = builder.link(.logistic(scale: 1), of: rescaled..<rescaled + 1).lowerBound
    let no = builder.arithmetic(.subtract, .constant(1), .slot(yes))
    builder.task = .binaryClassification
    builder.classLabels = [.string("no"), .string("yes")]
    builder.outputs = [
      ModelOutput(.raw, slots: [rescaled]), ModelOutput(.prediction, slots: [yes]),
      ModelOutput(.probability, slots: [no, yes]),
      ModelOutput(.label, slots: [builder.argmax(of: [no, yes])]),
    ]
    return try builder.build()
  }

  /// Every remaining part: vector leaves with weights, linear leaves, category sets, leaf
  /// numbers, covers, gains, a target mean, and verification rows.
  public static func everything() throws -> TreeModel {
    var builder = ModelBuilder(
      input: InputSchema(columns: [
        InputColumn(name: "größe", kind: .numeric, range: -1.5...2),
        InputColumn(name: "code", kind: .categoryCodes, codes: [0, 3, 35]),
        InputColumn(
          name: "kind",
          kind: .dictionary(
            [.integer(4), .double(0.5), .boolean(true), .string("é")], unknown: .refused)),
      ]))
    var linear = EnsembleBuilder(
      profile: .lightGBM, outputCount: 1, earlyStopping: .binaryMargin)
    let set = try linear.addCategorySet(words: [0b1001, 0b1000])
    var tree = TreeDraft()
    tree.splits = [
      Split(
        slot: 1, condition: .inCategorySet, missing: .right, operand: .categorySet(set), gain: 3.5)
    ]
    tree.left = [~0]
    tree.right = [~1]
    tree.nodeCovers = [30]
    tree.leaves = LeafDraft(values: [1, 2])
    tree.leaves.covers = [10, 20]
    tree.leaves.nativeIDs = [7, 9]
    tree.leaves.linear = [
      .init(constant: 0.5, terms: [(slot: 0, coefficient: 2)]), .init(constant: 2, terms: []),
    ]
    try linear.add(tree)

    var vector = EnsembleBuilder(
      profile: .xgBoost, outputCount: 2, leafWidth: 2, baseScores: [0.5, -0.5])
    var wide = stump(slot: 0, condition: .less, threshold: 1, missing: .left, left: 0, right: 0)
    wide.leaves = LeafDraft(values: [1, 2, 3, 4])
    wide.weight = 0.5
    try vector.add(wide)

    let table = try StatisticTable(
      records: [(key: 5, counts: [2], sum: 1.5)], classCount: 1, counterDenominator: 9)
    let mean = builder.statistic(
      CategoryStatistic(
        .targetMean, table: builder.add(table), categories: [],
        categoryTests: [.init(slot: 1, value: 3)], priorNumerator: 0, priorDenominator: 1,
        shift: 0, scale: 1, output: 0))
    let known = builder.logic(.not, [builder.logic(.isMissing, [mean])])
    let first = builder.scoreReportingRange(builder.add(linear.build()))
    builder.guardSlot = known
    let second = builder.score(builder.add(vector.build()))
    builder.guardSlot = nil
    let positive = builder.compare(.slot(0), .greaterOrEqual, .constant(-100))
    builder.require(positive, reason: "größe is below -100 or missing")
    let spread = builder.link(.softmax, of: second)
    builder.outputs = [
      ModelOutput(.raw, slots: Array(first.scores) + Array(second)),
      ModelOutput(.prediction, slots: Array(spread)),
    ]
    builder.verification = VerificationRows(
      rowCount: 1, inputs: [1, 3, 0],
      answers: [.init(role: .raw, column: 0, values: [2.5])])
    return try builder.build()
  }

  /// XGBoost's kind: columns without names, attributes, a linear sum, margins in Float and what
  /// is made of them.
  public static func floats() throws -> TreeModel {
    var builder = ModelBuilder(
      input: InputSchema(
        columns: ["f0", "f1"].map { InputColumn(name: $0, kind: .numeric) }, hasNames: false))
    builder.provenance = Provenance(
      library: "hand",
      attributes: [
        .init(name: "best_iteration", value: "3"), .init(name: "größe", value: ""),
      ])
    let sums = (0..<3).map { output in
      builder.linearSum(
        from: 0.5, [.init(slot: 1, coefficient: 2), .init(slot: 0, coefficient: Double(output))],
        precision: .float32)
    }
    let margins = sums[0]..<sums[0] + 3
    let results = [
      Link.Function.logisticInFloat, .exponentialInFloat, .softmaxInFloat, .unitStep, .sorted,
      .increasingInFloat, .logLogistic, .fastExponential, .fastSoftmax, .fastLogSoftmax,
    ].flatMap { Array(builder.link($0, of: margins)) }
    let best = [Argmax.NaNRule.isLargest, .comparesFalse].map {
      builder.argmax(of: sums, nanRule: $0)
    }
    builder.task = .multilabelClassification
    builder.outputs = [
      ModelOutput(.raw, slots: sums), ModelOutput(.prediction, slots: results + best),
    ]
    return try builder.build()
  }

  /// All of them by name.
  public static func all() throws -> [(name: String, model: TreeModel)] {
    [
      ("regression", try regression()), ("categoryStatistic", try categoryStatistic()),
      ("chain", try chain()), ("everything", try everything()), ("floats", try floats()),
      ("fields", try fields()),
    ]
  }
}
