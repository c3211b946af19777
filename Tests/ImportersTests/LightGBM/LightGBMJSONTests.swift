import Importers
import Testing
import TreeIR

@Suite("LightGBM's JSON dump")
struct LightGBMJSONTests {
  /// A dump with these members and trees.
  static func dump(
    version: String = "v4", header: String = "\"average_output\": false,",
    objective: String = "\"objective\": \"regression\",", trees: String = leaf,
    footer: String = ""
  ) -> String {
    """
    {"name": "tree", "version": "\(version)", "num_class": 1, "num_tree_per_iteration": 1,
     "label_index": 0, "max_feature_idx": 1, \(objective) \(header)
     "feature_names": ["a", "b"], "monotone_constraints": [],
     "tree_info": [\(trees)]\(footer)}
    """
  }

  static let leaf = """
    {"tree_index": 0, "num_leaves": 1, "num_cat": 0, "shrinkage": 1,
     "tree_structure": {"leaf_value": 0.5}}
    """

  /// A tree of one split whose test these members are.
  static func stump(_ test: String, index: Int = 0) -> String {
    """
    {"tree_index": \(index), "num_leaves": 2, "num_cat": 0, "shrinkage": 1, "tree_structure":
     {"split_index": 0, "split_feature": 1, "split_gain": 1.5, \(test),
      "internal_value": 0, "internal_weight": 1, "internal_count": 7,
      "left_child": {"leaf_index": 0, "leaf_value": 1, "leaf_weight": 1, "leaf_count": 3},
      "right_child": {"leaf_index": 1, "leaf_value": -1, "leaf_weight": 1, "leaf_count": 4}}}
    """
  }

  static func numeric(_ threshold: String, missing: String = "None", left: Bool = true) -> String {
    "\"threshold\": \(threshold), \"decision_type\": \"<=\", \"default_left\": \(left), "
      + "\"missing_type\": \"\(missing)\""
  }

  @Test("a tree of one leaf has neither number nor count")
  func singleLeaf() throws {
    let ensemble = try importModel(Self.dump()).ensembles[0]
    #expect(Array(ensemble.leaves.values) == [0.5])
    #expect(ensemble.splits.count == 0)
  }

  @Test(
    "missing type and default way are the missing rule",
    arguments: [
      ("None", true, .asZero), ("None", false, .asZero), ("Zero", true, .leftWithZero),
      ("Zero", false, .rightWithZero), ("NaN", true, .left), ("NaN", false, .right),
    ] as [(String, Bool, MissingRule)])
  func missing(type: String, left: Bool, rule: MissingRule) throws {
    let trees = Self.stump(Self.numeric("0.25", missing: type, left: left))
    let ensemble = try importModel(Self.dump(trees: trees)).ensembles[0]
    #expect(
      ensemble.splits[0]
        == Split(
          slot: 1, condition: .lessOrEqual, missing: rule, operand: .threshold(0.25), gain: 1.5))
    #expect(ensemble.children.map { Array($0.covers) } == [7])
    #expect(Array(ensemble.leaves.covers) == [3, 4])
  }

  @Test("thresholds of ±1e300 are infinite, except where training itself made them 1e300")
  func clamped() throws {
    for (version, sign, expected) in [
      ("v3", "", Double.infinity), ("v4", "-", -.infinity), ("v2", "", 1e300), ("v2", "-", -1e300),
    ] {
      let trees = Self.stump(Self.numeric("\(sign)1e+300"))
      let model = try importModel(Self.dump(version: version, trees: trees))
      #expect(model.ensembles[0].splits[0]?.operand == .threshold(expected))
    }
    let trees = Self.stump(Self.numeric("Infinity"))
    #expect(
      try importModel(Self.dump(trees: trees)).ensembles[0].splits[0]?.operand
        == .threshold(.infinity))
  }

  @Test("categories with '||' between are a set")
  func categories() throws {
    let test = """
      "threshold": "1||5||70", "decision_type": "==", "default_left": false, "missing_type": "NaN"
      """
    let model = try importModel(Self.dump(trees: Self.stump(test)))
    let ensemble = model.ensembles[0]
    #expect(ensemble.categorySets.categories(inSet: 0) == [1, 5, 70])
    #expect(ensemble.splits[0]?.missing == .right)
    #expect(model.input.columns.map(\.kind) == [.numeric, .categoryCodes])
  }

  @Test("keys may come in any order, the trees before the header too")
  func anyOrder() throws {
    let trees = Self.stump(Self.numeric("0.25"))
    let usual = try importModel(Self.dump(trees: trees))
    let reversed = """
      {"tree_info": [{"tree_structure":
        {"right_child": {"leaf_count": 4, "leaf_value": -1, "leaf_index": 1},
         "left_child": {"leaf_count": 3, "leaf_value": 1, "leaf_index": 0},
         "internal_count": 7, "missing_type": "None", "default_left": true,
         "decision_type": "<=", "threshold": 0.25, "split_gain": 1.5, "split_feature": 1,
         "split_index": 0}, "num_leaves": 2, "tree_index": 0}],
       "feature_names": ["a", "b"], "objective": "regression", "average_output": false,
       "max_feature_idx": 1, "num_tree_per_iteration": 1, "num_class": 1, "version": "v4"}
      """
    let model = try importModel(reversed)
    #expect(model.ensembles == usual.ensembles)
    #expect(model.input == usual.input)
    #expect(model.operations == usual.operations)
    let late = Self.dump(header: "", trees: trees, footer: ", \"average_output\": true")
    #expect(try importModel(late).operations.count == 2)
  }

  @Test("a dump of the last iterations counts its trees from there")
  func partialDump() throws {
    let trees = [5, 6].map { Self.stump(Self.numeric("1"), index: $0) }.joined(separator: ",")
    #expect(try importModel(Self.dump(trees: trees)).ensembles[0].treeCount == 2)
    let gap = [5, 7].map { Self.stump(Self.numeric("1"), index: $0) }.joined(separator: ",")
    let error = refusal(of: Self.dump(trees: gap))
    #expect(error?.place.key == "tree_info[1].tree_index")
  }

  @Test("without objective and average_output the dump is too old to tell the link")
  func noObjective() throws {
    let old = Self.dump(version: "v2", header: "", objective: "")
    #expect(refusal(of: old)?.place.key == "objective")
    #expect(try importModel(Self.dump(objective: "")).task == .unknown)
  }

  @Test("a chain of 100000 nodes needs no deep call stack")
  func deepTree() throws {
    let depth = 100_000
    var tree = ""
    for node in 0..<depth {
      tree += """
        {"split_index": \(node), "split_feature": 0, \(Self.numeric("\(node)")),
        "right_child": {"leaf_index": \(node), "leaf_value": \(node)}, "left_child":
        """
    }
    tree += "{\"leaf_index\": \(depth), \"leaf_value\": -1}" + String(repeating: "}", count: depth)
    let ensemble = try importModel(
      Self.dump(trees: "{\"tree_index\": 0, \"tree_structure\": \(tree)}")
    ).ensembles[0]
    #expect(ensemble.splits.count == depth)
    #expect(ensemble.leaves.values[depth] == -1)
  }

  @Test("nodes are placed by their numbers, whatever their order in the text")
  func numbering() throws {
    let tree = """
      {"tree_index": 0, "tree_structure": {"split_index": 0, "split_feature": 0,
       \(Self.numeric("0")), "left_child": {"split_index": 2, "split_feature": 1,
       \(Self.numeric("2")), "left_child": {"leaf_index": 3, "leaf_value": 3},
       "right_child": {"leaf_index": 0, "leaf_value": 0}}, "right_child":
       {"split_index": 1, "split_feature": 1, \(Self.numeric("1")),
       "left_child": {"leaf_index": 1, "leaf_value": 1},
       "right_child": {"leaf_index": 2, "leaf_value": 2}}}}
      """
    let ensemble = try importModel(Self.dump(trees: tree)).ensembles[0]
    #expect(Array(ensemble.leaves.values) == [0, 1, 2, 3])
    #expect(ensemble.splits[1]?.operand == .threshold(1))
    #expect(ensemble.children.map { Array($0.left) } == [2, -2, -4])
    #expect(ensemble.children.map { Array($0.right) } == [1, -3, -1])
  }

  @Test(
    "what does not make a node is refused, with its path",
    arguments: [
      (
        "\"threshold\": \"1\", \"decision_type\": \"<=\", \"default_left\": true, \"missing_type\": \"None\"",
        "tree_structure.threshold"
      ),
      (
        "\"threshold\": 1, \"decision_type\": \"==\", \"default_left\": true, \"missing_type\": \"None\"",
        "tree_structure.threshold"
      ),
      (
        "\"threshold\": NaN, \"decision_type\": \"<=\", \"default_left\": true, \"missing_type\": \"None\"",
        "tree_structure.threshold"
      ),
      (
        "\"decision_type\": \"<=\", \"default_left\": true, \"missing_type\": \"None\"",
        "tree_structure.threshold"
      ),
      (
        "\"threshold\": 1, \"default_left\": true, \"missing_type\": \"None\"",
        "tree_structure.decision_type"
      ),
      (
        "\"threshold\": 1, \"decision_type\": \"<=\", \"missing_type\": \"None\"",
        "tree_structure.default_left"
      ),
      (
        "\"threshold\": 1, \"decision_type\": \"<=\", \"default_left\": true",
        "tree_structure.missing_type"
      ),
      (
        "\"threshold\": \"1|5\", \"decision_type\": \"==\", \"default_left\": true, \"missing_type\": \"None\"",
        "tree_structure.threshold"
      ),
      (
        "\"threshold\": \"-1\", \"decision_type\": \"==\", \"default_left\": true, \"missing_type\": \"None\"",
        "tree_structure.threshold"
      ),
      ("\"magic\": 1", "tree_structure.'magic'"),
      ("\"split_index\": 0", "tree_structure.'split_index'"),
      ("\"leaf_value\": 1", "tree_structure.leaf_value"),
    ])
  func brokenNodes(test: String, path: String) throws {
    let error = try #require(refusal(of: Self.dump(trees: Self.stump(test))))
    #expect(error.place.key == "tree_info[0].\(path)")
    #expect(error.place.line != nil && error.place.column != nil)
  }

  @Test("unknown and repeated keys at the top are refused")
  func topLevelKeys() {
    #expect(refusal(of: Self.dump(footer: ", \"magic\": 1"))?.code == .unsupported)
    #expect(refusal(of: Self.dump(footer: ", \"num_class\": 1"))?.code == .malformed)
    #expect(refusal(of: Self.dump(footer: ", \"tree_sizes\": [1]"))?.code == .unsupported)
    #expect(refusal(of: Self.dump(footer: ", \"feature_importances\": {\"a\": 1}")) == nil)
  }

  @Test("sets may not cost more memory than the file makes plausible")
  func setBudget() {
    let test = """
      "threshold": "200000000", "decision_type": "==", "default_left": false, "missing_type": "NaN"
      """
    let error = refusal(of: Self.dump(trees: Self.stump(test)))
    #expect(error?.code == .limit)
    #expect(error?.place.key == "tree_info[0].tree_structure.threshold")
  }

  // MARK: Dictionaries

  static let infos = """
    "average_output": false, "feature_infos":
    {"a": {"min_value": 0.5, "max_value": 9, "values": []},
     "b": {"min_value": -1, "max_value": 1, "values": [-1, 1, 0]}},
    """

  @Test("dictionaries are mapped where no other column can have one")
  func certainDictionaries() throws {
    let model = try importModel(
      Self.dump(header: Self.infos, footer: ", \"pandas_categorical\": [[\"x\", \"y\"]]"))
    #expect(
      model.input.columns == [
        InputColumn(name: "a", kind: .numeric, range: 0.5...9),
        InputColumn(
          name: "b", kind: .dictionary([.string("x"), .string("y")], unknown: .missing),
          codes: [1, 0]),
      ])
  }

  @Test("and must be named where one can")
  func uncertainDictionaries() throws {
    let footer = ", \"pandas_categorical\": [[\"x\", \"y\"]]"
    let integers = Self.infos.replacing("0.5", with: "0").replacing("9", with: "1")
    let unknown = Self.infos.replacing(
      "\"a\": {\"min_value\": 0.5, \"max_value\": 9, \"values\": []},", with: "")
    for header in [integers, unknown, "\"average_output\": false,"] {
      let text = Self.dump(header: header, footer: footer)
      #expect(refusal(of: text)?.code == .categoricalColumns)
      var options = ImportOptions()
      options.categoricalColumns = ["b"]
      #expect(try importModel(text, options: options).input.columns[1].kind != .numeric)
    }
  }
}
