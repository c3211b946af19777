import KernelViews
import TreeIR

/// Statistics of categories as the block engine takes them: their byte columns are looked up, so
/// that no statistic is ever computed for a row and compared with thresholds.
final class StatisticRanks: Sendable {
  /// The byte columns of the inputs.
  let quantiser: QuantiserPlan
  /// Combinations with a code, and others; lookups.
  let codedCount: Int
  let hashedCount: Int
  let targetCount: Int
  /// Whether rows with numbers for the statistics can be had.
  let givesNumbers: Bool
  private let columnCount: Int
  let byteCount: Int
  /// Has the hashes that are looked up.
  private let plan: StatisticPlan
  private let inputs: AlignedBuffer<Int32>
  private let tests: AlignedBuffer<StatisticTest>
  private let codeColumns: AlignedBuffer<CategoryCodeColumn>
  private let entries: AlignedBuffer<UInt64>
  private let hashedInputs: AlignedBuffer<Int32>
  private let combinations: AlignedBuffer<StatisticCombination>
  private let categoryList: AlignedBuffer<Int32>
  private let testList: AlignedBuffer<Int32>
  private let lookups: AlignedBuffer<StatisticLookup>
  private let targets: AlignedBuffer<StatisticTarget>
  private let ranks: AlignedBuffer<UInt8>
  /// What stands for the statistics of a rank.
  private let standIns: AlignedBuffer<StandIn>
  private let standInValues: AlignedBuffer<Double>

  /// A byte column, and numbers that trees cannot tell from the statistics with its ranks.
  private struct StandIn: BitwiseCopyable {
    var slot: Int
    var column: Int
    /// One a rank.
    var firstValue: Int
  }

  /// - Parameters:
  ///   - predicates: What trees ask.
  ///   - limit: Bytes that the tables may take.
  /// - Returns: nil where trees ask more of a statistic than its rank, or tables are too large.
  init?(_ source: StatisticSource, _ predicates: PredicatePlan, limit: Int) {
    let columns = predicates.thresholdColumns
    let firstStatistic = columns.firstIndex { $0.slot >= source.inputCount } ?? columns.count
    guard !columns[firstStatistic...].contains(where: \.asksForMissing),
      predicates.classColumns.allSatisfy({ Int($0.column.input) < source.inputCount })
    else { return nil }
    let slots = Set(columns[firstStatistic...].map(\.slot)).sorted()
    plan = StatisticPlan(
      slots.compactMap { source.operations[$0] }, of: source.model, column: { $0 })
    guard let builder = StatisticRanksBuilder(plan, columns, from: firstStatistic, limit: limit)
    else { return nil }
    quantiser = QuantiserPlan(
      columns[..<firstStatistic], rowWidth: max(source.inputCount, QuantiserPlan.lanes))
    codedCount = builder.combinations.count { $0.codes >= 0 }
    hashedCount = builder.combinations.count - codedCount
    targetCount = builder.targets.count
    byteCount = builder.byteCount
    inputs = AlignedBuffer(builder.inputs, filler: 0)
    tests = AlignedBuffer(
      builder.tests, filler: StatisticTest(kind: .equal, input: 0, border: 0, operand: 0))
    codeColumns = AlignedBuffer(
      builder.codeColumns, filler: CategoryCodeColumn(input: 0, bits: 0, firstEntry: 0))
    entries = AlignedBuffer(builder.entries, filler: 0)
    hashedInputs = AlignedBuffer(builder.hashedInputs, filler: 0)
    combinations = AlignedBuffer(builder.combinations, filler: StatisticCombination(codes: -1))
    categoryList = AlignedBuffer(builder.categoryList, filler: 0)
    testList = AlignedBuffer(builder.testList, filler: 0)
    let noLookup = StatisticLookup(keys: entries.base, bits: 0, firstTarget: 0, endTarget: 0)
    lookups = AlignedBuffer(builder.lookups, filler: noLookup)
    targets = AlignedBuffer(builder.targets, filler: StatisticTarget(firstRank: 0, column: 0))
    ranks = AlignedBuffer(builder.ranks, filler: 0)
    var standIns: [StandIn] = []
    var values: [Double] = []
    for number in firstStatistic..<columns.count {
      standIns.append(
        StandIn(slot: columns[number].slot, column: number, firstValue: values.count))
      values += columns[number].thresholds + [.infinity]
    }
    // One number cannot stand for two ranks.
    let isOneEach = standIns.count == slots.count
    self.standIns = AlignedBuffer(
      isOneEach ? standIns : [], filler: StandIn(slot: 0, column: 0, firstValue: 0))
    standInValues = AlignedBuffer(values, filler: 0)
    givesNumbers = isOneEach
    columnCount = columns.count
  }

  /// What kernels see; valid as long as this lives.
  var view: StatisticView {
    StatisticView(
      inputs: inputs.base, inputCount: inputs.count, tests: tests.base, testCount: tests.count,
      codeColumns: codeColumns.base, codeColumnCount: codeColumns.count, entries: entries.base,
      hashedInputs: hashedInputs.base, hashedCount: hashedInputs.count,
      combinations: combinations.base, combinationCount: combinations.count,
      categoryList: categoryList.base, testList: testList.base, lookups: lookups.base,
      targets: targets.base, ranks: ranks.base)
  }

  /// Writes numbers for the statistics of `rows` into rows of `width` numbers at `packed`: not the
  /// statistics, but numbers for which trees decide as for them.
  ///
  /// - Precondition: ``givesNumbers``.
  func putNumbers(
    _ rows: RowsView, _ kernels: BlockKernels, to packed: UnsafeMutablePointer<Double>,
    width: Int, _ scratch: inout EngineScratch
  ) {
    // So that all parts are aligned.
    let rowCapacity = (rows.count + 7) / 8 * 8
    let rankBytes = columnCount * rowCapacity
    let memory = scratch.memory(
      byteCount: rankBytes + scratchByteCount(rows: rowCapacity))
    let ranks = memory.base.assumingMemoryBound(to: UInt8.self)
    kernels.putStatistics(
      view, rows, rowCapacity, self.scratch(memory.base + rankBytes, rows: rowCapacity), ranks)
    for number in 0..<standIns.count {
      let standIn = standIns.base[number]
      let values = standInValues.base + standIn.firstValue
      let columnRanks = ranks + standIn.column * rowCapacity
      for row in 0..<rows.count {
        packed[row * width + standIn.slot] = values[Int(columnRanks[row])]
      }
    }
    withExtendedLifetime(memory) {}
  }

  /// What the memory for statistics of so many rows takes.
  func scratchByteCount(rows: Int) -> Int {
    let words = inputs.count + hashedInputs.count + 1
    return rows * (8 * words + 4 * (codeColumns.count + 1) + tests.count)
  }

  /// The parts of memory that begins at `base` and has ``scratchByteCount(rows:)`` bytes, all
  /// initialised.
  func scratch(_ base: UnsafeMutableRawPointer, rows: Int) -> StatisticScratch {
    // Those of large elements first, so that all are aligned.
    let inputPart = base.assumingMemoryBound(to: Double.self)
    let hashes = UnsafeMutableRawPointer(inputPart + inputs.count * rows)
      .assumingMemoryBound(to: UInt64.self)
    let keys = hashes + hashedInputs.count * rows
    let codes = UnsafeMutableRawPointer(keys + rows).assumingMemoryBound(to: UInt32.self)
    let numbers = codes + codeColumns.count * rows
    let bits = UnsafeMutableRawPointer(numbers + rows).assumingMemoryBound(to: UInt8.self)
    return StatisticScratch(
      inputs: inputPart, hashes: hashes, keys: keys, codes: codes, numbers: numbers, bits: bits)
  }
}
