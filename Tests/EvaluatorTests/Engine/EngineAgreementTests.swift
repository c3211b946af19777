import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// Every engine gives the same bits as scoring by the book, in every instruction set that this
/// processor has: on random models of every kind, for rows of the values where mistakes hide.
@Suite struct EngineAgreementTests {
  // MARK: What is tested

  @Test(.enabled(if: InstructionSet.available.contains(.avx2), "not on this processor"))
  func `AVX2 is tested`() {}

  @Test(.enabled(if: InstructionSet.available.contains(.avx512), "not on this processor"))
  func `AVX-512 is tested`() {}

  @Test(arguments: EngineName.all)
  func `Every engine scores models of its kind`(_ engine: EngineName) throws {
    let models = [
      try RandomModels.ordinary(), try RandomModels.ordinary(shape: .oblivious),
    ]
    let options = EngineOptions(engine: engine, preparation: .immediate)
    #expect(models.contains { Predictor($0, engines: options).uses(engine) })
  }

  // MARK: One ensemble

  @Test(arguments: 0..<60)
  func `Binary trees`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let columnCount = random.pick([1, 2, 3, 7, 8, 9, 12, 20, 40])
    let model = try RandomModels.forest(columnCount: columnCount, &random) {
      $0.shape = [.random, .random, .balanced, .chain][Int(seed % 4)]
    }
    try EngineCheck(model, &random).run(&random)
  }

  @Test(arguments: 0..<28)
  func `Oblivious trees`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 1000 + seed)
    let columnCount = random.pick([1, 2, 7, 8, 9, 25])
    let model = try RandomModels.forest(columnCount: columnCount, &random) {
      $0.shape = .oblivious
      $0.levelCounts = seed % 4 == 0 ? Array(7...10) : Array(0...6)
    }
    try EngineCheck(model, &random).run(&random)
  }

  @Test(arguments: 0..<6)
  func `All sizes of batches`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 2000 + seed)
    let model = try RandomModels.forest(columnCount: seed % 2 == 0 ? 5 : 11, &random) {
      $0.shape = seed % 3 == 0 ? .oblivious : .random
    }
    try EngineCheck(model, &random).run(batches: nil, &random)
  }

  @Test(arguments: 0..<60)
  func `Statistics of categories`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 2500 + seed)
    let model = try RandomModels.categorical(
      columnCount: random.pick([1, 2, 7, 8, 9, 20]), isOrdinary: seed % 3 != 0, &random)
    if seed % 3 != 0 {
      let engines = Predictor(model, engines: EngineOptions(preparation: .immediate)).enginePlan
      #expect(engines.ensembles[0].makesStatistics(rows: 512, leaves: false))
    }
    try EngineCheck(model, &random).run(&random)
  }

  @Test(arguments: 0..<28)
  func `Tests of categories`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 3000 + seed)
    let (columnCount, setCount) = (random.int(1...9), random.int(1...100))
    let model = try RandomModels.forest(columnCount: columnCount, &random) {
      $0.conditions = [.inCategorySet, .notInCategorySet, .lessOrEqual]
      if seed % 2 == 0 { $0.conditions = [.inCategorySet] }
      $0.setSizes = seed % 4 == 0 ? [0, 1, 300] : (0..<setCount).map { $0 % 4 }
      if seed % 3 == 0 { $0.profile = .xgBoost }
    }
    try EngineCheck(model, &random).run(&random)
  }

  @Test(arguments: 0..<16)
  func `Tests for equality`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 4000 + seed)
    let columnCount = random.int(1...9)
    let many = [(slot: 0, numbers: HardNumbers.list(300, .integers, &random))]
    let model = try RandomModels.forest(columnCount: columnCount, &random) {
      $0.conditions = [.equal, .notEqual, .lessOrEqual]
      $0.shape = seed % 2 == 0 ? .random : .oblivious
      if seed % 4 == 0 { $0.thresholds = many }
    }
    try EngineCheck(model, &random).run(&random)
  }

  @Test(arguments: HardNumbers.Spread.allCases, [255, 600])
  func `Many thresholds on a feature`(_ spread: HardNumbers.Spread, count: Int) throws {
    var random = SeededGenerator(seed: 5000 + UInt64(count))
    let thresholds = [(slot: 1, numbers: HardNumbers.list(count, spread, &random))]
    let model = try RandomModels.forest(columnCount: 2, &random) {
      $0.thresholds = thresholds
      $0.conditions = [.lessOrEqual, .less, .greater]
      $0.missingRules = [.left, .right, .leftWithZero]
      $0.leafCounts = [31]
      $0.treeCount = max(count / 15, 20)
      $0.outputCount = 1
      $0.leaves = .single
    }
    try EngineCheck(model, rowCount: 513, outputs: [.raw], &random).run(batches: 2, &random)
  }

  @Test(arguments: [HardNumbers.Spread.uniform, .logarithmic])
  func `Thousands of thresholds on a feature`(_ spread: HardNumbers.Spread) throws {
    try `Many thresholds on a feature`(spread, count: 3000)
  }

  @Test(arguments: 0..<4)
  func `Many columns`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 6000 + seed)
    let columnCount = random.int(1000...1600)
    let model = try RandomModels.forest(columnCount: columnCount, &random) {
      $0.shape = seed % 2 == 0 ? .random : .oblivious
      $0.treeCount = 60
    }
    try EngineCheck(model, rowCount: 300, &random).run(batches: 2, &random)
  }

  @Test(arguments: [255, 256, 257, 1000, 4096], [RandomForest.Shape.random, .balanced])
  func `Large trees`(leafCount: Int, _ shape: RandomForest.Shape) throws {
    var random = SeededGenerator(seed: UInt64(leafCount))
    let model = try RandomModels.forest(columnCount: 9, &random) {
      $0.shape = shape
      $0.leafCounts = [leafCount, 1, 3]
      $0.treeCount = 4
    }
    try EngineCheck(model, &random).run(&random)
  }

  @Test(arguments: [63, 64, 65, 300])
  func `Chains`(leafCount: Int) throws {
    var random = SeededGenerator(seed: UInt64(leafCount))
    let model = try RandomModels.forest(columnCount: 3, &random) {
      $0.shape = .chain
      $0.leafCounts = [leafCount]
      $0.treeCount = 5
    }
    try EngineCheck(model, &random).run(&random)
  }

  @Test(arguments: RandomForest.Shape.allCases)
  func `Trees of one leaf`(_ shape: RandomForest.Shape) throws {
    for columnCount in [0, 1, 9] {
      for leaves in RandomForest.Leaves.allCases {
        var random = SeededGenerator(seed: 7)
        let model = try RandomModels.forest(columnCount: columnCount, &random) {
          $0.shape = shape
          $0.leafCounts = [1]
          $0.levelCounts = [0]
          $0.leaves = leaves
        }
        try EngineCheck(model, &random).run(batches: 2, &random)
      }
    }
  }

  @Test func `No trees at all`() throws {
    for columnCount in [0, 3, 12] {
      var random = SeededGenerator(seed: 8)
      let model = try RandomModels.forest(columnCount: columnCount, &random) { $0.treeCount = 0 }
      try EngineCheck(model, &random).run(batches: 2, &random)
    }
  }

  @Test(arguments: 0..<20)
  func `Ranges of iterations`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 9000 + seed)
    let (columnCount, treeCount) = (random.int(1...10), random.int(1...30))
    let model = try RandomModels.forest(columnCount: columnCount, &random) {
      $0.shape = seed % 3 == 0 ? .oblivious : .random
      $0.treeCount = treeCount
    }
    for _ in 0..<3 {
      let options = PredictionOptions(
        startIteration: random.int(0...12), iterationCount: random.int(0...12))
      try EngineCheck(model, rowCount: 300, options: options, &random).run(batches: 2, &random)
    }
  }

  // MARK: Several ensembles

  @Test(arguments: 0..<50)
  func `Graphs of ensembles and other operations`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 10_000 + seed)
    let model = try RandomModels.graph(&random)
    let check = try EngineCheck(
      model, outputs: [.raw, .prediction, .probability, .leaf], &random)
    try check.run(batches: 2, &random)
  }

  @Test(arguments: 0..<20)
  func `Trees among statistics of categories`(seed: UInt64) throws {
    var random = SeededGenerator(seed: 12_000 + seed)
    let model = try RandomModels.statistics(&random)
    let check = try EngineCheck(
      model, outputs: [.raw, .prediction, .probability, .leaf], &random)
    try check.run(batches: 2, &random)
  }

  @Test func `Models made by hand`() throws {
    for (_, model) in try SampleModels.all() {
      var random = SeededGenerator(seed: 11)
      let outputs = PredictionOutput.allCases.filter { output in
        (try? Predictor.reference(model).columnCount(of: output)) != nil
      }
      try EngineCheck(model, outputs: outputs, &random).run(batches: nil, &random)
    }
  }
}
