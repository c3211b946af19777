import KernelViews
import TreeIR

/// Consecutive trees of an ensemble as the bit-sliced engine scores them: a quantiser, planes and
/// a program. An ensemble of more tests than the planes of a block should hold has several.
final class BlockPlan: Sendable {
  let trees: Range<Int>
  let quantiser: QuantiserPlan
  /// What makes the byte columns from rows of input columns; nil where that cannot be, or where
  /// trees read input columns only.
  let statistics: StatisticRanks?
  let classes: ClassPlan
  let planeCount: Int
  let operationCount: Int
  let sumsAreFloat: Bool
  /// By code of a tree, its leaf in the ensemble's leaf table.
  let leafOfCode: [UInt32]
  /// By tree, the first of its codes there.
  let firstLeafCode: [Int]

  private let planeColumns: AlignedBuffer<PlaneColumn>
  private let sources: AlignedBuffer<UInt8>
  private let blockTrees: AlignedBuffer<BlockTree>
  private let operations: AlignedBuffer<PlaneOperation>
  private let codePlanes: AlignedBuffer<UInt16>
  private let doubles: AlignedBuffer<Double>
  private let floats: AlignedBuffer<Float>
  private let leafWidth: Int

  /// Tests of the trees that one plan should not exceed: their planes fit the second-level cache.
  static let softTestLimit = 16_000
  /// Trees that share the work of making planes, before the limit counts.
  private static let fewestTrees = 64

  /// Divides the trees of `ensemble` into plans.
  ///
  /// - Parameters:
  ///   - codeBits: By number of leaves, the bits of a tree's code.
  static func make(
    _ ensemble: Ensemble, _ context: EngineContext, codeBits: CodeBits
  ) throws(EngineRefusal) -> [BlockPlan] {
    if case .success(let analysis) = context.analysis,
      analysis.tests.tests.count <= softTestLimit
    {
      let plan = try BlockPlan(
        ensemble, 0..<ensemble.treeCount, analysis.tests, analysis.predicates,
        analysis.quantiser, context.statisticRanks, codeBits)
      try context.check(byteCount: plan.byteCount)
      return [plan]
    }
    var plans: [BlockPlan] = []
    var bytes = 0
    var first = 0
    repeat {
      var tests = DistinctTests()
      var end = first
      while end < ensemble.treeCount {
        let (testCount, splitCount) = (tests.tests.count, tests.testOfSplit.count)
        guard tests.add(ensemble.trees.splits(of: end), of: ensemble) else {
          throw EngineRefusal("splits of unknown kinds")
        }
        if tests.tests.count > softTestLimit,
          end - first >= fewestTrees
            || end > first
              && tests.tests.count > 3 * softTestLimit
        {
          tests.truncate(testCount: testCount, splitCount: splitCount)
          break
        }
        end += 1
      }
      let predicates = try PredicatePlan.make(tests.tests, of: ensemble).get()
      let statistics = context.statistics.flatMap {
        StatisticRanks($0, predicates, limit: context.tableMemoryLimit)
      }
      let plan = try BlockPlan(
        ensemble, first..<end, tests, predicates,
        QuantiserPlan(predicates.thresholdColumns, rowWidth: context.rowWidth), statistics,
        codeBits)
      bytes += plan.byteCount
      try context.check(byteCount: bytes)
      plans.append(plan)
      first = end
    } while first < ensemble.treeCount
    return plans
  }

  private init(
    _ ensemble: Ensemble, _ range: Range<Int>, _ tests: DistinctTests,
    _ predicates: PredicatePlan, _ quantiser: QuantiserPlan,
    _ statistics: StatisticRanks?, _ codeBits: CodeBits
  ) throws(EngineRefusal) {
    let layout = PlaneLayout(predicates)
    guard layout.predicateEnd < TreeProgramBuilder.planeLimit else {
      throw EngineRefusal("trees of more than \(TreeProgramBuilder.planeLimit) different tests")
    }
    let firstSplit = range.isEmpty ? 0 : ensemble.trees.splits(of: range.lowerBound).lowerBound
    var builder = TreeProgramBuilder(
      ensemble, layout, predicates.predicates, testOfSplit: tests.testOfSplit,
      firstSplit: firstSplit, codeBits: codeBits)
    for tree in range { try builder.add(tree) }
    builder.finish()
    trees = range
    self.quantiser = quantiser
    self.statistics = statistics
    classes = ClassPlan(predicates, firstPlane: layout.firstClassPlane)
    planeCount = layout.predicateEnd + builder.temporaryCount
    operationCount = builder.operations.count
    planeColumns = AlignedBuffer(
      layout.columns, filler: PlaneColumn(column: 0, first: 0, count: 0))
    sources = AlignedBuffer(layout.sources, filler: 0)
    let noTree = BlockTree(
      firstOperation: 0, endOperation: 0, startsProgram: true, firstCodePlane: 0, codeBits: 0,
      firstValue: 0, output: 0)
    blockTrees = AlignedBuffer(builder.trees, filler: noTree)
    let noOperation = PlaneOperation(predicate: 0, onFalse: 0, onTrue: 0, destination: 0)
    operations = AlignedBuffer(builder.operations, filler: noOperation)
    codePlanes = AlignedBuffer(builder.codePlanes, filler: 0)
    sumsAreFloat = ensemble.profile.accumulator == .float32
    // Kernels load whole small tables, also where a table is smaller.
    let values = sumsAreFloat ? [] : builder.values
    doubles = AlignedBuffer(values, padding: 64, filler: 0)
    let floatValues = sumsAreFloat ? builder.values.map { Float($0) } : []
    floats = AlignedBuffer(floatValues, padding: 64, filler: 0)
    leafWidth = ensemble.leaves.width
    leafOfCode = builder.leafOfCode
    firstLeafCode = builder.firstLeafCode
  }

  var planeView: PlaneView {
    PlaneView(columns: planeColumns.base, count: planeColumns.count, sources: sources.base)
  }

  var programView: ProgramView {
    ProgramView(
      trees: blockTrees.base, operations: operations.base, codePlanes: codePlanes.base,
      doubles: doubles.base, floats: floats.base, sumsAreFloat: sumsAreFloat,
      leafWidth: leafWidth)
  }

  var columnCount: Int { quantiser.columnCount }

  /// What the plan keeps in memory.
  var byteCount: Int {
    quantiser.byteCount + classes.byteCount + planeColumns.byteCount + sources.byteCount
      + blockTrees.byteCount + operations.byteCount + codePlanes.byteCount + doubles.byteCount
      + floats.byteCount + (statistics?.byteCount ?? 0) + leafOfCode.count * 4 + firstLeafCode.count
      * 8
  }

  /// What one tree's code of `bits` bits says about its leaf.
  func leaf(ofTree tree: Int, code: Int) -> Int {
    Int(leafOfCode[firstLeafCode[tree - trees.lowerBound] + code])
  }

  func codeBits(ofTree tree: Int) -> Int {
    Int(blockTrees.base[tree - trees.lowerBound].codeBits)
  }
}
