import TreeIR

/// What a file tells about the pandas columns of category dtype.
struct LightGBMDictionaries {
  /// One list of categories per category column, in the order of the columns.
  var values: [[CategoryValue]] = []
  /// Where they stand in the source.
  var offset: Int?
  /// Columns that training was told to treat as categorical, ascending; nil where the form
  /// of the file has no place for them.
  var listedColumns: [Int]?
}

/// Makes the input schema: which columns hold categories, and which dictionary belongs to
/// which column.
///
/// pandas columns of category dtype have a dictionary each, but the file does not say which
/// columns these are: `[categorical_feature: …]` lists the unordered ones together with
/// other columns that the user declared categorical, and ordered ones are trained as plain
/// numbers. So dictionaries are given to columns only where no other reading fits.
struct LightGBMColumns {
  let signature: LightGBMSignature
  /// Columns that splits test for categories.
  let isCategorical: [Bool]
  let dictionaries: LightGBMDictionaries

  /// - Throws: ``Fault`` when it is uncertain which columns the dictionaries belong to, or
  ///   when the caller's names do not fit.
  func schema(options: ImportOptions) throws(Fault) -> InputSchema {
    let listed = Set(dictionaries.listedColumns ?? [])
    var columns: [InputColumn] = []
    for (position, name) in signature.featureNames.enumerated() {
      var column = InputColumn(name: name, kind: .numeric)
      switch info(position) {
      case .none: break
      case .range(let low, let high): column.range = low <= high ? low...high : nil
      case .codes(let codes): column.codes = codes
      }
      if isVisiblyCategorical(position) || listed.contains(position) {
        column.kind = .categoryCodes
      }
      columns.append(column)
    }
    for (dictionary, position) in try dictionaryColumns(options: options).enumerated() {
      columns[position].kind = .dictionary(dictionaries.values[dictionary], unknown: .missing)
    }
    return InputSchema(columns: columns)
  }

  /// The column of each dictionary.
  private func dictionaryColumns(options: ImportOptions) throws(Fault) -> [Int] {
    for (number, values) in dictionaries.values.enumerated()
    where Set(values).count < values.count {
      throw fault(.invalid, "a value stands twice in dictionary \(number + 1)")
    }
    if !options.categoricalColumns.isEmpty { return try namedColumns(options) }
    guard !dictionaries.values.isEmpty else { return [] }
    if let listed = dictionaries.listedColumns, isLikely(listed) { return listed }
    let visible = signature.featureNames.indices.filter(isVisiblyCategorical)
    if visible.count == dictionaries.values.count, fits(visible), areAllOthersNumbers(visible) {
      return visible
    }
    throw fault(
      .categoricalColumns,
      "the file has \(dictionaries.values.count) dictionaries of pandas categories "
        + "(\(summary)) and does not say for certain which columns they belong to",
      remedy: "Name the columns of category dtype, with --categorical a,b,c or in "
        + "ImportOptions.categoricalColumns. \(availableNames)")
  }

  private func namedColumns(_ options: ImportOptions) throws(Fault) -> [Int] {
    var positions: Set<Int> = []
    let remedy = "Name \(dictionaries.values.count) columns. \(availableNames)"
    for name in options.categoricalColumns {
      guard
        let position = signature.features.position(of: name)
          ?? signature.features.position(ofTrained: name.unicodeScalars)
      else {
        throw fault(
          .categoricalColumns, feature: name, "the model has no such column", remedy: remedy)
      }
      guard positions.insert(position).inserted else {
        throw fault(
          .categoricalColumns, feature: name, "the column is named twice", remedy: remedy)
      }
    }
    guard positions.count == dictionaries.values.count else {
      let contents = dictionaries.values.isEmpty ? "" : " (\(summary))"
      throw fault(
        .categoricalColumns,
        "\(positions.count) categorical columns are named, but the file has "
          + "\(dictionaries.values.count) dictionaries\(contents)",
        remedy: dictionaries.values.isEmpty
          ? "Name no columns: the model takes category codes, not values" : remedy)
    }
    let sorted = positions.sorted()
    for (dictionary, position) in sorted.enumerated()
    where !fits(position, dictionary: dictionary) {
      throw fault(
        .categoricalColumns, feature: signature.featureNames[position],
        "the column was trained on codes that its dictionary "
          + "(\(Self.shown(dictionaries.values[dictionary]))) does not have", remedy: remedy)
    }
    return sorted
  }

  /// Whether the dictionaries belong to the listed columns as far as can be told: there are
  /// as many, every code has its value, and no other column fits a dictionary better, as an
  /// ordered category column next to a listed column of plain codes would.
  private func isLikely(_ listed: [Int]) -> Bool {
    guard listed.count == dictionaries.values.count, fits(listed) else { return false }
    let taken = Set(listed)
    var rivalSizes: Set<Double> = []
    for position in signature.featureNames.indices where !taken.contains(position) {
      if case .range(0, let high) = info(position) { rivalSizes.insert(high + 1) }
    }
    return listed.enumerated().allSatisfy { dictionary, position in
      let size = dictionaries.values[dictionary].count
      guard case .codes(let codes) = info(position), codes.max() != size - 1 else { return true }
      return !rivalSizes.contains(Double(size))
    }
  }

  private func fits(_ positions: [Int]) -> Bool {
    positions.enumerated().allSatisfy { fits($1, dictionary: $0) }
  }

  /// Whether the column's training values are codes of the dictionary.
  private func fits(_ position: Int, dictionary: Int) -> Bool {
    let size = dictionaries.values[dictionary].count
    switch info(position) {
    case .none: return true
    case .codes(let codes): return (codes.max() ?? -1) < size
    case .range(let low, let high): return isCode(low, of: size) && isCode(high, of: size)
    }
  }

  private func isCode(_ value: Double, of size: Int) -> Bool {
    guard let code = Int(exactly: value) else { return false }
    return code >= -1 && code < size
  }

  /// Whether every other column was trained on numbers that are codes of no dictionary.
  private func areAllOthersNumbers(_ positions: [Int]) -> Bool {
    let taken = Set(positions)
    let largest = dictionaries.values.map(\.count).max() ?? 0
    return signature.featureNames.indices.allSatisfy { position in
      if taken.contains(position) { return true }
      guard case .range(let low, let high) = info(position) else { return false }
      return !isCode(low, of: largest) || !isCode(high, of: largest)
    }
  }

  private func isVisiblyCategorical(_ position: Int) -> Bool {
    if case .codes = info(position) { return true }
    return isCategorical[position]
  }

  private func info(_ position: Int) -> LightGBMHeader.FeatureInfo {
    signature.header.featureInfos?[position] ?? .none
  }

  /// The first values of the first dictionaries.
  private var summary: String {
    let shown = dictionaries.values.prefix(4).map(Self.shown).joined(separator: "; ")
    return dictionaries.values.count > 4 ? shown + "; …" : shown
  }

  private static func shown(_ values: [CategoryValue]) -> String {
    let shown = values.prefix(3).map { quoted($0.description) }.joined(separator: ", ")
    return values.count > 3 ? shown + ", …" : shown
  }

  private var availableNames: String {
    let names = signature.featureNames
    let shown = names.prefix(40).map { shortened($0) }.joined(separator: ", ")
    return "The model's columns are \(shown)\(names.count > 40 ? ", …" : "")"
  }

  private func fault(
    _ code: ImportError.Code, feature: String? = nil, _ message: String,
    remedy: String = Remedy.saveAgain
  ) -> Fault {
    Fault(
      code, at: dictionaries.offset, key: "pandas_categorical", feature: feature, message,
      remedy: remedy)
  }
}
