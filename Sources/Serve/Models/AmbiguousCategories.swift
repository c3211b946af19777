import TreeIR

/// The columns of which a frame's cell may mean a category or something else, for a library
/// that takes numbers in frames for codes.
struct AmbiguousCategories: Sendable {
  /// Columns in which a number may be a category as well as a code.
  private(set) var numbersInJSON: [Int] = []
  /// The same in CSV, which does not tell a text from the number that it spells.
  private(set) var numbersInCSV: [Int] = []
  /// Columns with a category whose text stands for a missing cell in CSV.
  private(set) var missingInCSV: [Int] = []

  init(_ columns: [InputColumn]) {
    for (column, input) in columns.enumerated() {
      guard let categories = input.dictionary else { continue }
      let texts: [[UInt8]] = categories.compactMap { category in
        if case .string(let text) = category { Array(text.utf8) } else { nil }
      }
      let hasNumbers = texts.count < categories.count
      if hasNumbers { numbersInJSON.append(column) }
      if hasNumbers || texts.contains(where: Self.spellsNumber) { numbersInCSV.append(column) }
      if texts.contains(where: { PandasCell.isMissing($0.span) }) { missingInCSV.append(column) }
    }
  }

  private static func spellsNumber(_ text: [UInt8]) -> Bool {
    PandasCell.float(text.span, isStrict: false) != nil || PandasCell.truth(text.span) != nil
  }
}

extension InputColumn {
  /// The column's categories as the training data had them; nil where it has no dictionary.
  var dictionary: [CategoryValue]? {
    if case .dictionary(let categories, _) = kind { categories } else { nil }
  }
}
