import TreeIR

/// Random models of trees, and of several ensembles among other operations.
public enum RandomModels {
  /// Every link function.
  public static let links: [Link.Function] = [
    .logistic(scale: 2), .exponential, .logOnePlusExp, .logOfRoundedOnePlusExp, .signedSquare,
    .softmax, .logisticInFloat, .exponentialInFloat, .softmaxInFloat, .unitStep, .sorted,
    .increasingInFloat, .logLogistic, .fastExponential, .fastSoftmax, .fastLogSoftmax,
  ]

  private static func schema(_ columnCount: Int) -> InputSchema {
    InputSchema(
      columns: (0..<columnCount).map { InputColumn(name: "c\($0)", kind: .numeric) })
  }

  /// A model of one ensemble, whose prediction is what a link makes of its raw scores.
  public static func model(of ensemble: Ensemble, columnCount: Int) throws -> TreeModel {
    var builder = ModelBuilder(input: schema(columnCount))
    let scores = builder.score(builder.add(ensemble))
    let link = builder.link(scores.count > 1 ? .softmax : .logistic(scale: 1), of: scores)
    builder.outputs = [
      ModelOutput(.raw, slots: Array(scores)), ModelOutput(.prediction, slots: Array(link)),
    ]
    return try builder.build()
  }

  /// A model of one random ensemble; `adapt` may change its recipe.
  public static func forest(
    columnCount: Int, _ random: inout SeededGenerator,
    adapt: (inout RandomForest) -> Void = { _ in }
  ) throws -> TreeModel {
    var recipe = RandomForest(reading: Array(0..<columnCount), &random)
    adapt(&recipe)
    return try model(of: recipe.build(&random), columnCount: columnCount)
  }

  /// A model like those that libraries train: many trees, no odd numbers.
  public static func ordinary(
    columnCount: Int = 10, treeCount: Int = 40, leafCount: Int = 16,
    shape: RandomForest.Shape = .random, seed: UInt64 = 1
  ) throws -> TreeModel {
    var random = SeededGenerator(seed: seed)
    var recipe = RandomForest()
    recipe.shape = shape
    recipe.treeCount = treeCount
    recipe.leafCounts = [leafCount]
    recipe.levelCounts = [leafCount.trailingZeroBitCount]
    recipe.conditions = [.lessOrEqual]
    recipe.missingRules = [.left, .right]
    recipe.thresholds = (0..<columnCount).map {
      (slot: $0, numbers: HardNumbers.list(50, .uniform, &random))
    }
    return try model(of: recipe.build(&random), columnCount: columnCount)
  }

  /// Ensembles with and without guards, some of which read what others have scored, requirements
  /// that refuse rows, and everything that can stand between.
  public static func graph(_ random: inout SeededGenerator) throws -> TreeModel {
    let columnCount = random.int(0...12)
    var builder = ModelBuilder(input: schema(columnCount))
    var graph = RandomGraph(columnCount: columnCount)
    for _ in 0..<random.int(4...24) { try graph.addOperation(to: &builder, &random) }
    return try finish(&graph, &builder, &random)
  }

  /// Like ``graph(_:)``, with many statistics of categories: before, between and after ensembles,
  /// with and without guards.
  public static func statistics(_ random: inout SeededGenerator) throws -> TreeModel {
    let columnCount = random.int(1...12)
    let categories = Array(0..<random.int(1...min(columnCount, 4)))
    var builder = ModelBuilder(input: schema(columnCount))
    var graph = RandomGraph(columnCount: columnCount)
    for _ in 0..<random.int(2...8) {
      for _ in 0..<random.int(1...4) {
        try graph.addStatistics(of: categories, to: &builder, &random)
      }
      for _ in 0..<random.int(0...3) { try graph.addOperation(to: &builder, &random) }
    }
    return try finish(&graph, &builder, &random)
  }

  /// A model like those that CatBoost trains on text: trees that read numbers and statistics of
  /// categories, which nothing else reads.
  ///
  /// - Parameters:
  ///   - columnCount: Input columns, of which some are hashed categories.
  ///   - isOrdinary: Whether all splits are of CatBoost's kind.
  public static func categorical(
    columnCount: Int, isOrdinary: Bool, _ random: inout SeededGenerator
  ) throws -> TreeModel {
    let categoryCount = random.int(1...max(1, min(columnCount - 1, 4)))
    let numbers = Array(categoryCount..<columnCount)
    var builder = ModelBuilder(input: schema(columnCount))
    let recipes = RandomStatistics(
      categorySlots: Array(0..<categoryCount), numbers: numbers.isEmpty ? [0] : numbers)
    var statistics: [Int] = []
    for _ in 0..<random.int(1...12) { statistics += try recipes.add(to: &builder, &random) }
    var recipe = RandomForest(reading: numbers, &random)
    if isOrdinary {
      recipe.conditions = [.greater]
      recipe.missingRules = [.left]
      recipe.leaves = random.pick([.single, .vector])
      recipe.profile = .catBoost
    }
    recipe.thresholds += statistics.map { slot in
      // Numbers that statistics can be, and others.
      let list = (0..<random.pick([1, 1, 3, 20])).map { _ in
        let ratio = Float(random.int(0...20)) / Float(random.int(1...20))
        return Double(random.oneIn(3) ? Float.random(in: 0...15, using: &random) : ratio * 15)
      }
      return (slot: slot, numbers: list)
    }
    if random.oneIn(2) { recipe.shape = .oblivious }
    let scores = builder.score(builder.add(try recipe.build(&random)))
    builder.outputs = [
      ModelOutput(.raw, slots: Array(scores)), ModelOutput(.prediction, slots: Array(scores)),
    ]
    return try builder.build()
  }

  private static func finish(
    _ graph: inout RandomGraph, _ builder: inout ModelBuilder, _ random: inout SeededGenerator
  ) throws -> TreeModel {
    try graph.addEnsemble(to: &builder, &random)
    builder.guardSlot = nil
    let slots = graph.numbers
    builder.outputs = [
      ModelOutput(.raw, slots: (0..<random.int(1...5)).map { _ in random.pick(slots) }),
      ModelOutput(.prediction, slots: slots),
      ModelOutput(.probability, slots: Array(graph.lastScores)),
    ]
    return try builder.build()
  }
}

/// A scoring graph that grows at random.
private struct RandomGraph {
  private(set) var numbers: [Int]
  private(set) var lastScores = 0..<0
  private var truths: [Int] = []
  private var ensembleCount = 0
  private var requirementCount = 0

  init(columnCount: Int) {
    numbers = Array(0..<columnCount)
  }

  private func operand(_ random: inout SeededGenerator) -> Operand {
    numbers.isEmpty || random.oneIn(3)
      ? .constant(Double(random.int(-2...40))) : .slot(random.pick(numbers))
  }

  mutating func addEnsemble(
    to builder: inout ModelBuilder, _ random: inout SeededGenerator
  ) throws {
    let slots = (0..<random.int(0...6)).compactMap { _ in
      numbers.isEmpty ? nil : random.pick(numbers)
    }
    var recipe = RandomForest(reading: slots, &random)
    recipe.treeCount = random.int(1...8)
    recipe.leafCounts = [1, 2, 5, 12]
    if random.oneIn(3) { recipe.shape = .oblivious }
    let number = builder.add(try recipe.build(&random))
    if random.oneIn(2) {
      let score = builder.scoreReportingRange(number)
      lastScores = score.scores
      numbers.append(score.iterationCount)
      truths.append(score.startsAtFirst)
    } else {
      lastScores = builder.score(number)
    }
    numbers += Array(lastScores)
    ensembleCount += 1
  }

  mutating func addStatistics(
    of categories: [Int], to builder: inout ModelBuilder, _ random: inout SeededGenerator
  ) throws {
    builder.guardSlot = !truths.isEmpty && random.oneIn(4) ? random.pick(truths) : nil
    // Also numbers that are results, and no categories at all.
    let others = random.oneIn(3) ? [random.pick(numbers)] : []
    numbers += try RandomStatistics(categorySlots: categories + others, numbers: numbers)
      .add(to: &builder, &random)
  }

  mutating func addOperation(
    to builder: inout ModelBuilder, _ random: inout SeededGenerator
  ) throws {
    builder.guardSlot = !truths.isEmpty && random.oneIn(4) ? random.pick(truths) : nil
    switch random.int(0...10) {
    case 0, 1:
      if ensembleCount < 4 { try addEnsemble(to: &builder, &random) }
    case 2:
      if !truths.isEmpty, requirementCount < 3 {
        requirementCount += 1
        builder.require(random.pick(truths), reason: "requirement \(requirementCount)")
      }
    case 3, 4:
      truths.append(
        builder.compare(
          operand(&random), random.pick(SplitCondition.allCases.filter { !$0.testsCategorySet }),
          operand(&random)))
    case 5:
      if !truths.isEmpty {
        truths.append(
          builder.logic(random.pick([.and, .or]), [random.pick(truths), random.pick(truths)]))
        truths.append(builder.logic(.not, [random.pick(truths)]))
      }
      if !numbers.isEmpty { truths.append(builder.logic(.isMissing, [random.pick(numbers)])) }
    case 6:
      if !truths.isEmpty {
        numbers.append(
          builder.select(
            random.pick(truths), then: operand(&random), otherwise: operand(&random)))
      }
    case 7:
      if !lastScores.isEmpty {
        numbers += Array(builder.link(random.pick(RandomModels.links), of: lastScores))
        numbers.append(
          builder.argmax(
            of: Array(lastScores), nanRule: random.pick(Argmax.NaNRule.allCases)))
      }
    case 8:
      if !lastScores.isEmpty {
        let predicate = truths.isEmpty ? nil : random.pick(truths)
        numbers += Array(
          builder.aggregate(
            random.pick([.sum, .average]),
            [
              Aggregate.Segment(values: lastScores),
              Aggregate.Segment(values: lastScores, predicate: predicate, weight: 0.5),
            ], precision: random.pick([.float32, .float64])))
      }
    case 9:
      if !numbers.isEmpty {
        let precision = random.pick(NumericProfile.Precision.allCases)
        numbers.append(
          builder.linearSum(
            from: 0.5,
            (0..<random.int(0...9)).map { _ in
              .init(slot: random.pick(numbers), coefficient: Double(random.int(-3...3)) / 4)
            }, precision: precision))
      }
    default:
      numbers.append(
        builder.arithmetic(
          random.pick([.add, .subtract, .multiply, .divide]), operand(&random), operand(&random),
          precision: random.pick([.float32, .float64])))
    }
  }
}
