import Importers
import Testing
import TreeIR

/// A CatBoost model in few enough words to edit one at a time: a tree of two levels that test
/// `age > 30.5` and whether the hash of `town` is 7, and one of one level that tests the
/// statistic of `town`, of which the table has two records.
struct SmallCatBoost {
  private(set) var json = Self.text

  /// The model with the first `old` replaced by `new`.
  func replacing(_ old: String, with new: String) -> SmallCatBoost {
    var copy = self
    guard let range = json.firstRange(of: old) else {
      Issue.record("'\(old)' is not in the model")
      return self
    }
    copy.json.replaceSubrange(range, with: new)
    return copy
  }

  /// The model with trees that are not oblivious.
  func withTrees(_ trees: String) -> SmallCatBoost {
    let start = json.firstRange(of: "\"oblivious_trees\"")?.lowerBound ?? json.startIndex
    let end = json.firstRange(of: "\"scale_and_bias\"")?.lowerBound ?? json.startIndex
    var copy = self
    copy.json.replaceSubrange(start..<end, with: "\"trees\":[\(trees)],\n")
    return copy
  }

  /// The model with another loss and with what else is to be said of it.
  func withLoss(_ loss: String, _ rest: String = "") -> SmallCatBoost {
    replacing(
      "\"params\":{\"loss_function\":{\"params\":{},\"type\":\"RMSE\"}}",
      with: "\(rest)\"params\":{\"loss_function\":{\"params\":{},\"type\":\"\(loss)\"}}")
  }

  func imported(options: ImportOptions = ImportOptions()) throws -> TreeModel {
    try importModel(json, options: options)
  }

  /// `age > 30.5`
  static let ageSplit = """
    {"border":30.5,"float_feature_index":0,"split_index":0,"split_type":"FloatFeature"}
    """
  /// `town = 7`
  static let townSplit = """
    {"cat_feature_index":0,"split_index":2,"split_type":"OneHotFeature","value":7}
    """
  /// The statistic of `town` is above 5.
  static let statisticSplit = """
    {"border":5,"ctr_target_border_idx":0,"split_index":4,"split_type":"OnlineCtr"}
    """

  private static let text = """
    {"ctr_data":{
    "{\\"identifier\\":[{\\"cat_feature_index\\":0,\\"combination_element\\":\\"cat_feature_value\\"}],\\"type\\":\\"Borders\\"}":
    {"counter_denominator":0,"hash_map":["18446744073709551615",0,0,"12345",1,3,"678",2,0],"hash_stride":3}},
    "features_info":{"cat_features_hash":[{"hash":7,"value":"Oslo"}],
    "categorical_features":[{"feature_id":"town","feature_index":0,"feature_name":"town","flat_feature_index":1,"values":[7,-8]}],
    "ctrs":[{"borders":[5],"ctr_type":"Borders","elements":[{"cat_feature_index":0,"combination_element":"cat_feature_value"}],
    "identifier":"","prior_denomerator":1,"prior_numerator":0.5,"scale":15,"shift":0,"target_border_idx":0}],
    "float_features":[{"borders":[30.5,40],"feature_id":"age","feature_index":0,"feature_name":"age","flat_feature_index":0,
    "has_nans":true,"nan_value_treatment":"AsTrue"}]},
    "model_info":{"catboost_version_info":"Git info:\\n    Branch: tags/v1.2.10\\n","model_guid":"1-2",
    "params":{"loss_function":{"params":{},"type":"RMSE"}}},
    "oblivious_trees":[
    {"leaf_values":[1,2,3,4],"leaf_weights":[10,20,30,40],"splits":[\(ageSplit),\(townSplit)]},
    {"leaf_values":[0.5,-0.25],"leaf_weights":[50,50],"splits":[\(statisticSplit)]}],
    "scale_and_bias":[1,[0]]}
    """
}
