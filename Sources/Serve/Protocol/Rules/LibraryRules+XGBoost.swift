import TreeIR

extension LibraryRules {
  /// The rules of XGBoost's `Booster.predict(DMatrix(rows))`, which is what MLflow calls.
  ///
  /// Measured with XGBoost 3.2.0. One thing is not followed: several rows that lack columns, and
  /// miss nothing else, are a dense matrix for XGBoost, whose columns beyond the width of the
  /// rows then go right in the upper levels of a tree unless a row is alone in its block of 64
  /// (`cpu_predictor.cc`). Here the columns are missing, as they are to XGBoost in one row.
  static func xgboost(_ model: TreeModel) -> LibraryRules {
    var rules = LibraryRules(library: "XGBoost")
    rules.checksNames = true
    rules.needsNames = model.input.hasNames
    rules.takesNarrowRows = !model.input.hasNames
    rules.takesEmptyFrames = true
    rules.takesInfinity = false
    rules.roundsIntegerColumns = true
    rules.framesHoldCodes = true
    rules.takesArraysOfText = false
    return rules
  }
}
