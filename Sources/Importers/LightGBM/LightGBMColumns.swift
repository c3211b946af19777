import TextCodec
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
  /// Whether the source ends after the trees, without a word on parameters or dictionaries.
  var endsAfterTrees = false
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
    try checkEnd()
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

  /// LightGBM 2.3 and later write the parameters after the trees, and its Python package the
  /// dictionaries after them. Where categories matter, a file without both is taken for cut:
  /// text of category columns would be read as if it were codes.
  private func checkEnd() throws(Fault) {
    guard dictionaries.endsAfterTrees, signature.version != "v2",
      signature.featureNames.indices.contains(where: isVisiblyCategorical)
    else { return }
    throw fault(
      .truncated,
      "the model has categorical features, but the file ends after the trees, "
        + "without parameters and category dictionaries", remedy: Remedy.completeCopy)
  }

  /// The column of each dictionary.
  private func dictionaryColumns(options: ImportOptions) throws(Fault) -> [Int] {
    for (number, values) in dictionaries.values.enumerated()
    where Set(values).count < values.count {
      throw fault(.invalid, "a value stands twice in dictionary \(number + 1)")
    }
    for (number, values) in dictionaries.values.enumerated() {
      guard let value = firstAmbiguous(values) else { continue }
      throw fault(
        .unsupported,
        "dictionary \(number + 1) holds \(quoted(value.description)) as text and as a number, "
          + "which a CSV cell cannot tell apart",
        remedy: "Convert the column's categories to strings before training")
    }
    if !options.categoricalColumns.isEmpty { return try namedColumns(options) }
    guard !dictionaries.values.isEmpty else { return [] }
    if let listed = dictionaries.listedColumns, isLikely(listed) { return listed }
    let visible = signature.featureNames.indices.filter(isVisiblyCategorical)
    if visible.count == dictionaries.values.count, fits(visible),
      areAllOthersNumbers(visible, besides: dictionaries.values)
    {
      return visible
    }
    throw fault(
      .categoricalColumns,
      "the file has \(dictionaries.values.count) dictionaries of pandas categories "
        + "(\(summary)) and does not say for certain which columns they belong to",
      remedy: "Name the columns of category dtype, with --categorical a,b,c or in "
        + "ImportOptions.categoricalColumns. \(availableNames)")
  }

  private func firstAmbiguous(_ values: [CategoryValue]) -> CategoryValue? {
    let all = Set(values)
    return values.first { $0.isText(ofNumberIn: all) }
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
  ///
  /// Where a dictionary's values can be read as numbers, giving it to the wrong column would
  /// go unnoticed, so then no other column may fit it at all, however much better the listed
  /// one does. (Other text in a column that is taken for numeric is an error as soon as a row
  /// is scored.)
  private func isLikely(_ listed: [Int]) -> Bool {
    guard listed.count == dictionaries.values.count, fits(listed), isTrue(listed),
      !hasReadableRival(listed)
    else { return false }
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

  /// Whether the model bears the listing out: no listed column was trained on plain numbers,
  /// and no other on categories. (Parameters can be given that a data set does not heed.)
  private func isTrue(_ listed: [Int]) -> Bool {
    let taken = Set(listed)
    return signature.featureNames.indices.allSatisfy { position in
      if !taken.contains(position) { return !isVisiblyCategorical(position) }
      if case .range = info(position) { return false }
      return true
    }
  }

  /// Whether a column besides `listed` may have had a dictionary whose values can be read as
  /// numbers: one that training saw as codes of it, or did not use at all.
  private func hasReadableRival(_ listed: [Int]) -> Bool {
    let readable = dictionaries.values.filter { $0.contains(where: \.canBeReadAsNumber) }
    return !readable.isEmpty && !areAllOthersNumbers(listed, besides: readable)
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

  /// Whether every other column was trained on numbers that are codes of none of `lists`.
  private func areAllOthersNumbers(
    _ positions: [Int], besides lists: [[CategoryValue]]
  ) -> Bool {
    let taken = Set(positions)
    let largest = lists.map(\.count).max() ?? 0
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

extension CategoryValue {
  /// Whether a numeric column would accept the value's text.
  fileprivate var canBeReadAsNumber: Bool {
    guard case .string(let text) = self else { return true }
    let trimmed = Array(text.utf8.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed())
    return trimmed.isEmpty || Double(decimalText: trimmed.span) != nil
      || ["true", "false"].contains(text.lowercased())
  }

  /// Whether the value is text and the number that it spells is in `values` too.
  fileprivate func isText(ofNumberIn values: Set<CategoryValue>) -> Bool {
    guard case .string(let text) = self else { return false }
    let bytes = Array(text.utf8)
    guard let number = Double(decimalText: bytes.span) else { return false }
    if values.contains(.double(number)) { return true }
    return Int64(exactly: number).map { values.contains(.integer($0)) } ?? false
  }
}
