import TextCodec
import TreeIR

/// What the names, types and dictionaries of a file say about its columns.
struct XGBoostColumns {
  let header: XGBoostHeader
  let version: XGBoostVersion
  /// Columns that some split tests for categories.
  let categoricalColumns: Set<Int>
  let limits: Limits

  /// The columns in the order of the training matrix.
  func schema() throws(Fault) -> InputSchema {
    let count = header.columnCount
    guard count <= limits.columns else {
      throw header.fault(
        .limit, XGBoostPath.columnCount, "\(count) features", remedy: Remedy.raiseLimits)
    }
    let hasNames = !header.featureNames.isEmpty
    try checkLength(header.featureNames, XGBoostPath.featureNames)
    try checkLength(header.featureTypes, XGBoostPath.featureTypes)
    try checkLength(
      header.dictionaries, XGBoostPath.model(.categories, of: header.booster))
    try checkNames()
    try checkDictionaries()
    var columns: [InputColumn] = []
    columns.reserveCapacity(count)
    for column in 0..<count {
      columns.append(
        InputColumn(
          name: hasNames ? header.featureNames[column] : "f\(column)", kind: kind(of: column)))
    }
    return InputSchema(columns: columns, hasNames: hasNames)
  }

  private func checkNames() throws(Fault) {
    var names: Set<CategoryValue> = []
    for name in header.featureNames {
      guard !name.isEmpty else {
        throw header.fault(
          .unsupported, XGBoostPath.featureNames, "a feature has an empty name",
          remedy: "Set booster.feature_names and save the model again")
      }
      guard names.insert(.string(name)).inserted else {
        throw header.fault(
          .invalid, XGBoostPath.featureNames, feature: name, "two features have the same name")
      }
    }
  }

  private func checkDictionaries() throws(Fault) {
    for (column, dictionary) in header.dictionaries.enumerated() {
      var categories: Set<CategoryValue> = []
      for category in dictionary {
        guard categories.insert(category).inserted else {
          throw fault(
            inDictionary: column, .invalid,
            "the category \(quoted(category.description)) stands twice")
        }
        try checkName(category, column: column)
      }
    }
  }

  /// XGBoost 3.1 to 3.3 save the categories of a pandas column wrongly if one of them is not
  /// ASCII: they cut the list's bytes where it has so many characters. Nothing in the file tells
  /// such a list from a right one.
  private func checkName(_ category: CategoryValue, column: Int) throws(Fault) {
    guard version < XGBoostVersion(3, 4), case .string(let text) = category,
      !text.utf8.allSatisfy({ $0 < 0x80 })
    else { return }
    throw fault(
      inDictionary: column, .unsupported,
      "the category \(quoted(text)) is not ASCII, and XGBoost \(version.text) saves such names "
        + "wrongly when they come from pandas",
      remedy: "Train with XGBoost 3.4 or later, or name the categories in ASCII")
  }

  private func fault(
    inDictionary column: Int, _ code: ImportError.Code, _ message: String,
    remedy: String = Remedy.saveAgain
  ) -> Fault {
    header.fault(
      code, XGBoostPath.model(.categories, of: header.booster),
      feature: header.featureNames.isEmpty ? "f\(column)" : header.featureNames[column],
      message, remedy: remedy)
  }

  private func checkLength<Element>(_ list: [Element], _ path: String) throws(Fault) {
    guard list.isEmpty || list.count == header.columnCount else {
      throw header.fault(
        .invalid, path, "\(list.count) elements for num_feature=\(header.columnCount)")
    }
  }

  private func kind(of column: Int) -> InputColumn.Kind {
    if !header.dictionaries.isEmpty, !header.dictionaries[column].isEmpty {
      return .dictionary(header.dictionaries[column], unknown: .refused)
    }
    let isCategorical =
      categoricalColumns.contains(column)
      || (!header.featureTypes.isEmpty && header.featureTypes[column] == "c")
    return isCategorical ? .categoryCodes : .numeric
  }
}
