import TreeIR

/// The statistics that the trees of an ensemble read, where an engine can make them itself from
/// the input columns, because nothing else comes between.
struct StatisticSource: Sendable {
  let model: TreeModel
  /// By slot that trees read, the operation that makes it.
  let operations: [Int: Operation]
  /// Slots from here on are results of operations.
  var inputCount: Int { model.input.count }

  /// - Returns: nil where the trees read no statistics, where something else is between the inputs
  ///   and the trees, or reads statistics.
  init?(_ model: TreeModel, ensemble: Int, _ reads: SlotReads) {
    guard model.ensembles.count == 1, model.ensembles[ensemble].leaves.linear == nil else {
      return nil
    }
    let inputCount = model.input.count
    var statistics: [Int: Operation] = [:]
    var others = Set(model.outputs.flatMap(\.slots))
    for operation in model.operations {
      others.formUnion(operation.operands)
      // It may read scores where leaves are wanted, and these two may come from different engines.
      if case .requirement = operation.kind { return nil }
      guard case .categoryStatistic = operation.kind, operation.guardSlot == nil,
        operation.operands.allSatisfy({ $0 < inputCount })
      else { continue }
      statistics[operation.results.lowerBound] = operation
    }
    let results = reads.ensembles[ensemble].filter { $0 >= inputCount }
    guard !results.isEmpty, results.allSatisfy({ statistics[$0] != nil }),
      others.isDisjoint(with: statistics.keys)
    else { return nil }
    self.model = model
    operations = statistics.filter { results.contains($0.key) }
  }
}
