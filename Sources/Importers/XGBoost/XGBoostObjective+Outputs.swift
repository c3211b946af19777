import TreeIR

extension XGBoostObjective {
  /// Adds the operations and outputs that make predictions of the margins.
  func addOutputs(of margins: Range<Int>, to builder: inout ModelBuilder) {
    let results = link.map { builder.link($0, of: margins) } ?? margins
    builder.outputs = [
      ModelOutput(.raw, slots: Array(margins)), ModelOutput(.prediction, slots: Array(results)),
    ]
    switch family {
    case .regression: builder.task = .regression
    case .ranking: builder.task = .ranking
    case .logistic, .logisticMargin, .hinge:
      guard margins.count == 1 else {
        builder.task = .multilabelClassification
        return
      }
      builder.task = .binaryClassification
      addBinaryOutputs(of: results.lowerBound, to: &builder)
    case .softprob, .softmax:
      builder.task = .multiclassClassification
      builder.classLabels = margins.indices.map { .integer(Int64($0 - margins.lowerBound)) }
      addClassOutputs(of: margins, probabilities: results, to: &builder)
    }
  }

  /// Classes 0 and 1 as scikit-learn's `XGBClassifier` makes them of the prediction.
  private func addBinaryOutputs(of prediction: Int, to builder: inout ModelBuilder) {
    switch family {
    case .logistic:
      builder.classLabels = [.integer(0), .integer(1)]
      let negative = builder.arithmetic(
        .subtract, .constant(1), .slot(prediction), precision: .float32)
      builder.outputs += [
        ModelOutput(.probability, slots: [negative, prediction]),
        // Above one half exactly where it is above its complement.
        ModelOutput(.label, slots: [builder.argmax(of: [negative, prediction])]),
      ]
    case .hinge:
      builder.classLabels = [.integer(0), .integer(1)]
      builder.outputs.append(ModelOutput(.label, slots: [prediction]))
    default: break
    }
  }

  private func addClassOutputs(
    of margins: Range<Int>, probabilities: Range<Int>, to builder: inout ModelBuilder
  ) {
    guard family == .softmax else {
      builder.outputs += [
        ModelOutput(.probability, slots: Array(probabilities)),
        ModelOutput(.label, slots: [builder.argmax(of: Array(probabilities))]),
      ]
      return
    }
    // The prediction of multi:softmax is the number of the class.
    let label = builder.argmax(of: Array(margins), nanRule: .comparesFalse)
    builder.outputs = [
      ModelOutput(.raw, slots: Array(margins)), ModelOutput(.prediction, slots: [label]),
      ModelOutput(
        .probability, slots: Array(builder.link(.softmaxInFloat, of: margins))),
      ModelOutput(.label, slots: [label]),
    ]
  }
}
