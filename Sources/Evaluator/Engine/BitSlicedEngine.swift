import KernelViews
import TreeIR

extension EngineName {
  /// Blocks of 64 to 512 rows, a bit a row.
  public static let bitSliced = EngineName(rawValue: "bitslice")
}

/// Scores rows in blocks, a bit a row: predicates are planes of bits, and a tree is a straight
/// program of multiplexers over them that yields, for all rows of the block at once, the bits of
/// a code for the leaf that is reached.
final class BitSlicedEngine: EnsembleEngine {
  static var name: EngineName { .bitSliced }

  /// Rows of a block.
  static let widths = [64, 128, 256, 512]

  private let plans: [BlockPlan]
  private let kernels: BlockKernels
  private let costs: BlockCosts
  private let scorer: EnsembleScorer
  let makesStatistics: Bool
  /// Values of a row that is scored, at least.
  let rowWidth: Int
  /// By number of rows less 1, the place in ``widths`` of the width for them.
  private let places: [Int]

  static func make(
    _ ensemble: Ensemble, _ context: EngineContext
  ) throws(EngineRefusal) -> any EnsembleEngine {
    try BitSlicedEngine(ensemble, context)
  }

  private init(_ ensemble: Ensemble, _ context: EngineContext) throws(EngineRefusal) {
    kernels = BlockKernels(instructionSet: context.instructionSet)
    scorer = EnsembleScorer(ensemble)
    let registerBits = BlockCosts.registerBits(
      context.instructionSet, sumsAreFloat: ensemble.profile.accumulator == .float32)
    plans = try BlockPlan.make(
      ensemble, context, codeBits: CodeBits(ensemble, registerBits: registerBits))
    makesStatistics = !plans.isEmpty && plans.allSatisfy { $0.statistics != nil }
    rowWidth = makesStatistics ? 0 : context.rowWidth
    let costs = BlockCosts(plans, ensemble, context.instructionSet)
    self.costs = costs
    places = (1...512).map { rows in
      if let width = context.blockWidth { return Self.widths.firstIndex(of: width) ?? 0 }
      return Self.widths.indices.min {
        costs.cost(rows, widthAt: $0) < costs.cost(rows, widthAt: $1)
      } ?? 0
    }
  }

  var byteCount: Int { plans.reduce(0) { $0 + $1.byteCount } }

  var findsLeaves: Bool { true }

  func cost(rows: Int) -> Double {
    let rest = rows % 512
    let whole = Double(rows / 512) * costs.cost(512, widthAt: places[511])
    let last = rest == 0 ? 0 : costs.cost(rest, widthAt: places[rest - 1])
    return BlockCosts.call + whole + last
  }

  func method(rows: Int) -> String { "\(width(for: rows)) rows a block" }

  private func width(for rows: Int) -> Int {
    Self.widths[places[min(rows, places.count) - 1]]
  }

  func score(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into scores: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {
    var first = 0
    while first < rows.count {
      let width = width(for: rows.count - first)
      let count = min(width, rows.count - first)
      let memory = BlockMemory(plans, outputs: scorer.ensemble.outputCount, width, &scratch)
      let block = rows.rows(first..<first + count)
      startSums(memory)
      for plan in plans {
        let range = plan.trees.clamped(to: trees)
        guard !range.isEmpty else { continue }
        preparePlanes(plan, block, memory)
        if scorer.ensemble.leaves.linear == nil {
          let numbers =
            range.lowerBound - plan.trees.lowerBound..<range.upperBound - plan.trees.lowerBound
          kernels.addTrees(plan.programView, numbers, count, width, memory.view)
        } else {
          for tree in range {
            putCodes(tree, isFirst: tree == range.lowerBound, plan, memory)
            addLinearTree(tree, plan, block, memory)
          }
        }
      }
      copySums(memory, count, &scores, places.rows(from: first))
      first += count
    }
  }

  func findLeaves(
    _ rows: borrowing RowMatrix, trees: Range<Int>, into leaves: inout MutableSpan<Double>,
    _ places: ScorePlaces, _ scratch: inout EngineScratch
  ) {
    var first = 0
    while first < rows.count {
      let width = width(for: rows.count - first)
      let count = min(width, rows.count - first)
      let memory = BlockMemory(plans, outputs: scorer.ensemble.outputCount, width, &scratch)
      let block = rows.rows(first..<first + count)
      let places = places.rows(from: first)
      for plan in plans {
        let range = plan.trees.clamped(to: trees)
        guard !range.isEmpty else { continue }
        preparePlanes(plan, block, memory)
        for tree in range {
          putCodes(tree, isFirst: tree == range.lowerBound, plan, memory)
          for row in 0..<count {
            let leaf = plan.leaf(ofTree: tree, code: memory.code(row))
            leaves[places.first + row * places.stride + tree - trees.lowerBound] = Double(leaf)
          }
        }
      }
      first += count
    }
  }

  /// Times the steps for whole blocks of `rows`.
  func time(
    _ rows: borrowing RowMatrix, _ scratch: inout EngineScratch, _ clock: () -> Double
  ) -> PhaseTimes {
    var times = PhaseTimes()
    let width = 512
    let memory = BlockMemory(plans, outputs: scorer.ensemble.outputCount, width, &scratch)
    for first in stride(from: 0, through: rows.count - width, by: width) {
      startSums(memory)
      for plan in plans {
        rows.rows(first..<first + width).withBase { base in
          let view = RowsView(base: base, stride: rows.stride, count: width)
          let start = clock()
          putRanks(plan, view, memory)
          let quantised = clock()
          kernels.makePlanes(plan.planeView, plan.classes.view, view, width, memory.view)
          let planes = clock()
          for tree in 0..<plan.trees.count {
            kernels.putCodes(plan.programView, tree, isFirst: tree == 0, width, memory.view)
          }
          let codes = clock()
          kernels.addTrees(plan.programView, 0..<plan.trees.count, width, width, memory.view)
          let sums = clock()
          times.quantise += quantised - start
          times.planes += planes - quantised
          times.codes += codes - planes
          times.sums += sums - codes
        }
      }
    }
    return times
  }

  private func preparePlanes(
    _ plan: BlockPlan, _ rows: borrowing RowMatrix, _ memory: BlockMemory
  ) {
    rows.withBase { base in
      let view = RowsView(base: base, stride: rows.stride, count: rows.count)
      putRanks(plan, view, memory)
      kernels.makePlanes(
        plan.planeView, plan.classes.view, view, memory.width, memory.view)
    }
  }

  private func putRanks(_ plan: BlockPlan, _ rows: RowsView, _ memory: BlockMemory) {
    guard makesStatistics, let statistics = plan.statistics else {
      kernels.quantise(plan.quantiser.view, rows, memory.width, memory.view)
      return
    }
    kernels.quantise(statistics.quantiser.view, rows, memory.width, memory.view)
    let parts = statistics.scratch(memory.statistics, rows: memory.width)
    kernels.putStatistics(statistics.view, rows, memory.width, parts, memory.view.ranks)
  }

  private func putCodes(
    _ tree: Int, isFirst: Bool, _ plan: BlockPlan, _ memory: BlockMemory
  ) {
    let number = tree - plan.trees.lowerBound
    kernels.putCodes(plan.programView, number, isFirst: isFirst, memory.width, memory.view)
    if plan.codeBits(ofTree: tree) <= 8 { memory.clearHighCodes() }
  }

  private func startSums(_ memory: BlockMemory) {
    for (output, score) in scorer.ensemble.baseScores.enumerated() {
      if scorer.ensemble.profile.accumulator == .float32 {
        memory.fillFloats(output, Float(score))
      } else {
        memory.fillDoubles(output, score)
      }
    }
  }

  private func copySums(
    _ memory: BlockMemory, _ count: Int, _ scores: inout MutableSpan<Double>,
    _ places: ScorePlaces
  ) {
    for output in 0..<scorer.ensemble.outputCount {
      var place = places.first + output
      for row in 0..<count {
        scores[place] =
          scorer.ensemble.profile.accumulator == .float32
          ? Double(memory.float(output, row)) : memory.double(output, row)
        place += places.stride
      }
    }
  }

  /// Adds the linear models of the leaves that rows reach, by their codes, by the book.
  private func addLinearTree(
    _ tree: Int, _ plan: BlockPlan, _ rows: borrowing RowMatrix, _ memory: BlockMemory
  ) {
    let output = Int(scorer.ensemble.trees.outputs[tree])
    for row in 0..<rows.count {
      let leaf = plan.leaf(ofTree: tree, code: memory.code(row))
      let value = scorer.value(of: leaf, 0, of: tree) { rows[row, $0] }
      if scorer.ensemble.profile.accumulator == .float32 {
        memory.setFloat(output, row, memory.float(output, row) + Float(value))
      } else {
        memory.setDouble(output, row, memory.double(output, row) + value)
      }
    }
  }
}
