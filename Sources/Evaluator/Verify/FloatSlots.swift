import TreeIR

extension TreeModel {
  /// Whether the output's numbers are all Floats, widened.
  func hasFloats(in output: PredictionOutput) -> Bool {
    guard let slots = output.role.flatMap({ self.output($0)?.slots }) else { return false }
    return slots.allSatisfy(floatSlots.contains)
  }

  /// Slots that hold nothing but Floats, widened.
  private var floatSlots: Set<Int> {
    var slots: Set<Int> = []
    for operation in operations where isFloat(operation.kind, slots) {
      slots.formUnion(operation.results)
    }
    return slots
  }

  private func isFloat(_ kind: Operation.Kind, _ slots: Set<Int>) -> Bool {
    switch kind {
    case .ensemble(let score): ensembles[score.ensemble].profile.accumulator == .float32
    case .arithmetic(let arithmetic): arithmetic.precision == .float32
    case .aggregate(let aggregate): aggregate.precision == .float32
    case .linear(let sum): sum.precision == .float32
    case .vote(let vote): vote.precision == .float32
    case .consensus(let consensus): consensus.precision == .float32
    case .computation(let computation): computation.type == .float
    case .categoryStatistic, .comparison, .logic, .argmax: true
    case .link(let link):
      switch link.function {
      case .logisticInFloat, .exponentialInFloat, .softmaxInFloat, .increasingInFloat, .unitStep,
        .powerInFloat, .logisticOfPower, .softmaxOfPower, .complementaryLogLog(.float32),
        .logLog(.float32), .cauchyDistribution(.float32):
        true
      case .sorted: link.inputs.allSatisfy(slots.contains)
      case .logistic, .exponential, .logOnePlusExp, .logOfRoundedOnePlusExp, .signedSquare,
        .softmax, .logLogistic, .fastExponential, .fastSoftmax, .fastLogSoftmax,
        .normalDistribution, .complementaryLogLog(.float64), .logLog(.float64),
        .cauchyDistribution(.float64):
        false
      }
    case .select, .requirement: false
    }
  }
}
