import TreeIR

/// The columns of the rows, and what splits on them can be.
struct CatBoostColumns {
  private let features: CatBoostFeatures
  /// All features, by their columns in the training data.
  private let all: [Feature]
  private var numeric: [Int: CatBoostFeatures.Numeric] = [:]
  private var categorical: [Int: CatBoostFeatures.Categorical] = [:]

  /// A feature of either kind.
  private struct Feature {
    var column: Int
    var name: String
    var kind: InputColumn.Kind
    var place: SourcePlace
  }

  init(_ features: CatBoostFeatures) {
    self.features = features
    let unordered =
      features.numeric.map {
        Feature(column: $0.column, name: $0.name, kind: .numeric, place: $0.place)
      }
      + features.categorical.map {
        Feature(
          column: $0.column, name: $0.name, kind: .hashedText(.cityHash32), place: $0.place)
      }
    all = unordered.sorted { $0.column < $1.column }
    for feature in features.numeric { numeric[feature.index] = feature }
    for feature in features.categorical { categorical[feature.index] = feature }
  }

  /// The columns, in the order of the training data. Those of features that CatBoost has dropped,
  /// because no tree uses them, keep their places.
  func schema(limits: Limits) throws(Fault) -> InputSchema {
    for (position, feature) in all.enumerated() {
      guard feature.column >= 0, position == 0 || all[position - 1].column < feature.column else {
        throw feature.place.fault(
          .invalid, feature: feature.name,
          "the feature is column \(feature.column), which is none, or that of another feature")
      }
      guard feature.column < limits.columns,
        feature.column - position <= Self.mostDroppedFeatures
      else {
        throw feature.place.fault(
          .limit, feature: feature.name,
          "the feature is column \(feature.column), and there are \(position) before it",
          remedy: Remedy.raiseLimits)
      }
    }
    guard numeric.count == features.numeric.count,
      categorical.count == features.categorical.count
    else {
      throw (all.first?.place ?? SourcePlace()).fault(
        .invalid, "two features of a kind have the same index")
    }
    try checkNames()
    return InputSchema(columns: columns(), hasNames: all.contains { !$0.name.isEmpty })
  }

  /// More of them than this are no feature's doing.
  private static let mostDroppedFeatures = 1 << 16

  private func columns() -> [InputColumn] {
    let names = Set(all.map { CategoryValue.string($0.name) })
    var columns: [InputColumn] = []
    for feature in all {
      while columns.count < feature.column {
        var name = String(columns.count)
        while names.contains(.string(name)) { name = "#" + name }
        columns.append(InputColumn(name: name, kind: .ignored))
      }
      columns.append(
        InputColumn(
          name: feature.name.isEmpty ? String(feature.column) : feature.name, kind: feature.kind))
    }
    return columns
  }

  private func checkNames() throws(Fault) {
    var names: Set<CategoryValue> = []
    for feature in all
    where !feature.name.isEmpty && !names.insert(.string(feature.name)).inserted {
      throw feature.place.fault(
        .unsupported, feature: feature.name, "two features have the same name",
        remedy: "Give the features distinct names with model.set_feature_names")
    }
  }

  /// The numeric feature that the file calls `index`.
  func numeric(
    _ index: Int, at place: SourcePlace
  ) throws(Fault) -> CatBoostFeatures.Numeric {
    guard let feature = numeric[index] else {
      throw place.fault(.invalid, "there is no numeric feature \(index)")
    }
    return feature
  }

  /// The categorical feature that the file calls `index`.
  func categorical(
    _ index: Int, at place: SourcePlace
  ) throws(Fault) -> CatBoostFeatures.Categorical {
    guard let feature = categorical[index] else {
      throw place.fault(.invalid, "there is no categorical feature \(index)")
    }
    return feature
  }

  /// Adds a split for each border of numeric features.
  func appendNumericSplits(to splits: inout CatBoostSplits) throws(Fault) {
    for feature in features.numeric {
      try CatBoostBorders.check(feature.borders, feature: feature.name, feature.place)
      for border in feature.borders {
        splits.append(
          Split(
            slot: feature.column, condition: .greater,
            missing: feature.missingIsAbove(border) ? .left : .compare,
            operand: .threshold(Double(border))),
          .numeric(feature: feature.index, border: border))
      }
    }
  }

  /// Adds a split for each value of one-hot features.
  func appendOneHotSplits(to splits: inout CatBoostSplits) throws(Fault) {
    for oneHot in features.oneHot {
      let feature = try categorical(oneHot.feature, at: oneHot.place)
      guard Set(oneHot.values).count == oneHot.values.count else {
        throw oneHot.place.fault(
          .invalid, feature: feature.name, "a value stands twice")
      }
      for value in oneHot.values {
        splits.append(
          Split(
            slot: feature.column, condition: .equal, missing: .compare,
            operand: .threshold(Double(value))),
          .oneHot(feature: oneHot.feature, value: value))
      }
    }
  }
}

enum CatBoostBorders {
  /// Checks that borders rise: CatBoost counts those below a value.
  static func check(
    _ borders: [Float], feature: String?, _ place: SourcePlace
  ) throws(Fault) {
    for (position, border) in borders.enumerated() {
      guard !border.isNaN, position == 0 || borders[position - 1] < border else {
        throw place.fault(
          .invalid, feature: feature,
          "border \(position) is \(border), where borders should rise")
      }
    }
  }
}
