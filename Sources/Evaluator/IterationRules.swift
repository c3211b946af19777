/// What a library makes of boosting iterations that its model has not.
enum IterationRules: Sendable {
  /// LightGBM: the range is clamped to the iterations that there are.
  case clamp
  /// XGBoost: they are refused.
  case refuse
  /// CatBoost: they are refused, and so is a range without trees.
  case refuseEmpty

  init(library: String) {
    switch library {
    case "XGBoost": self = .refuse
    case "CatBoost": self = .refuseEmpty
    default: self = .clamp
    }
  }

  /// Checks the range that `options` choose of `total` iterations.
  func check(_ options: PredictionOptions, of total: Int) throws(PredictionError) {
    let start = options.startIteration
    let count = max(options.iterationCount ?? 0, 0)
    let refuser: String
    switch self {
    case .clamp: return
    case _ where start == 0 && options.iterationCount == nil: return
    case .refuse:
      if start >= 0, start <= total, count <= total - start { return }
      refuser = "XGBoost"
    case .refuseEmpty:
      if start >= 0, start < total, count <= total - start { return }
      refuser = "CatBoost"
    }
    throw PredictionError(
      .invalidOption,
      "iterations from \(start) on, \(count == 0 ? "all" : "\(count)") of them, are not in "
        + "the model, which has \(total); \(refuser) refuses them too")
  }
}
