import Foundation
import Importers
import TestSupport
import Testing
import TreeIR

@Suite(
  "Broken XGBoost models are refused with place and remedy", .timeLimit(.minutes(1)))
struct XGBoostRefusalTests {
  static let hostile = try! CSVContent(Data(Fixture.bytes("hostile/xgboost/index.csv"))).rows
    .map { (file: $0[0], word: $0[2]) }

  @Test("a file one edit away from a good one", arguments: hostile)
  func hostileFile(file: String, word: String) throws {
    let error = try #require(refusal(of: try Fixture.bytes("hostile/xgboost/\(file)")))
    #expect(error.description.contains(word), "\(error)")
    #expect(!error.remedy.isEmpty)
  }

  @Test(
    "the good files are good",
    arguments: ["", "-dart", "-dictionary", "-linear", "-vector", "-vector-old"],
    ["json", "ubj"])
  func validFile(name: String, form: String) throws {
    #expect(refusal(of: try Fixture.bytes("hostile/xgboost/valid\(name).\(form)")) == nil)
  }

  /// An edit, the kind of failure, and what the message has to name.
  typealias Edit = (old: String, new: String, code: ImportError.Code, word: String)

  static let edits: [Edit] = [
    // Links
    ("[1,-1,3,-1,-1]", "[1,-1,5,-1,-1]", .invalid, "node 5"),
    ("[1,-1,3,-1,-1]", "[1,-1,-2,-1,-1]", .invalid, "node -2"),
    ("[1,-1,3,-1,-1]", "[0,-1,3,-1,-1]", .invalid, "cycle"),
    ("[1,-1,3,-1,-1]", "[2,-1,3,-1,-1]", .invalid, "share"),
    ("[2,-1,4,-1,-1]", "[2,-1,-1,-1,-1]", .invalid, "right_children"),
    ("[1,-1,3,-1,-1]", "[1,-1,3,-1]", .invalid, "num_nodes"),
    ("[2,-1,4,-1,-1]", "[2,-1,4,-1]", .invalid, "right_children"),
    ("[1,-1,3,-1,-1]", "[1,-1,3,-1,-1.5]", .malformed, "left_children"),
    ("[1,-1,3,-1,-1]", "[1,-1,3,-1,9999999999]", .invalid, "9999999999"),
    // Splits
    ("[30.5,1.0", "[NaN,1.0", .invalid, "threshold"),
    ("[0,0,1,0,0],\n\"split_type", "[0,0,2,0,0],\n\"split_type", .invalid, "feature 2 of 2"),
    ("[0,0,1,0,0],\n\"split_type", "[-1,0,1,0,0],\n\"split_type", .invalid, "feature -1"),
    ("\"split_type\":[0,0,1,0,0]", "\"split_type\":[0,0,2,0,0]", .unsupported, "type 2"),
    ("\"split_type\":[0,0,1,0,0]", "\"split_type\":[1,0,1,0,0]", .invalid, "node 0 is not listed"),
    ("\"split_type\":[0,0,1,0,0]", "\"split_type\":[0,0,1]", .invalid, "split_type"),
    ("\"default_left\":[1,", "\"default_left\":[2,", .invalid, "default_left"),
    ("\"loss_changes\":[9.0,", "\"loss_changes\":[", .invalid, "loss_changes"),
    ("\"sum_hessian\":[10.0,", "\"sum_hessian\":[", .invalid, "sum_hessian"),
    (
      "\"split_conditions\":[30.5,1.0", "\"split_conditions\":[30.5,\"1\"", .malformed,
      "split_conditions"
    ),
    // Categories
    ("\"categories\":[0,2]", "\"categories\":[0]", .invalid, "categories_sizes"),
    ("\"categories\":[0,2]", "\"categories\":[0,-2]", .invalid, "category -2"),
    ("\"categories\":[0,2]", "\"categories\":[0,2147483647]", .limit, "category 2147483647"),
    ("\"categories_sizes\":[2]", "\"categories_sizes\":[0]", .invalid, "categories_sizes"),
    ("\"categories_sizes\":[2]", "\"categories_sizes\":[]", .invalid, "categories_sizes"),
    (
      "\"categories_segments\":[0]", "\"categories_segments\":[-1]", .invalid, "categories_segments"
    ),
    ("\"categories_nodes\":[2]", "\"categories_nodes\":[7]", .invalid, "node 7"),
    ("[114,101,100,104", "[114,101,195,104", .invalid, "UTF-8"),
    ("[0,3,5,7]", "[0,3,5,8]", .invalid, "offsets"),
    ("[0,3,5,7]", "[0,5,3,7]", .invalid, "offsets"),
    ("[114,101,100", "[114,101,1000", .invalid, "byte"),
    ("{\"offsets\":[],\"values\":[]},", "", .invalid, "cats"),
    ("[0,3,5,7]", "[1,3,5,7]", .invalid, "offsets"), ("[0,3,5,7]", "[0,3,5]", .invalid, "offsets"),
    ("[0,3,5,7]", "[]", .invalid, "offsets"),
    ("[114,101,100,104,101,111,110]", "[114,101,100,111,110,111,110]", .invalid, "twice"),
    // Trees together
    ("\"id\":1", "\"id\":2", .invalid, "tree 2 stands where tree 1"),
    ("\"tree_info\":[0,0]", "\"tree_info\":[0,1]", .invalid, "output 1 of 1"),
    ("\"tree_info\":[0,0]", "\"tree_info\":[0]", .invalid, "tree_info"),
    ("\"tree_info\":[0,0],", "", .invalid, "tree_info"),
    ("\"num_trees\":\"2\"", "\"num_trees\":\"3\"", .invalid, "num_trees"),
    ("[0,1,2],\"tree_info", "[0,2,1],\"tree_info", .invalid, "iteration_indptr"),
    ("[0,1,2],\"tree_info", "[1,2],\"tree_info", .invalid, "iteration_indptr"),
    ("[0,1,2],\"tree_info", "[],\"tree_info", .invalid, "iteration_indptr"),
    ("\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"2\"", .invalid, "base_weights"),
    ("\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"99999\"", .limit, "99999"),
    // The model
    ("\"name\":\"gbtree\"", "\"name\":\"gbforest\"", .unsupported, "gbforest"),
    ("\"name\":\"gbtree\"", "\"name\":\"dart\"", .invalid, "gbtree"),
    ("\"name\":\"gbtree\"", "\"name\":\"gblinear\"", .invalid, "weights"),
    (
      "\"name\":\"gbtree\"", "\"name\":\"gbtree\",\"weight_drop\":[1.0]", .invalid, "weight_drop"
    ),
    (
      "\"name\":\"gbtree\"", "\"name\":\"gbtree\",\"gbtree\":{\"model\":{}}", .invalid, "gbtree"
    ),
    ("reg:squarederror", "reg:custom", .unsupported, "reg:custom"),
    ("\"name\":\"reg:squarederror\",", "", .invalid, "name"),
    (
      "\"name\":\"reg:squarederror\"", "\"name\":\"rank:map\",\"name\":\"reg:squarederror\"",
      .malformed, "twice"
    ),
    ("[\"age\",\"colour\"]", "[\"age\",\"\"]", .unsupported, "empty name"),
    ("\"num_class\":\"0\"", "\"num_class\":\"-1\"", .malformed, "num_class"),
    ("\"num_class\":\"0\"", "\"num_class\":0", .malformed, "num_class"),
    (
      "\"num_feature\":\"2\",\"num_target", "\"num_feature\":\"3\",\"num_target", .invalid,
      "feature_names"
    ),
    ("\"num_target\":\"1\"", "\"num_target\":\"9999999\"", .limit, "9999999"),
    ("[\"age\",\"colour\"]", "[\"age\",\"age\"]", .invalid, "age"),
    ("[\"float\",\"c\"]", "[\"float\"]", .invalid, "feature_types"),
    ("\"version\":[3,2,0]", "\"version\":[3,5,0]", .unsupported, "3.5"),
    ("\"version\":[3,2,0]", "\"version\":[1,6,2]", .unsupported, "1.6"),
    ("\"version\":[3,2,0]", "\"version\":[3]", .invalid, "version"),
    (",\n\"version\":[3,2,0]", "", .invalid, "version"),
    ("\"attributes\":{", "\"attributes\":{\"a\":1,", .malformed, "'a'"),
    ("\"attributes\"", "\"magic\":1,\"attributes\"", .unsupported, "magic"),
    ("\"id\":1", "\"id\":1,\"id\":1", .malformed, "twice"),
    ("\"id\":1", "\"id\":1,\"magic\":{}", .unsupported, "magic"),
    (
      "{\"learner\":{\"attributes\"", "{\"learner\":{\"generic_param\":{},\"attributes\"",
      .unsupported, "save_config"
    ),
    ("{\"learner\":", "{\"Config\":{},\"learner\":", .unsupported, "pickle"),
  ]

  @Test("one edit away from a good model, in both forms", arguments: edits.indices)
  func edit(index: Int) throws {
    let edit = Self.edits[index]
    let model = SmallXGBoost().replacing(edit.old, with: edit.new)
    for bytes in try model.forms() {
      let error = try #require(refusal(of: bytes), "\(edit.old) -> \(edit.new)")
      #expect(error.code == edit.code, "\(error)")
      #expect(error.description.contains(edit.word), "\(error)")
      #expect(!error.remedy.isEmpty)
    }
  }

  @Test("what a file asks for is bounded by its size, before it is given")
  func amplification() throws {
    let outputs = "\"num_target\":\"65536\""
    let linear = SmallXGBoost.withoutTrees("reg:squarederror", boostsFromAverage: true)
      .replacing("\"num_target\":\"1\"", with: outputs)
      .replacing("\"num_feature\":\"1\"", with: "\"num_feature\":\"1048576\"")
      .replacing("\"name\":\"gbtree\"", with: "\"name\":\"gblinear\"")
      .replacing(
        "\"gbtree_model_param\":{\"num_trees\":\"0\"},\"iteration_indptr\":[0],\n\"tree_info\":[],\"trees\":[]",
        with: "\"weights\":[]")
    #expect(refusal(of: linear.json)?.code == .limit)

    // Two leaves of one vector: the file has fewer numbers than they would take.
    let shared = SmallXGBoost().replacing(
      "\"size_leaf_vector\":\"1\"", with: "\"size_leaf_vector\":\"2\""
    )
    .replacing("\"left_children\":[1", with: "\"leaf_weights\":[1.0,2.0],\"left_children\":[1")
    .replacing("\"right_children\":[2,-1,4,-1,-1]", with: "\"right_children\":[2,0,4,0,0]")
    #expect(refusal(of: shared.json)?.description.contains("2 values for 3 leaves") == true)

    // Two splits that share one list of categories.
    let categories = SmallXGBoost()
      .replacing("\"categories_nodes\":[2]", with: "\"categories_nodes\":[0,2]")
      .replacing("\"categories_segments\":[0]", with: "\"categories_segments\":[0,0]")
      .replacing("\"categories_sizes\":[2]", with: "\"categories_sizes\":[2,2]")
    #expect(refusal(of: categories.json)?.description.contains("categories_sizes") == true)

    let quantiles = SmallXGBoost.withoutTrees(
      "reg:quantileerror", targets: 65536, version: "3,4,0")
    #expect(refusal(of: quantiles.json)?.code == .limit)
  }

  @Test("an error of a tree names the way to it")
  func place() throws {
    let model = SmallXGBoost().replacing("[0.25]", with: "[0.25,1.0]")
    let error = try #require(refusal(of: model.json))
    #expect(
      error.place.key == "learner.gradient_booster.model.trees[1].split_conditions", "\(error)")
    let largest = SmallXGBoost().replacing(
      "[0,0,1,0,0],\n\"split_type", with: "[0,0,7,0,0],\n\"split_type")
    #expect(
      refusal(of: largest.json)?.place.key
        == "learner.gradient_booster.model.trees[0].split_indices")
  }

  @Test("a model cut anywhere is refused, in both forms")
  func truncated() throws {
    for bytes in try SmallXGBoost().forms() {
      for length in 1..<bytes.count {
        #expect(refusal(of: Array(bytes.prefix(length))) != nil, "cut after \(length) bytes")
      }
    }
  }

  @Test("bytes after the end are refused, but for blanks after JSON")
  func trailing() throws {
    #expect(refusal(of: SmallXGBoost().json + " \n") == nil)
    for bytes in try SmallXGBoost().forms() {
      #expect(refusal(of: bytes + [UInt8(ascii: "}")])?.code == .malformed)
    }
  }

  @Test("limits are heeded")
  func limits() {
    var options = ImportOptions()
    options.limits.columns = 1
    #expect(refusal(of: SmallXGBoost().json, options: options)?.code == .limit)
    options = ImportOptions()
    options.limits.trees = 1
    #expect(refusal(of: SmallXGBoost().json, options: options)?.code == .limit)
    options = ImportOptions()
    options.limits.splits = 1
    #expect(refusal(of: SmallXGBoost().json, options: options)?.code == .limit)
  }

  @Test("what XGBoost writes besides models is refused with what to do instead")
  func otherFiles() throws {
    let binary =
      [UInt8](repeating: 0, count: 136) + [16, 0, 0, 0, 0, 0, 0, 0] + Array("reg:squarederror".utf8)
      + [6, 0, 0, 0, 0, 0, 0, 0] + Array("gbtree".utf8)
    for bytes in [binary, Array("binf".utf8) + binary] {
      let error = try #require(refusal(of: bytes))
      #expect(error.code == .unsupported)
      #expect(error.message.contains("deprecated binary"))
      #expect(error.remedy.contains("save_model('model.ubj')"))
    }
    for dump in ["booster[0]:\n0:[f2<2.45] yes=1,no=2,missing=1", "[\n  { \"nodeid\": 0}]"] {
      let error = try #require(refusal(of: dump))
      #expect(error.message.contains("dump_model"))
      #expect(error.remedy.contains("save_model"))
    }
  }

  @Test("large nonsense is refused, and quickly")
  func nonsense() throws {
    let deep = SmallXGBoost().replacing(
      "{\"scale_pos_weight\":\"1\"}", with: String(repeating: "[", count: 300_000))
    #expect(refusal(of: deep.json)?.code == .limit)
    let lists = Array(repeating: UInt8(ascii: "["), count: 300_000)
    #expect(
      refusal(of: Array("{".utf8) + UBJSONWriter.key("learner") + lists)?.code == .malformed)
    let objective = Array("{".utf8) + UBJSONWriter.key("learner") + Array("{".utf8)
    let nested =
      objective + UBJSONWriter.key("objective") + Array("{".utf8) + UBJSONWriter.key("x") + lists
    #expect(refusal(of: nested)?.code == .limit)
    let features = SmallXGBoost().replacing("[\"age\",\"colour\"]", with: "[]")
      .replacing("[\"float\",\"c\"]", with: "[]").replacing(
        "\"num_feature\":\"2\",\"num_target",
        with: "\"num_feature\":\"2147483647\",\"num_target")
    #expect(refusal(of: features.json)?.code == .limit)
  }
}
