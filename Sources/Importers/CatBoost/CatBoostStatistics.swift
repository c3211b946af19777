import TreeIR

/// Makes operations of a model's statistics (CTRs): each is a column that is computed from
/// others, and its borders are splits like those of numeric features.
struct CatBoostStatistics {
  let columns: CatBoostColumns
  let tables: [CatBoostTableKey: CatBoostTable]
  /// Tables that have been added to the model.
  private var numbers: [CatBoostTableKey: Int] = [:]

  init(columns: CatBoostColumns, tables: [CatBoostTableKey: CatBoostTable]) {
    self.columns = columns
    self.tables = tables
  }

  mutating func append(
    _ statistic: CatBoostFeatures.Statistic, to builder: inout ModelBuilder,
    _ splits: inout CatBoostSplits
  ) throws(Fault) {
    try CatBoostBorders.check(statistic.borders, feature: nil, statistic.place)
    let slot = builder.statistic(try operation(statistic, &builder))
    for border in statistic.borders {
      splits.append(
        Split(
          slot: slot, condition: .greater, missing: .compare, operand: .threshold(Double(border))),
        .statistic(targetBorder: statistic.targetBorder, border: border))
    }
  }

  private mutating func operation(
    _ statistic: CatBoostFeatures.Statistic, _ builder: inout ModelBuilder
  ) throws(Fault) -> CategoryStatistic {
    let (key, place) = (statistic.key, statistic.place)
    guard !key.categories.isEmpty || !key.floatSplits.isEmpty || !key.oneHotTests.isEmpty else {
      throw place.fault(.invalid, "the statistic (CTR) has no elements, no features that it is of")
    }
    let categories = try key.categories.map { (index) throws(Fault) in
      try slot(ofCategorical: index, place)
    }
    let floatSplits = try key.floatSplits.map {
      (split) throws(Fault) -> CategoryStatistic.FloatSplit in
      let feature = try columns.numeric(split.feature, at: place)
      return .init(
        slot: feature.column, border: split.border,
        missingHolds: feature.missingIsAbove(split.border))
    }
    let tests = try key.oneHotTests.map { (test) throws(Fault) -> CategoryStatistic.CategoryTest in
      .init(slot: try slot(ofCategorical: test.feature, place), value: test.value)
    }
    guard let table = tables[key] else {
      throw place.fault(
        .invalid,
        tables.isEmpty
          ? "the model has statistics (CTRs) and no tables of them, so that CatBoost cannot score "
            + "it either"
          : "the file has no table for this statistic (CTR) of type \(key.type.name)",
        remedy: tables.isEmpty
          ? "Train again without final_ctr_computation_mode='Skip'" : Remedy.saveAgain)
    }
    let kind: CategoryStatistic.Kind
    var targetBorder = 0
    switch key.type {
    case .borders:
      kind = .borders
      targetBorder = try checked(statistic, below: table.classCount - 1)
    case .buckets:
      kind = .buckets
      targetBorder = try checked(statistic, below: table.classCount)
    case .binarizedTargetMean, .floatTargetMean: kind = .targetMean
    case .counter, .featureFrequency: kind = .counter
    }
    return CategoryStatistic(
      kind, table: try number(of: key, table, &builder),
      categories: categories, floatSplits: floatSplits, categoryTests: tests,
      targetBorder: targetBorder, priorNumerator: statistic.priorNumerator,
      priorDenominator: statistic.priorDenominator, shift: statistic.shift,
      scale: statistic.scale, output: 0)
  }

  private func slot(
    ofCategorical index: Int, _ place: SourcePlace
  ) throws(Fault) -> Int {
    try columns.categorical(index, at: place).column
  }

  private func checked(
    _ statistic: CatBoostFeatures.Statistic, below count: Int
  ) throws(Fault) -> Int {
    guard (0..<max(count, 0)).contains(statistic.targetBorder) else {
      throw statistic.place.fault(
        .invalid,
        "target border \(statistic.targetBorder), where its table has \(count) of them")
    }
    return statistic.targetBorder
  }

  /// The model's table for `key`, which is added when it is wanted first.
  private mutating func number(
    of key: CatBoostTableKey, _ table: CatBoostTable, _ builder: inout ModelBuilder
  ) throws(Fault) -> Int {
    if let number = numbers[key] { return number }
    do {
      let number = builder.add(
        try StatisticTable(
          keys: table.keys, counts: table.counts, sums: table.sums, classCount: table.classCount,
          counterDenominator: table.counterDenominator))
      numbers[key] = number
      return number
    } catch {
      throw Fault(error, at: table.place.offset, key: table.place.path)
    }
  }
}
