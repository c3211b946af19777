import TreeIR

/// The columns of the rows, and what splits on them can be.
struct CatBoostColumns {
  private let features: CatBoostFeatures
  private let limits: Limits
  /// The column of each numeric feature's index.
  private var numeric: [Int: CatBoostFeatures.Numeric] = [:]
  private var categorical: [Int: CatBoostFeatures.Categorical] = [:]

  init(_ features: CatBoostFeatures, limits: Limits) {
    self.features = features
    self.limits = limits
    for feature in features.numeric { numeric[feature.index] = feature }
    for feature in features.categorical { categorical[feature.index] = feature }
  }

  func schema() throws(Fault) -> InputSchema {
    var columns: [Int: (column: InputColumn, place: CatBoostPlace)] = [:]
    let all =
      features.numeric.map { ($0.column, $0.name, InputColumn.Kind.numeric, $0.place) }
      + features.categorical.map {
        ($0.column, $0.name, InputColumn.Kind.hashedText(.cityHash32), $0.place)
      }
    for (column, name, kind, place) in all {
      guard (0..<limits.columns).contains(column) else {
        throw place.fault(
          column < 0 ? .invalid : .limit, "the feature is column \(column)",
          remedy: column < 0 ? Remedy.saveAgain : Remedy.raiseLimits)
      }
      let name = name.isEmpty ? String(column) : name
      if let other = columns[column] {
        throw place.fault(
          .invalid, feature: name,
          "the feature is column \(column), and so is \(quoted(other.column.name))")
      }
      columns[column] = (InputColumn(name: name, kind: kind), place)
    }
    guard numeric.count == features.numeric.count,
      categorical.count == features.categorical.count
    else {
      let place = features.numeric.first?.place ?? CatBoostPlace()
      throw place.fault(.invalid, "two features of a kind have the same index")
    }
    let ordered = try (0..<columns.count).map { (number) throws(Fault) in
      guard let column = columns[number] else {
        throw CatBoostPlace().fault(
          .invalid, "no feature is column \(number), though there are later ones",
          remedy: "If the model has text or embedding features, treec cannot score it")
      }
      return column
    }
    try checkNames(ordered)
    return InputSchema(
      columns: ordered.map(\.column),
      hasNames: all.contains { $0.1 != "" && $0.1 != String($0.0) })
  }

  private func checkNames(
    _ columns: [(column: InputColumn, place: CatBoostPlace)]
  ) throws(Fault) {
    var names: Set<CategoryValue> = []
    for (column, place) in columns where !names.insert(.string(column.name)).inserted {
      throw place.fault(
        .unsupported, feature: column.name, "two features have the same name",
        remedy: "Give the features distinct names with model.set_feature_names")
    }
  }

  /// The numeric feature that the file calls `index`.
  func numeric(
    _ index: Int, at place: CatBoostPlace
  ) throws(Fault) -> CatBoostFeatures.Numeric {
    guard let feature = numeric[index] else {
      throw place.fault(.invalid, "there is no numeric feature \(index)")
    }
    return feature
  }

  /// The categorical feature that the file calls `index`.
  func categorical(
    _ index: Int, at place: CatBoostPlace
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
    _ borders: [Float], feature: String?, _ place: CatBoostPlace
  ) throws(Fault) {
    for (position, border) in borders.enumerated() {
      guard !border.isNaN, position == 0 || borders[position - 1] <= border else {
        throw place.fault(
          .invalid, feature: feature,
          "border \(position) is \(border), where borders should rise")
      }
    }
  }
}
