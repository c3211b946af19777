import TreeIR

extension LibraryRules {
  /// The rules of LightGBM's `Booster.predict`.
  ///
  /// Models of libraries whose rules are not written down go by them too, but for the
  /// dictionaries of pandas, which are LightGBM's own.
  static func lightgbm(_ model: TreeModel) -> LibraryRules {
    var rules = LibraryRules(library: "LightGBM")
    // It wants such columns where it was trained on them.
    rules.needsCategoryColumns =
      model.provenance.library == "LightGBM"
      && model.input.columns.contains { $0.dictionary != nil }
    return rules
  }
}
