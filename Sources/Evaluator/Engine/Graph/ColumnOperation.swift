import TreeIR

/// An operation of the scoring graph, other than an ensemble and a statistic, that is run on
/// columns: what slots are there, are columns here, and constants too.
struct ColumnOperation: Sendable {
  enum Kind: Sendable {
    case arithmetic(Arithmetic.Operator, NumericProfile.Precision, left: Int, right: Int)
    case comparison(SplitCondition, left: Int, right: Int)
    /// Inputs are a range of ``ColumnLists/inputs``.
    case logic(Logic.Operator, inputs: Range<Int>)
    case aggregate(AggregateColumns)
    case link(Link.Function, inputs: Range<Int>)
    /// Inputs are a range of ``ColumnLists/inputs``; `largest` is a column for the largest so far.
    case argmax(inputs: Range<Int>, Argmax.NaNRule, largest: Int)
    case select(condition: Int, then: Int, otherwise: Int)
    /// The reason is one of ``ColumnLists/reasons``.
    case requirement(condition: Int, reason: Int)
    /// Terms are a range of ``ColumnLists/terms``.
    case linear(start: Double, terms: Range<Int>, NumericProfile.Precision)
    /// One of ``ColumnLists/rowwise``: run by the book, row after row.
    case rowwise(Int)
  }

  struct AggregateColumns: Sendable {
    var method: Aggregate.Method
    /// A range of ``ColumnLists/segments``.
    var segments: Range<Int>
    var precision: NumericProfile.Precision
    /// For the sum of the weights of a row's segments.
    var totalWeight: Int
    /// For whether a row has any segment; nil where each has.
    var hasSegment: Int?
  }

  var kind: Kind
  var outputs: Range<Int>
  /// Unless it holds 1 the results of a row are missing.
  var guardColumn: Int?
}

/// What operations have lists of, in one place: an operation is then copied without any count of
/// references.
struct ColumnLists: Sendable {
  struct Segment: Sendable {
    /// The first of as many columns as the aggregate has outputs.
    var firstValue: Int
    var predicate: Int?
    var weight: Double
  }

  struct Term: Sendable {
    var column: Int
    var coefficient: Double
  }

  /// An operation that is run on the slots of a row.
  struct Rowwise: Sendable {
    var operation: Operation
    /// What it reads and writes.
    var reads: [GraphPlan.SlotColumn]
    var writes: [GraphPlan.SlotColumn]
  }

  var inputs: [Int] = []
  var rowwise: [Rowwise] = []
  var segments: [Segment] = []
  var terms: [Term] = []
  var reasons: [String] = []

  /// The operation on columns; nil for ensembles and statistics, which are run in other ways.
  mutating func operation(
    _ operation: Operation, _ numbers: inout ColumnNumbers
  ) -> ColumnOperation? {
    if operation.isRowwise {
      func columns(_ slots: some Sequence<Int>) -> [GraphPlan.SlotColumn] {
        slots.map { GraphPlan.SlotColumn(slot: $0, column: numbers.column($0)) }
      }
      rowwise.append(
        Rowwise(
          operation: Operation(operation.kind),
          reads: columns(Set(operation.operands).sorted()), writes: columns(operation.results)))
      return ColumnOperation(
        kind: .rowwise(rowwise.count - 1), outputs: numbers.columns(operation.results),
        guardColumn: operation.guardSlot.map { numbers.column($0) })
    }
    guard let kind = kind(operation.kind, &numbers) else { return nil }
    return ColumnOperation(
      kind: kind, outputs: numbers.columns(operation.results),
      guardColumn: operation.guardSlot.map { numbers.column($0) })
  }

  private mutating func kind(
    _ kind: Operation.Kind, _ numbers: inout ColumnNumbers
  ) -> ColumnOperation.Kind? {
    switch kind {
    case .ensemble, .categoryStatistic, .computation, .vote, .consensus: nil
    case .arithmetic(let arithmetic):
      .arithmetic(
        arithmetic.op, arithmetic.precision, left: numbers.column(arithmetic.left),
        right: numbers.column(arithmetic.right))
    case .comparison(let comparison):
      .comparison(
        comparison.condition, left: numbers.column(comparison.left),
        right: numbers.column(comparison.right))
    case .logic(let logic): .logic(logic.op, inputs: add(logic.inputs, numbers))
    case .aggregate(let aggregate): .aggregate(columns(aggregate, &numbers))
    case .link(let link): .link(link.function, inputs: numbers.columns(link.inputs))
    case .argmax(let argmax):
      .argmax(
        inputs: add(argmax.inputs, numbers), argmax.nanRule, largest: numbers.addColumn())
    case .select(let select):
      .select(
        condition: numbers.column(select.condition), then: numbers.column(select.then),
        otherwise: numbers.column(select.otherwise))
    case .requirement(let requirement):
      .requirement(
        condition: numbers.column(requirement.condition), reason: add(requirement.reason))
    case .linear(let sum): .linear(start: sum.start, terms: add(sum, numbers), sum.precision)
    }
  }

  private mutating func add(_ slots: [Int], _ numbers: ColumnNumbers) -> Range<Int> {
    inputs += slots.map { numbers.column($0) }
    return inputs.count - slots.count..<inputs.count
  }

  private mutating func add(_ reason: String) -> Int {
    reasons.append(reason)
    return reasons.count - 1
  }

  private mutating func add(_ sum: LinearSum, _ numbers: ColumnNumbers) -> Range<Int> {
    terms += sum.terms.map { Term(column: numbers.column($0.slot), coefficient: $0.coefficient) }
    return terms.count - sum.terms.count..<terms.count
  }

  private mutating func columns(
    _ aggregate: Aggregate, _ numbers: inout ColumnNumbers
  ) -> ColumnOperation.AggregateColumns {
    segments += aggregate.segments.map { segment in
      Segment(
        firstValue: numbers.columns(segment.values).lowerBound,
        predicate: segment.predicate.map { numbers.column($0) }, weight: segment.weight)
    }
    let isAlwaysSome = aggregate.segments.contains { $0.predicate == nil }
    return ColumnOperation.AggregateColumns(
      method: aggregate.method,
      segments: segments.count - aggregate.segments.count..<segments.count,
      precision: aggregate.precision, totalWeight: numbers.addColumn(),
      hasSegment: isAlwaysSome ? nil : numbers.addColumn())
  }
}

extension Operation {
  /// Whether blocks run the operation row after row: what is rare, or does too much for a row to
  /// gain from columns.
  fileprivate var isRowwise: Bool {
    switch kind {
    case .computation, .vote, .consensus: true
    case .aggregate(let aggregate): aggregate.method != .sum && aggregate.method != .average
    default: false
    }
  }
}
