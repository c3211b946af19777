extension Operation {
  /// The slots that the operation itself names as its operands, its guard among them; an
  /// ensemble's splits name others.
  package var operands: [Int] {
    let slots: [Int] =
      switch kind {
      case .ensemble(let score): [score.shortcut?.condition].compactMap { $0 }
      case .categoryStatistic(let statistic):
        statistic.categories + statistic.floatSplits.map(\.slot)
          + statistic.categoryTests.map(\.slot)
      case .arithmetic(let arithmetic): arithmetic.left.slots + arithmetic.right.slots
      case .comparison(let comparison): comparison.left.slots + comparison.right.slots
      case .logic(let logic): logic.inputs
      case .aggregate(let aggregate):
        aggregate.segments.flatMap { Array($0.values) + [$0.predicate].compactMap { $0 } }
      case .link(let link): Array(link.inputs)
      case .argmax(let argmax): argmax.inputs
      case .select(let select):
        [select.condition] + select.then.slots + select.otherwise.slots
      case .requirement(let requirement): [requirement.condition]
      case .linear(let sum): sum.terms.map(\.slot)
      case .computation(let computation): computation.expression.slots
      case .vote(let vote):
        vote.ballots.flatMap { [$0.slot] + [$0.predicate].compactMap { $0 } }
      case .consensus(let consensus): consensus.operands
      }
    return slots + [guardSlot].compactMap { $0 }
  }
}

extension Operand {
  fileprivate var slots: [Int] {
    if case .slot(let slot) = self { [slot] } else { [] }
  }
}
