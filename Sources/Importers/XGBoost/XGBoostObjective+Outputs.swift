import TreeIR

extension XGBoostObjective {
  /// Adds the operations and outputs that make predictions of the margins.
  func addOutputs(of margins: Range<Int>, to builder: inout ModelBuilder) {
    builder.outputs = [ModelOutput(.raw, slots: Array(margins))]
    if family == .softmax {
      addSoftmaxOutputs(of: margins, to: &builder)
      return
    }
    let results = Array(link.map { builder.link($0, of: margins) } ?? margins)
    builder.outputs.append(ModelOutput(.prediction, slots: results))
    switch family {
    case .regression: builder.task = .regression
    case .ranking: builder.task = .ranking
    case .logistic, .logisticMargin, .hinge:
      builder.task = results.count == 1 ? .binaryClassification : .multilabelClassification
      if results.count == 1 { addBinaryOutputs(of: results[0], to: &builder) }
    case .softprob, .softmax:
      setClasses(results.count, of: &builder)
      builder.outputs += [
        ModelOutput(.probability, slots: results),
        ModelOutput(.label, slots: [builder.argmax(of: results)]),
      ]
    }
  }

  /// Classes 0 and 1 as scikit-learn's `XGBClassifier` makes them of the prediction.
  private func addBinaryOutputs(of prediction: Int, to builder: inout ModelBuilder) {
    // What people make of such a margin is their own affair.
    if family == .logisticMargin { return }
    builder.classLabels = [.integer(0), .integer(1)]
    guard family == .logistic else {
      builder.outputs.append(ModelOutput(.label, slots: [prediction]))
      return
    }
    let negative = builder.arithmetic(
      .subtract, .constant(1), .slot(prediction), precision: .float32)
    builder.outputs += [
      ModelOutput(.probability, slots: [negative, prediction]),
      // Above one half exactly where it is above its complement.
      ModelOutput(.label, slots: [builder.argmax(of: [negative, prediction])]),
    ]
  }

  /// The prediction of multi:softmax is the number of the class.
  private func addSoftmaxOutputs(of margins: Range<Int>, to builder: inout ModelBuilder) {
    setClasses(margins.count, of: &builder)
    let label = builder.argmax(of: Array(margins), nanRule: .comparesFalse)
    let probabilities = builder.link(.softmaxInFloat, of: margins)
    builder.outputs += [
      ModelOutput(.prediction, slots: [label]),
      ModelOutput(.probability, slots: Array(probabilities)),
      ModelOutput(.label, slots: [label]),
    ]
  }

  private func setClasses(_ count: Int, of builder: inout ModelBuilder) {
    builder.task = .multiclassClassification
    builder.classLabels = (0..<count).map { .integer(Int64($0)) }
  }
}
