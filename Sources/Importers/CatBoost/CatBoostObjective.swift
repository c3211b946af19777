import TreeIR

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a loss makes of a model's scores.
///
/// Source: CatBoost's `libs/eval_result/eval_helpers.cpp` and the classes of its Python package.
struct CatBoostObjective {
  enum Family {
    /// One score: the logit of class 1.
    case binary
    /// A score a class, which exclude each other.
    case multiclass
    /// A score a class, each for itself; the best is chosen.
    case oneVsAll
    /// A score a class, each for itself; a row may have several.
    case multilabel
    /// The logarithm of what is predicted.
    case exponential
    /// A prediction and half the logarithm of its variance.
    case uncertainty
    case regression
    /// Several predictions for a row.
    case multiRegression
    case ranking
    /// The user's own loss: nobody else knows what scores mean.
    case custom
  }

  let loss: String
  let family: Family

  /// Nil for a loss that is unknown here.
  init?(loss: String) {
    self.loss = loss
    switch loss {
    case "Logloss", "CrossEntropy", "Focal": family = .binary
    case "MultiClass": family = .multiclass
    case "MultiClassOneVsAll": family = .oneVsAll
    case "MultiLogloss", "MultiCrossEntropy": family = .multilabel
    case "Poisson", "Tweedie": family = .exponential
    case "RMSEWithUncertainty": family = .uncertainty
    case "RMSE", "MAE", "MAPE", "Quantile", "LogLinQuantile", "Lq", "Huber", "Expectile",
      "RMSPE", "LogCosh", "Cox", "SurvivalAft", "GroupQuantile":
      family = .regression
    case "MultiRMSE", "MultiRMSEWithMissingValues", "MultiQuantile": family = .multiRegression
    case "PairLogit", "PairLogitPairwise", "YetiRank", "YetiRankPairwise", "QueryRMSE",
      "QuerySoftMax", "QueryCrossEntropy", "StochasticRank", "StochasticFilter", "LambdaMart":
      family = .ranking
    case "", "PythonUserDefinedPerObject", "PythonUserDefinedMultiTarget", "UserPerObjMetric",
      "UserQuerywiseMetric":
      family = .custom
    default: return nil
    }
  }

  /// Whether each target has statistics of its own.
  var hasSeveralTargets: Bool {
    switch loss {
    case "MultiRMSE", "MultiRMSEWithMissingValues", "MultiLogloss", "MultiCrossEntropy",
      "SurvivalAft", "PythonUserDefinedMultiTarget":
      true
    default: false
    }
  }

  /// Checks that leaves of `dimension` values suit the loss.
  func check(dimension: Int, _ info: CatBoostInfo) throws(Fault) {
    let possible: ClosedRange<Int> =
      switch family {
      case .binary, .exponential, .regression, .ranking: 1...1
      case .uncertainty: 2...2
      case .multiclass, .oneVsAll: 2...Int.max
      case .multilabel, .multiRegression, .custom: 1...Int.max
      }
    guard possible.contains(dimension) else {
      throw info.lossPlace.fault(
        .invalid, "leaves have \(dimension) values, which the loss \(quoted(loss)) has not")
    }
  }

  /// Adds the operations and outputs that make predictions of `scores`.
  func addOutputs(
    of scores: Range<Int>, _ info: CatBoostInfo, _ limits: Limits, to builder: inout ModelBuilder
  ) throws(Fault) {
    let scores = try scoresOfAllClasses(scores, info, limits, &builder)
    builder.outputs = [ModelOutput(.raw, slots: Array(scores))]
    switch family {
    case .binary: try addBinaryOutputs(of: scores, info, to: &builder)
    case .multiclass:
      try addClassOutputs(
        builder.link(.fastSoftmax, of: scores), builder.link(.fastLogSoftmax, of: scores),
        of: scores, info, to: &builder)
    case .oneVsAll:
      try addClassOutputs(
        builder.link(.logistic(scale: 1), of: scores), builder.link(.logLogistic, of: scores),
        of: scores, info, to: &builder)
    // One target is treated as by Logloss.
    case .multilabel where scores.count == 1:
      try addBinaryOutputs(of: scores, info, to: &builder)
    case .multilabel: addMultilabelOutputs(of: scores, info, to: &builder)
    case .exponential:
      builder.task = .regression
      let exponents = builder.link(.fastExponential, of: scores)
      builder.outputs += [
        ModelOutput(.prediction, slots: Array(exponents)),
        ModelOutput(.exponent, slots: Array(exponents)),
      ]
    case .uncertainty: addUncertaintyOutputs(of: scores, to: &builder)
    case .regression, .multiRegression, .ranking, .custom:
      builder.task =
        family == .ranking ? .ranking : family == .custom ? .unknown : .regression
      builder.outputs.append(ModelOutput(.prediction, slots: Array(scores)))
    }
    if family != .exponential {
      // CatBoost takes the first score, whatever the model.
      let first = scores.lowerBound..<scores.lowerBound + 1
      let exponent = builder.link(.fastExponential, of: first)
      builder.outputs.append(ModelOutput(.exponent, slots: Array(exponent)))
    }
  }

  /// The scores, and −∞ for classes that training has not met.
  private func scoresOfAllClasses(
    _ scores: Range<Int>, _ info: CatBoostInfo, _ limits: Limits, _ builder: inout ModelBuilder
  ) throws(Fault) -> Range<Int> {
    guard family == .multiclass || family == .oneVsAll,
      let positions = try info.classes.positions(scoreCount: scores.count, limits: limits)
    else { return scores }
    let slots = positions.map { position in
      // Links want slots that follow each other.
      builder.arithmetic(
        .multiply, .constant(1),
        position.map { .slot(scores.lowerBound + $0) } ?? .constant(-.infinity))
    }
    return slots[0]..<slots[0] + slots.count
  }

  private func addBinaryOutputs(
    of scores: Range<Int>, _ info: CatBoostInfo, to builder: inout ModelBuilder
  ) throws(Fault) {
    builder.task = .binaryClassification
    let positive = builder.link(.logistic(scale: 1), of: scores).lowerBound
    let negative = builder.arithmetic(.subtract, .constant(1), .slot(positive))
    let score = scores.lowerBound
    let opposite = builder.arithmetic(.multiply, .slot(score), .constant(-1))
    let logNegative = builder.link(.logLogistic, of: opposite..<opposite + 1).lowerBound
    let logPositive = builder.link(.logLogistic, of: scores).lowerBound
    builder.outputs += [
      ModelOutput(.prediction, slots: [positive]),
      ModelOutput(.probability, slots: [negative, positive]),
      ModelOutput(.logProbability, slots: [logNegative, logPositive]),
    ]
    // Training may have met one class only, and then nobody knows the other.
    guard !info.classes.isSingle else { return }
    builder.classLabels =
      family == .multilabel ? [.integer(0), .integer(1)] : try info.classes.labels(count: 2)
    builder.outputs.append(
      ModelOutput(.label, slots: Array(info.addThreshold(of: scores, to: &builder))))
  }

  private func addClassOutputs(
    _ probabilities: Range<Int>, _ logarithms: Range<Int>, of scores: Range<Int>,
    _ info: CatBoostInfo, to builder: inout ModelBuilder
  ) throws(Fault) {
    builder.task = .multiclassClassification
    builder.classLabels = try info.classes.labels(count: scores.count)
    builder.outputs += [
      ModelOutput(.prediction, slots: Array(probabilities)),
      ModelOutput(.probability, slots: Array(probabilities)),
      ModelOutput(.logProbability, slots: Array(logarithms)),
      ModelOutput(.label, slots: [builder.argmax(of: Array(scores), nanRule: .comparesFalse)]),
    ]
  }

  /// Each class is there or is not: labels 1 and 0.
  private func addMultilabelOutputs(
    of scores: Range<Int>, _ info: CatBoostInfo, to builder: inout ModelBuilder
  ) {
    builder.task = .multilabelClassification
    builder.classLabels = [.integer(0), .integer(1)]
    let probabilities = Array(builder.link(.logistic(scale: 1), of: scores))
    let logarithms = Array(builder.link(.logLogistic, of: scores))
    builder.outputs += [
      ModelOutput(.prediction, slots: probabilities),
      ModelOutput(.probability, slots: probabilities),
      ModelOutput(.logProbability, slots: logarithms),
      ModelOutput(.label, slots: Array(info.addThreshold(of: scores, to: &builder))),
    ]
  }

  /// The prediction and its variance.
  private func addUncertaintyOutputs(of scores: Range<Int>, to builder: inout ModelBuilder) {
    builder.task = .regression
    let logVariance = builder.arithmetic(
      .multiply, .slot(scores.lowerBound + 1), .constant(2))
    let variance = builder.link(.fastExponential, of: logVariance..<logVariance + 1)
    builder.outputs.append(
      ModelOutput(.prediction, slots: [scores.lowerBound, variance.lowerBound]))
  }
}

extension CatBoostInfo {
  /// Adds, for each score, 1 where its probability is above the threshold, else 0.
  ///
  /// Source: `Logit` in CatBoost's `libs/helpers/math_utils.h`.
  fileprivate func addThreshold(
    of scores: Range<Int>, to builder: inout ModelBuilder
  ) -> Range<Int> {
    let limit = -log(1 / (probabilityThreshold ?? 0.5) - 1)
    guard limit != 0 else { return builder.link(.unitStep, of: scores) }
    // A difference is above zero exactly where its terms differ that way.
    let differences = scores.map {
      builder.arithmetic(.subtract, .slot($0), .constant(limit))
    }
    return builder.link(.unitStep, of: differences[0]..<differences[0] + differences.count)
  }
}
