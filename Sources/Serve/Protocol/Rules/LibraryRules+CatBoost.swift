import TreeIR

extension LibraryRules {
  /// The rules of CatBoost's `predict`, which makes a `Pool` of what MLflow hands it.
  ///
  /// Measured with CatBoost 1.2.10. Sources: `Pool` in `core.py` and `_catboost.pyx`, and
  /// `model_dataset_compatibility.cpp`, which finds the columns; see ``BodyColumns``.
  static func catboost(_ model: TreeModel) -> LibraryRules {
    var rules = LibraryRules(library: "CatBoost")
    rules.checksNames = true
    rules.labels = .python
    rules.takesEmptyFrames = true
    rules.takesEmptyTables = true
    rules.roundsIntegerColumns = true
    rules.readsObjects = true
    rules.listsLabels = model.task == .multiclassClassification
    return rules
  }

  /// Whether a pandas column made of such cells can be one of categories: each of them is text,
  /// an integer or a truth value.
  ///
  /// Beside a fraction, or a cell that is missing, integers are numbers with a fraction to
  /// pandas. Where it leaves them as they are, because of text or a truth value, CatBoost takes
  /// those that fit `Int64`.
  func takesCategories(_ kinds: Frame.Kinds) -> Bool {
    guard kinds.isDisjoint(with: Self.noCategories) else { return false }
    guard kinds.contains(.unsignedInteger) else { return true }
    return kinds.isDisjoint(with: [.negativeInteger, .boolean, .text])
  }

  /// What is no category anywhere.
  private static let noCategories: Frame.Kinds = [
    .fraction, .null, .nested, .hugeInteger, .unusable,
  ]

  /// Whether CatBoost can make numbers of such cells.
  func takesNumbers(_ kinds: Frame.Kinds) -> Bool {
    kinds.isDisjoint(with: [.nested, .unusable])
  }

  /// What NumPy makes of an array whose cells are `kinds`.
  func arrayType(_ kinds: Frame.Kinds) -> ArrayType {
    if !kinds.isDisjoint(with: [.null, .nested, .hugeInteger]) { return .objects }
    if kinds.contains(.text) { return .text }
    let isFraction =
      kinds.contains(.fraction) || kinds.contains([.unsignedInteger, .integer])
    return isFraction ? .fractions : .integers
  }

  enum ArrayType {
    /// Every cell is text, numbers and truth values as Python's `str` writes them.
    case text
    /// Every cell is what it is.
    case objects
    case fractions
    /// Integers or truth values.
    case integers
  }

  /// Whether a column of an array of `type`, whose cells are `kinds`, can be one of categories.
  ///
  /// - Parameter isRow: Whether the array is one row, whose cells are objects in any case.
  func takesCategories(_ kinds: Frame.Kinds, inArrayOf type: ArrayType, isRow: Bool) -> Bool {
    switch type {
    case .fractions: return false
    case .text: return !kinds.contains(.unusable)
    case .objects:
      return kinds.isDisjoint(with: Self.noCategories.union(.unsignedInteger))
    case .integers: return !isRow || !kinds.contains(.unsignedInteger)
    }
  }
}
