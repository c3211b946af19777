import TreeIR

/// Checks what the parts of a model say against each other, and builds the model.
struct CatBoostModelAssembler {
  private let info: CatBoostInfo
  private let features: CatBoostFeatures
  private let scale: CatBoostScale
  private let objective: CatBoostObjective
  private let limits: Limits
  private var builder: ModelBuilder
  /// What the splits of trees can be.
  let splits: CatBoostSplits

  init(
    info: CatBoostInfo, features: CatBoostFeatures,
    tables: [CatBoostTableKey: CatBoostTable], scale: CatBoostScale, options: ImportOptions
  ) throws(Fault) {
    self.info = info
    self.features = features
    self.scale = scale
    limits = options.limits
    guard let objective = CatBoostObjective(loss: info.loss.type) else {
      throw info.lossPlace.fault(
        .unsupported, "treec does not know the loss \(quoted(info.loss.type))",
        remedy: Remedy.newerTreec)
    }
    self.objective = objective
    let columns = CatBoostColumns(features)
    builder = ModelBuilder(input: try columns.schema(limits: limits))
    var statistics = CatBoostStatistics(columns: columns, tables: tables)
    var splits = CatBoostSplits()
    try columns.appendNumericSplits(to: &splits)
    try columns.appendOneHotSplits(to: &splits)
    for statistic in features.statistics {
      try statistics.append(statistic, to: &builder, &splits)
    }
    self.splits = splits
  }

  /// The model.
  consuming func model(
    _ trees: consuming CatBoostTrees, format: String, source: SourceID
  ) throws(Fault) -> TreeModel {
    builder.provenance = Provenance(
      library: "CatBoost", version: info.version, format: format, objective: info.loss.text,
      sourceHash: source.hash, sourceSize: source.size, attributes: info.attributes)
    builder.categoryTexts = CategoryTexts(features.texts)
    let dimension = trees.dimension
    try objective.check(dimension: dimension, info)
    let number = builder.add(trees.ensemble.build())
    let scores = try addScale(number, dimension)
    try objective.addOutputs(of: scores, info, limits, to: &builder)
    do {
      return try builder.build(limits: limits)
    } catch {
      throw Fault(error, at: nil)
    }
  }

  /// Adds `scale · sum + bias` as CatBoost computes it: a scale of 1, and biases that are all 0,
  /// are left out, and biases too where the range of trees does not start with the first.
  private mutating func addScale(_ number: Int, _ dimension: Int) throws(Fault) -> Range<Int> {
    var bias = scale.bias.isEmpty ? [0] : scale.bias
    if bias.count == 1 { bias = Array(repeating: bias[0], count: dimension) }
    guard bias.count == dimension else {
      throw scale.place.fault(
        .invalid, "\(bias.count) biases for leaves of \(dimension) values")
    }
    let hasBias = bias.contains { $0 != 0 }
    if scale.scale == 1 && !hasBias { return builder.score(number) }
    guard hasBias else {
      return builder.score(number).mapped { score in
        builder.arithmetic(.multiply, .slot(score), .constant(scale.scale))
      }
    }
    let (scores, _, startsAtFirst) = builder.scoreReportingRange(number)
    let products =
      scale.scale == 1
      ? scores
      : scores.mapped { builder.arithmetic(.multiply, .slot($0), .constant(scale.scale)) }
    let sums = products.mapped { product in
      builder.arithmetic(
        .add, .slot(product), .constant(bias[product - products.lowerBound]))
    }
    return sums.mapped { sum in
      builder.select(
        startsAtFirst, then: .slot(sum),
        otherwise: .slot(products.lowerBound + sum - sums.lowerBound))
    }
  }
}

extension Range<Int> {
  /// The slots that `operation` fills for each of these, one after another.
  fileprivate func mapped(_ operation: (Int) -> Int) -> Range<Int> {
    let slots = map(operation)
    return slots[0]..<slots[0] + slots.count
  }
}
