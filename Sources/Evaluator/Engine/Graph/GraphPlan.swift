import TreeIR

/// How the operations of one output are run on blocks of rows: one after the other, each on whole
/// columns.
struct GraphPlan: Sendable {
  enum Step: Sendable {
    case operation(ColumnOperation)
    /// One of ``GraphPlan/statistics``.
    case statistics(Int)
    case missingInputs(MissingInputs)
    case ensemble(EnsembleStep)
  }

  /// An ensemble, and what its trees read.
  struct Trees: Sendable {
    var ensemble: Int
    /// What trees read, one of ``GraphPlan/packings``; nil where that is input columns alone.
    var packing: Int?
  }

  /// An engine scores all rows.
  struct EnsembleStep: Sendable {
    var trees: Trees
    /// What may take their place.
    var shortcut: Trees?
    /// Where that gives the same.
    var shortcutColumn: Int?
    /// The columns of the raw scores.
    var outputs: Range<Int>
    /// The first of two columns that tell of the range of iterations.
    var range: Int?
    var guardColumn: Int?
    /// Whether anything but the leaves is wanted.
    var needsScores: Bool

    /// The columns of the scores and of what tells of the range.
    var results: Range<Int> {
      outputs.lowerBound..<outputs.upperBound + (range == nil ? 0 : 2)
    }
  }

  /// Whether any of some input columns is missing: found in the rows, without columns of them.
  struct MissingInputs: Sendable {
    /// Slots that follow one another.
    var runs: [Range<Int>]
    var output: Int

    /// Nil unless `operation` asks for nothing else, of inputs and in all rows.
    init?(_ operation: Operation, inputs: Int, _ numbers: ColumnNumbers) {
      guard let slots = Self.slots(operation, inputs: inputs) else { return nil }
      runs = []
      for slot in slots {
        if let last = runs.last, last.upperBound == slot {
          runs[runs.count - 1] = last.lowerBound..<slot + 1
        } else {
          runs.append(slot..<slot + 1)
        }
      }
      output = numbers.column(operation.results.lowerBound)
    }

    /// The slots that are looked at in rows, ascending; nil where the operation is another one.
    static func slots(_ operation: Operation, inputs: Int) -> [Int]? {
      guard case .logic(let logic) = operation.kind, logic.op == .isMissing,
        logic.inputs.count > 1, operation.guardSlot == nil,
        logic.inputs.allSatisfy({ $0 < inputs })
      else { return nil }
      return Set(logic.inputs).sorted()
    }
  }

  struct Constant: Sendable {
    var value: Double
    var column: Int
  }

  /// A column of a block, and the slot whose values it has.
  struct SlotColumn: Sendable {
    var slot: Int
    var column: Int
  }

  /// The rows of trees that also read results of operations: a number a slot, where the others
  /// are left out.
  struct Packing: Sendable {
    /// Slots of input columns.
    var inputs: [Int]
    var results: [SlotColumn]
  }

  let steps: [Step]
  let lists: ColumnLists
  let statistics: [StatisticPlan]
  let packings: [Packing]
  let columnCount: Int
  /// The input columns that operations read.
  let inputs: [SlotColumn]
  let constants: [Constant]
  /// The columns of the output.
  let outputs: [Int]
  /// Rows of a block.
  let blockRows: Int

  /// Rows of a block at most.
  static let mostRows = 2048
  /// Engines are fastest for so many rows.
  static let engineRows = 512
  /// The tables of so many statistics leave the second-level cache; then the more rows look a
  /// combination up in the same table, one after the other, the better.
  private static let manyStatistics = 64
  /// Columns should stay in the second-level cache where no engine wants whole blocks.
  private static let cachedElements = 1 << 16

  /// - Parameters:
  ///   - operations: Those that are run, in order.
  ///   - outputs: The slots that are wanted.
  init(
    _ operations: [Operation], outputs: [Int], of model: TreeModel, _ reads: SlotReads
  ) {
    var numbers = ColumnNumbers(of: Self.slots(operations, outputs, inputs: model.input.count))
    var builder = GraphBuilder(operations, outputs: outputs, of: model, reads)
    builder.build(&numbers)
    steps = builder.steps
    lists = builder.lists
    statistics = builder.statistics
    packings = builder.packings
    columnCount = numbers.count
    constants = numbers.constants
    inputs = numbers.slots.prefix { $0 < model.input.count }.map {
      SlotColumn(slot: $0, column: numbers.column($0))
    }
    self.outputs = outputs.map { numbers.column($0) }
    let hasEnsemble = operations.contains { $0.ensemble != nil }
    let fitting = Self.cachedElements / max(columnCount, 1) / 64 * 64
    if operations.count(where: \.isStatistic) >= Self.manyStatistics {
      blockRows = Self.mostRows
    } else {
      blockRows = hasEnsemble ? Self.engineRows : min(max(fitting, 64), Self.engineRows)
    }
  }

  /// The slots that need a column: all but those that only trees read.
  private static func slots(
    _ operations: [Operation], _ outputs: [Int], inputs: Int
  ) -> Set<Int> {
    var slots = Set(outputs)
    for operation in operations {
      slots.formUnion(operation.results)
      guard MissingInputs.slots(operation, inputs: inputs) == nil else { continue }
      slots.formUnion(operation.operands)
    }
    return slots
  }
}

/// Makes the steps of a ``GraphPlan``.
private struct GraphBuilder {
  private let model: TreeModel
  private let reads: SlotReads
  private let operations: [Operation]
  private let groups: StatisticGroups
  /// The slots that operations, trees and the output read.
  private var isRead: Set<Int>
  private(set) var steps: [GraphPlan.Step] = []
  private(set) var lists = ColumnLists()
  private(set) var statistics: [StatisticPlan] = []
  private(set) var packings: [GraphPlan.Packing] = []

  init(_ operations: [Operation], outputs: [Int], of model: TreeModel, _ reads: SlotReads) {
    (self.model, self.reads, self.operations) = (model, reads, operations)
    groups = StatisticGroups(operations)
    isRead = Set(outputs)
    for operation in operations { isRead.formUnion(reads.slots(of: operation)) }
  }

  mutating func build(_ numbers: inout ColumnNumbers) {
    for place in operations.indices {
      if case .ensemble(let score) = operations[place].kind {
        add(score, operations[place], numbers)
      } else if let missing = GraphPlan.MissingInputs(
        operations[place], inputs: model.input.count, numbers)
      {
        steps.append(.missingInputs(missing))
      } else if let operation = lists.operation(operations[place], &numbers) {
        steps.append(.operation(operation))
      } else {
        addStatistics(groups.members(from: place), numbers)
      }
    }
  }

  private mutating func addStatistics(_ places: [Int], _ numbers: ColumnNumbers) {
    // Most statistics are part of an earlier step.
    guard !places.isEmpty else { return }
    steps.append(.statistics(statistics.count))
    statistics.append(
      StatisticPlan(places.map { operations[$0] }, of: model) { numbers.column($0) })
  }

  private mutating func add(
    _ score: EnsembleScore, _ operation: Operation, _ numbers: ColumnNumbers
  ) {
    let outputs = numbers.columns(score.outputs)
    steps.append(
      .ensemble(
        GraphPlan.EnsembleStep(
          trees: trees(score.ensemble, numbers),
          shortcut: score.shortcut.map { trees($0.ensemble, numbers) },
          shortcutColumn: score.shortcut.map { numbers.column($0.condition) }, outputs: outputs,
          range: score.reportsRange ? outputs.upperBound : nil,
          guardColumn: operation.guardSlot.map { numbers.column($0) },
          needsScores: operation.results.contains(where: isRead.contains))))
  }

  private mutating func trees(_ ensemble: Int, _ numbers: ColumnNumbers) -> GraphPlan.Trees {
    let slots = reads.ensembles[ensemble]
    let results = slots.filter { $0 >= model.input.count }
    guard !results.isEmpty else { return GraphPlan.Trees(ensemble: ensemble, packing: nil) }
    packings.append(
      GraphPlan.Packing(
        inputs: slots.filter { $0 < model.input.count },
        results: results.map { GraphPlan.SlotColumn(slot: $0, column: numbers.column($0)) }))
    return GraphPlan.Trees(ensemble: ensemble, packing: packings.count - 1)
  }
}

/// Which statistics are made together: each as early as all that it reads is there, because the
/// more are made at once, the more they share.
private struct StatisticGroups {
  /// By position of a group's first operation, those of all its members.
  private var groups: [Int: [Int]] = [:]

  init(_ operations: [Operation]) {
    // Of each group so far, ascending, the first slot that is not there yet, and its first
    // operation.
    var starts: [(slot: Int, place: Int)] = []
    for (place, operation) in operations.enumerated() {
      guard case .categoryStatistic = operation.kind else { continue }
      let last = operation.operands.max() ?? -1
      var (low, high) = (0, starts.count)
      while low < high {
        let middle = (low + high) / 2
        if starts[middle].slot > last { high = middle } else { low = middle + 1 }
      }
      if low == starts.count { starts.append((operation.results.lowerBound, place)) }
      groups[starts[low].place, default: []].append(place)
    }
  }

  /// The members of the group that begins with the operation at `place`; none if none does.
  func members(from place: Int) -> [Int] { groups[place] ?? [] }
}

extension Operation {
  /// Whether the operation is a statistic of categories.
  fileprivate var isStatistic: Bool {
    if case .categoryStatistic = kind { true } else { false }
  }
}
