/// Finds models that JSON cannot hold: it names tables of statistics (CTRs) by their features and
/// type, where CatBoost also tells apart how the target was binarized and which target it was.
/// Two tables of one name overwrite each other when the model is saved, and the file predicts
/// something else than the model did.
enum CatBoostJSONCollisions {
  private static let remedy = "Save the model as cbm: model.save_model('model.cbm')"

  /// Throws where tables are or may be lost.
  ///
  /// Source: measured; `ToJson` of CTR features in CatBoost's `json_model_helpers.cpp` leaves out
  /// `TargetBorderClassifierIdx`.
  static func check(_ features: CatBoostFeatures, _ info: CatBoostInfo) throws(Fault) {
    let objective = CatBoostObjective(loss: info.loss.type)
    var last: [CatBoostTableKey: CatBoostFeatures.Statistic] = [:]
    for statistic in features.statistics where !statistic.key.type.isCounter {
      let place = statistic.place
      guard objective?.hasSeveralTargets != true else {
        throw place.fault(
          .unsupported,
          "the model has several targets and statistics (CTRs) of each, of which JSON keeps those "
            + "of one only", remedy: remedy)
      }
      guard info.hasParameters else {
        throw place.fault(
          .unsupported,
          "the model is a sum of models with statistics (CTRs), of which JSON may have lost some",
          remedy: remedy)
      }
      let isAscending = last[statistic.key].map { $0.isBefore(statistic) } ?? true
      guard isAscending, !info.ambiguousStatistics.contains(statistic.key.type.name.description)
      else {
        throw place.fault(
          .unsupported,
          "the model has statistics (CTRs) of type \(statistic.key.type.name) with several "
            + "binarizations of the target, of which JSON keeps one only", remedy: remedy)
      }
      last[statistic.key] = statistic
    }
  }
}

extension CatBoostFeatures.Statistic {
  /// Whether CatBoost lists the statistic, which has the same table, before `other`.
  fileprivate func isBefore(_ other: Self) -> Bool {
    if targetBorder != other.targetBorder { return targetBorder < other.targetBorder }
    return (priorNumerator, priorDenominator, shift, scale)
      < (other.priorNumerator, other.priorDenominator, other.shift, other.scale)
  }
}
