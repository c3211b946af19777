/// Reads the features of a cbm file.
enum CatBoostBinaryFeatures {
  private typealias Schema = CatBoostSchema

  @_lifetime(buffer: copy buffer)
  static func read(
    _ buffer: inout FlatBuffer, _ trees: FlatBuffer.Table
  ) throws(Fault) -> CatBoostFeatures {
    for (field, what) in [
      (Schema.Trees.text, "text"), (Schema.Trees.embedding, "embedding"),
      (Schema.Trees.estimated, "text or embedding"),
    ] {
      if let first = try buffer.tables(trees, field).first {
        throw CatBoostRemedy.unsupportedFeatures(what, buffer.place(first))
      }
    }
    var features = CatBoostFeatures()
    for table in try buffer.tables(trees, Schema.Trees.numeric) {
      features.numeric.append(try numeric(&buffer, table))
    }
    for table in try buffer.tables(trees, Schema.Trees.categorical) {
      var feature = CatBoostFeatures.Categorical()
      feature.place = buffer.place(table)
      feature.index = try buffer.number(table, Schema.Categorical.index, missing: -1)
      feature.column = try buffer.number(table, Schema.Categorical.column, missing: -1)
      feature.name = try buffer.name(table, Schema.Categorical.name) ?? ""
      features.categorical.append(feature)
    }
    for table in try buffer.tables(trees, Schema.Trees.oneHot) {
      var oneHot = CatBoostFeatures.OneHot()
      oneHot.place = buffer.place(table)
      oneHot.feature = try buffer.number(table, Schema.OneHot.feature, missing: -1)
      oneHot.values = try buffer.integers(table, Schema.OneHot.values)
      let texts = try buffer.texts(table, Schema.OneHot.texts)
      if texts.count == oneHot.values.count {
        for (value, text) in zip(oneHot.values, texts) where !text.isEmpty {
          features.texts.append((value, text))
        }
      }
      features.oneHot.append(oneHot)
    }
    for table in try buffer.tables(trees, Schema.Trees.statistics) {
      features.statistics.append(try statistic(&buffer, table))
    }
    return features
  }

  @_lifetime(buffer: copy buffer)
  private static func numeric(
    _ buffer: inout FlatBuffer, _ table: FlatBuffer.Table
  ) throws(Fault) -> CatBoostFeatures.Numeric {
    var feature = CatBoostFeatures.Numeric()
    feature.place = buffer.place(table)
    feature.hasMissing =
      try buffer.integer(
        table, Schema.Numeric.hasMissing, missing: UInt8(0)) != 0
    feature.index = try buffer.number(table, Schema.Numeric.index, missing: -1)
    feature.column = try buffer.number(table, Schema.Numeric.column, missing: -1)
    feature.borders = try buffer.floats(table, Schema.Numeric.borders)
    feature.name = try buffer.name(table, Schema.Numeric.name) ?? ""
    switch try buffer.integer(table, Schema.Numeric.missingTreatment, missing: Int8(0)) {
    case 0: feature.treatment = .asIs
    case 1: feature.treatment = .asFalse
    case 2: feature.treatment = .asTrue
    case let code:
      throw feature.place.fault(
        .unsupported, feature: feature.name,
        "missing values have the unknown treatment \(code) (NanValueTreatment)",
        remedy: Remedy.newerTreec)
    }
    return feature
  }

  @_lifetime(buffer: copy buffer)
  private static func statistic(
    _ buffer: inout FlatBuffer, _ table: FlatBuffer.Table
  ) throws(Fault) -> CatBoostFeatures.Statistic {
    var statistic = CatBoostFeatures.Statistic()
    statistic.place = buffer.place(table)
    guard let model = try buffer.table(table, Schema.Statistic.model),
      let base = try buffer.table(model, Schema.StatisticModel.base)
    else {
      throw statistic.place.fault(.invalid, "there is no Ctr, or no Base in it")
    }
    statistic.key = try key(&buffer, base)
    statistic.targetBorder = try buffer.number(
      model, Schema.StatisticModel.targetBorder, missing: 0)
    statistic.priorNumerator = try buffer.float(
      model, Schema.StatisticModel.priorNumerator, missing: 0)
    statistic.priorDenominator = try buffer.float(
      model, Schema.StatisticModel.priorDenominator, missing: 1)
    statistic.shift = try buffer.float(model, Schema.StatisticModel.shift, missing: 0)
    statistic.scale = try buffer.float(model, Schema.StatisticModel.scale, missing: 1)
    statistic.borders = try buffer.floats(table, Schema.Statistic.borders)
    return statistic
  }

  /// What a `TModelCtrBase` is about.
  @_lifetime(buffer: copy buffer)
  static func key(
    _ buffer: inout FlatBuffer, _ base: FlatBuffer.Table
  ) throws(Fault) -> CatBoostTableKey {
    var key = CatBoostTableKey()
    let code = try buffer.integer(base, Schema.StatisticBase.type, missing: Int8(0))
    guard let type = CatBoostStatisticType(rawValue: code) else {
      throw buffer.place(base).fault(
        .unsupported, "\(code) is an unknown type of CTR (CtrType)", remedy: Remedy.newerTreec)
    }
    key.type = type
    key.target = try buffer.number(base, Schema.StatisticBase.target, missing: 0)
    guard let combination = try buffer.table(base, Schema.StatisticBase.combination) else {
      throw buffer.place(base).fault(.invalid, "there is no FeatureCombination")
    }
    key.categories = try buffer.integers(
      combination, Schema.Combination.categories, as: Int32.self
    ).map { Int($0) }
    if let pairs = try buffer.vector(combination, Schema.Combination.floatSplits, width: 8) {
      for place in pairs.places(width: 8) {
        key.floatSplits.append(
          .init(
            feature: Int(buffer.integer(Int32.self, at: place)),
            border: Float(bitPattern: buffer.integer(UInt32.self, at: place + 4))))
      }
    }
    if let pairs = try buffer.vector(combination, Schema.Combination.oneHotTests, width: 8) {
      for place in pairs.places(width: 8) {
        key.oneHotTests.append(
          .init(
            feature: Int(buffer.integer(Int32.self, at: place)),
            value: buffer.integer(Int32.self, at: place + 4)))
      }
    }
    return key
  }
}

extension FlatBuffer {
  /// An integer of 32 bits.
  func number(_ owner: Table, _ field: Field, missing: Int32) throws(Fault) -> Int {
    Int(try integer(owner, field, missing: missing))
  }
}

extension FlatBuffer.Vector {
  /// Where its elements of `width` bytes lie.
  func places(width: Int) -> StrideTo<Int> {
    stride(from: start, to: start + width * count, by: width)
  }
}
