import TreeIR

extension LibraryRules {
  /// The rules for PMML, of which MLflow knows nothing: each column has a field's own rules, which
  /// say what becomes of any cell. Columns go by name; see ``JSONFrameReader`` and
  /// ``ScoringService``.
  static let pmml: LibraryRules = {
    var rules = LibraryRules(library: "PMML")
    rules.readsFields = true
    return rules
  }()

  /// Whether the columns of `model` have rules of fields, or its results names and types.
  static func hasFields(_ model: TreeModel) -> Bool {
    !model.resultFields.isEmpty
      || model.input.columns.contains { column in
        if case .field = column.kind { true } else { false }
      }
  }
}
