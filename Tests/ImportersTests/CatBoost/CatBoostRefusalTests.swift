import Foundation
import Importers
import TestSupport
import Testing
import TreeIR

@Suite(
  "Broken CatBoost models are refused with place and remedy", .timeLimit(.minutes(1)))
struct CatBoostRefusalTests {
  static let hostile = try! CSVContent(Data(Fixture.bytes("hostile/catboost/index.csv"))).rows
    .map { (file: $0[0], word: $0[2]) }

  @Test("a file one edit away from a good one", arguments: hostile)
  func hostileFile(file: String, word: String) throws {
    let error = try #require(refusal(of: try Fixture.bytes("hostile/catboost/\(file)")))
    #expect(error.description.contains(word), "\(error)")
    #expect(!error.remedy.isEmpty)
  }

  /// An edit, the kind of failure, and what the message has to name.
  typealias Edit = (old: String, new: String, code: ImportError.Code, word: String)

  static let edits: [Edit] = [
    // Splits
    ("\"split_index\":0", "\"split_index\":5", .invalid, "no split 5"),
    ("\"split_index\":0", "\"split_index\":-1", .invalid, "no split -1"),
    ("\"split_index\":0", "\"split_index\":1", .invalid, "than this FloatFeature"),
    ("\"split_index\":0", "\"split_index\":2", .invalid, "than this FloatFeature"),
    ("\"split_index\":2", "\"split_index\":4", .invalid, "than this OneHotFeature"),
    ("\"split_index\":4", "\"split_index\":0", .invalid, "than this OnlineCtr"),
    ("\"ctr_target_border_idx\":0", "\"ctr_target_border_idx\":1", .invalid, "OnlineCtr"),
    ("\"border\":30.5", "\"border\":30.25", .invalid, "oblivious_trees[0].splits[0].split_index"),
    ("\"FloatFeature\"", "\"FloatFeatures\"", .unsupported, "'FloatFeatures'"),
    // Trees
    ("[1,2,3,4]", "[1,2,3]", .invalid, "3 leaf values"), ("[1,2,3,4]", "[]", .invalid, "0"),
    ("[0.5,-0.25]", "[0.5]", .invalid, "oblivious_trees[1]"),
    ("[0.5,-0.25]", "[0.5,-0.25,1,2]", .invalid, "oblivious_trees[1]"),
    ("[1,2,3,4]", "[1,2,3,\"4\"]", .malformed, "leaf_values"),
    ("\"oblivious_trees\"", "\"trees\"", .malformed, "trees[0]"),
    ("\"scale_and_bias\":[1,[0]]", "\"trees\":[]", .invalid, "either oblivious_trees or trees"),
    ("[1,[0]]", "[1,[0,0]]", .invalid, "2 biases"), ("[1,[0]]", "[1]", .invalid, "scale_and_bias"),
    // Features
    ("[30.5,40]", "[40,30.5]", .invalid, "borders should rise"),
    ("[30.5,40]", "[30.5,NaN]", .invalid, "borders should rise"),
    ("\"AsTrue\"", "\"AsMaybe\"", .unsupported, "'AsMaybe'"),
    ("[7,-8]", "[7,7]", .invalid, "twice"), ("[7,-8]", "[7,8.5]", .malformed, "values"),
    ("[7,-8]", "[7,4294967296]", .invalid, "4294967296"),
    ("\"flat_feature_index\":1", "\"flat_feature_index\":0", .invalid, "column 0"),
    ("\"flat_feature_index\":1", "\"flat_feature_index\":-1", .invalid, "column -1"),
    ("\"feature_id\":\"town\"", "\"feature_id\":\"age\"", .unsupported, "same name"),
    ("\"float_features\"", "\"text_features\":[{}],\"float_features\"", .unsupported, "text"),
    (
      "\"float_features\"", "\"embedding_features\":[{}],\"float_features\"", .unsupported,
      "embedding"
    ),
    ("\"float_features\"", "\"sound_features\":[],\"float_features\"", .unsupported, "sound"),
    // Statistics
    ("\"ctr_type\":\"Borders\"", "\"ctr_type\":\"Median\"", .unsupported, "'Median'"),
    ("\"ctr_type\":\"Borders\"", "\"ctr_type\":\"Counter\"", .invalid, "no table"),
    ("\\\"type\\\":\\\"Borders\\\"", "\\\"type\\\":\\\"Buckets\\\"", .invalid, "no table"),
    ("\\\"type\\\":\\\"Borders\\\"", "\\\"type\\\":\\\"Median\\\"", .unsupported, "'Median'"),
    ("\"target_border_idx\":0}", "\"target_border_idx\":1}", .invalid, "target border 1"),
    ("\"target_border_idx\":0}", "\"target_border_idx\":-1}", .invalid, "target border -1"),
    (
      "[{\"cat_feature_index\":0,\"combination_element\":\"cat_feature_value\"}],\n",
      "[{\"cat_feature_index\":1,\"combination_element\":\"cat_feature_value\"}],\n", .invalid,
      "no categorical feature 1"
    ),
    (
      "\"combination_element\":\"cat_feature_value\"}],\n", "\"combination_element\":\"x\"}],\n",
      .unsupported, "'x'"
    ),
    // Tables
    ("\"hash_stride\":3", "\"hash_stride\":4", .invalid, "the stride is 4"),
    ("\"hash_stride\":3", "\"hash_stride\":0", .invalid, "the stride is 0"),
    ("\"12345\",1,3", "\"12345\",1", .invalid, "a record of 1 numbers"),
    ("\"12345\"", "\"-12345\"", .malformed, "'-12345'"),
    ("\"12345\"", "\"678\"", .invalid, "key 678 appears twice"),
    ("\"12345\",1,3", "\"12345\",1,2147483648", .invalid, "2147483648"),
    ("\"18446744073709551615\",0,0", "0,0", .invalid, "begin with a hash"),
    ("\"scale_and_bias\"", "\"scale_and_bios\"", .unsupported, "scale_and_bios"),
    // What JSON loses
    ("\"type\":\"RMSE\"", "\"type\":\"MultiRMSE\"", .unsupported, "save_model('model.cbm')"),
    ("\"params\":{\"loss", "\"param\":{\"loss", .unsupported, "sum of models"),
    (
      "\"params\":{\"loss",
      "\"params\":{\"cat_feature_params\":{\"simple_ctrs\":[{\"ctr_type\":\"Borders\","
        + "\"target_binarization\":{\"border_count\":1}},{\"ctr_type\":\"Borders\","
        + "\"target_binarization\":{\"border_count\":2}}]},\"loss", .unsupported,
      "several binarizations"
    ),
    // The rest
    ("\"type\":\"RMSE\"", "\"type\":\"RMSF\"", .unsupported, "'RMSF'"),
    ("\"type\":\"RMSE\"", "\"type\":\"RMSEWithUncertainty\"", .invalid, "1 values"),
    ("\"model_guid\"", "\"binclass_probability_threshold\":\"2\",\"x\"", .invalid, "'2'"),
    (
      "\"model_guid\"", "\"class_params\":\"{\",\"x\"", .truncated, "model_info.class_params"
    ),
    ("{\"ctr_data\":", "{\"ctr_data\":{},\"ctr_data\":", .malformed, "twice"),
  ]

  @Test("an edit of a small model", arguments: edits)
  func edit(_ edit: Edit) throws {
    let json = SmallCatBoost().replacing(edit.old, with: edit.new).json
    let error = try #require(refusal(of: Array(json.utf8)), "\(edit.new)")
    #expect(error.code == edit.code, "\(error)")
    #expect(error.description.contains(edit.word), "\(error)")
    #expect(!error.remedy.isEmpty)
  }

  @Test("JSON of versions that wrote 10 digits of a number is refused")
  func oldJSON() throws {
    let json = SmallCatBoost().replacing("\"model_guid\":\"1-2\",", with: "")
      .replacing(",\n\"scale_and_bias\":[1,[0]]", with: "").json
    let error = try #require(refusal(of: Array(json.utf8)))
    #expect(error.code == .unsupported && error.description.contains("before 0.16"))
  }

  @Test("the small model is good")
  func validFile() {
    #expect(refusal(of: Array(SmallCatBoost().json.utf8)) == nil)
  }

  @Test("nested trees are refused where a node is neither split nor leaf")
  func nodes() throws {
    let split = SmallCatBoost.ageSplit
    for (tree, word) in [
      ("{}", "a leaf needs a value"), ("{\"value\":[]}", "a leaf needs a value"),
      ("{\"split\":\(split)}", "two branches"),
      ("{\"left\":{\"value\":1},\"split\":\(split)}", "two branches"),
      ("{\"left\":{\"value\":1},\"right\":{\"value\":1}}", "a leaf needs a value"),
      (
        "{\"left\":{\"value\":1},\"right\":{\"value\":1},\"split\":\(split),\"value\":1}",
        "two branches"
      ),
      (
        "{\"left\":{\"value\":1},\"right\":{\"value\":[1,2]},\"split\":\(split)}", "as many numbers"
      ),
      ("{\"value\":1},{\"value\":[1,2]}", "trees[1]"), ("{\"value\":1,\"wait\":2}", "wait"),
    ] {
      let error = try #require(refusal(of: Array(SmallCatBoost().withTrees(tree).json.utf8)))
      #expect(error.description.contains(word), "\(error)")
    }
  }

  @Test("trees may be as deep as trees can be, and no deeper")
  func deepTrees() throws {
    func chain(_ depth: Int) -> String {
      let split = SmallCatBoost.ageSplit
      return String(repeating: "{\"left\":", count: depth) + "{\"value\":1}"
        + String(repeating: ",\"right\":{\"value\":2},\"split\":\(split)}", count: depth)
    }
    #expect(refusal(of: Array(SmallCatBoost().withTrees(chain(20_000)).json.utf8)) == nil)
    let error = try #require(
      refusal(of: Array(SmallCatBoost().withTrees(chain(300_000)).json.utf8)))
    #expect(error.code == .limit)
  }

  @Test("a file cut anywhere is refused", arguments: ["model.json", "model.cbm"])
  func truncation(_ file: String) throws {
    for name in ["cat_ctr_mixed", "cat_ctr_lossguide_classes", "cat_onehot"] {
      let bytes = try Fixture.named(name, in: "catboost").bytes(file)
      for count in stride(from: 1, to: bytes.count - 2, by: max(bytes.count / 200, 1)) {
        #expect(refusal(of: Array(bytes.prefix(count))) != nil, "\(name), \(count) bytes")
      }
    }
  }
}
