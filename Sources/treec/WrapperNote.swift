import TreeIR

extension TreeModel {
  /// What the wrapper of scikit-learn that saved the model would do otherwise; nil if none did.
  ///
  /// XGBoost's wrappers predict with the rounds up to the best one, and their classifiers
  /// predict labels; the booster in the file does neither.
  var wrapperNote: String? {
    guard isOfWrapper else { return nil }
    return "note: scikit-learn's wrapper of XGBoost saved this model; answers are those of its "
      + "booster with all rounds: predictions of the objective, not labels"
  }

  /// The same of iterations alone, where it makes a difference.
  var bestIterationNote: String? {
    guard isOfWrapper, let best = attribute("best_iteration").flatMap({ Int($0) }),
      let rounds = ensembles.first?.iterationCount, best >= 0, best + 1 < rounds
    else { return nil }
    return "note: all \(rounds) rounds are used, as by XGBoost's Booster; scikit-learn's wrapper, "
      + "which saved this model, would use the best: --iterations \(best + 1)"
  }

  private var isOfWrapper: Bool {
    provenance.library == "XGBoost" && attribute("scikit_learn") != nil
  }

  private func attribute(_ name: String) -> String? {
    provenance.attributes.first { $0.name == name }?.value
  }
}
