import Importers
import Testing
import TreeIR

@Suite("Trees of LightGBM's text form")
struct LightGBMTextTreeTests {
  @Test("a tree keeps its splits, links, leaves and counts")
  func structure() throws {
    let ensemble = try SmallModel().imported().ensembles[0]
    #expect(ensemble.profile == .lightGBM)
    #expect(ensemble.baseScores == [0])
    #expect(Array(ensemble.trees.splitStarts) == [0, 3, 3])
    #expect(Array(ensemble.trees.leafStarts) == [0, 4, 5])
    #expect(
      ensemble.splits[0]
        == Split(
          slot: 0, condition: .lessOrEqual, missing: .asZero, operand: .threshold(30.5),
          gain: 3.5))
    #expect(
      ensemble.splits[1]
        == Split(
          slot: 1, condition: .inCategorySet, missing: .right, operand: .categorySet(0),
          gain: 2.5))
    #expect(ensemble.categorySets.categories(inSet: 0) == [0, 2])
    let children = try #require(ensemble.children)
    #expect(Array(children.left) == [1, -1, -3])
    #expect(Array(children.right) == [2, -2, -4])
    #expect(Array(children.covers) == [100, 30, 70])
    #expect(Array(ensemble.leaves.values) == [0.1, -0.2, 0.3, -0.4, 0.0625])
    #expect(Array(ensemble.leaves.covers) == [10, 20, 30, 40, 0])
    #expect(ensemble.leaves.linear == nil)
  }

  /// decision_type of a numerical split: default way in bit 1, missing type in bits 2 and 3.
  static let decisionTypes: [(Int, MissingRule)] = [
    (0, .asZero), (2, .asZero), (4, .rightWithZero), (6, .leftWithZero), (8, .right), (10, .left),
  ]

  @Test("a numerical decision type is a missing rule", arguments: decisionTypes)
  func numericalDecision(type: Int, rule: MissingRule) throws {
    let model = try SmallModel().setting("decision_type", "\(type) 1 10").imported()
    #expect(model.ensembles[0].splits[0]?.missing == rule)
    #expect(model.ensembles[0].splits[0]?.condition == .lessOrEqual)
  }

  @Test("a categorical split sends what is missing right", arguments: [1, 3, 5, 7, 9, 11])
  func categoricalDecision(type: Int) throws {
    let model = try SmallModel().setting("decision_type", "2 \(type) 10").imported()
    #expect(model.ensembles[0].splits[1]?.missing == .right)
    #expect(model.ensembles[0].splits[1]?.condition == .inCategorySet)
  }

  @Test("other decision types are refused", arguments: [-1, 12, 13, 14, 15, 16, 32, 64, 127, 300])
  func unknownDecision(type: Int) {
    let error = refusal(of: SmallModel().setting("decision_type", "\(type) 1 10").text())
    #expect(error?.code == .unsupported)
    #expect(error?.place.key == "decision_type")
    #expect(error?.feature == "age")
  }

  @Test("without decision types every split is numerical and has no missing values")
  func missingDecisions() throws {
    let model = try SmallModel().removing("decision_type=").imported()
    #expect(model.ensembles[0].comparableSplits.allSatisfy { $0.missing == .asZero })
  }

  @Test("thresholds may be infinite, but not NaN")
  func infiniteThresholds() throws {
    let model = try SmallModel().setting("threshold", "inf 0 -inf").imported()
    #expect(model.ensembles[0].splits[0]?.operand == .threshold(.infinity))
    #expect(model.ensembles[0].splits[2]?.operand == .threshold(-.infinity))
    #expect(refusal(of: SmallModel().setting("threshold", "nan 0 1").text())?.code == .invalid)
  }

  @Test("a linear tree has a model in each leaf; lists tolerate runs of blanks")
  func linear() throws {
    let ensemble = try SmallModel().setting("is_linear", "1")
      .inserting("leaf_const=1 2 3 4", before: "shrinkage")
      .inserting("num_features=2 0 1 0", before: "shrinkage")
      .inserting("leaf_features=0 2   3  ", before: "shrinkage")
      .inserting("leaf_coeff=0.5 -0.25   8   ", before: "shrinkage")
      .imported().ensembles[0]
    let linear = try #require(ensemble.leaves.linear)
    // The constant tree that follows has models without terms: its own value.
    #expect(Array(linear.constants) == [1, 2, 3, 4, 0.0625])
    #expect(Array(linear.termStarts) == [0, 2, 2, 3, 3, 3])
    #expect(Array(linear.termSlots) == [0, 2, 3])
    #expect(Array(linear.termCoefficients) == [0.5, -0.25, 8])
    #expect(Array(ensemble.leaves.values.prefix(4)) == [0.1, -0.2, 0.3, -0.4])
  }

  @Test("lines may end with \\r\\n, and keys may come in any order")
  func lineEndsAndOrder() throws {
    let plain = try SmallModel().imported()
    let carriageReturns = try importModel(SmallModel().text(lineEnd: "\r\n"))
    #expect(carriageReturns.ensembles == plain.ensembles)
    #expect(carriageReturns.input == plain.input)
    let reordered = try SmallModel().removing("num_leaves=4").removing("cat_threshold=5")
      .inserting("cat_threshold=5", before: "num_cat=1")
      .inserting("num_leaves=4", before: "shrinkage").imported()
    #expect(reordered.ensembles == plain.ensembles)
  }

  @Test("trees take turns over the outputs")
  func outputs() throws {
    let model = try SmallModel().setting("num_class", "2").setting("num_tree_per_iteration", "2")
      .setting("objective", "multiclass num_class:2").imported()
    let ensemble = model.ensembles[0]
    #expect(Array(ensemble.trees.outputs) == [0, 1])
    #expect(Array(ensemble.trees.iterationStarts) == [0, 2])
  }

  @Test("old files lack num_tree_per_iteration, weights, counts, shrinkage and is_linear")
  func oldFile() throws {
    var model = SmallModel().setting("version", "v2").removing("num_tree_per_iteration")
    for _ in 0..<2 {
      for key in [
        "leaf_weight", "leaf_count", "internal_weight", "internal_count", "is_linear", "shrinkage",
        "split_gain",
      ] {
        model = model.removing("\(key)=")
      }
    }
    let ensemble = try model.imported().ensembles[0]
    #expect(ensemble.treeCount == 2)
    #expect(ensemble.children?.covers.isEmpty == true)
    #expect(ensemble.leaves.covers.isEmpty)
    #expect(ensemble.splits.gains.isEmpty)
  }

  @Test("before 2.2 the importances follow the trees directly")
  func endWithoutWord() throws {
    let model = SmallModel().setting("version", "v2").removing("end of trees")
      .removing("feature_importances:").inserting("feature importances:", before: "age=1")
    #expect(try model.imported().ensembles[0].treeCount == 2)
  }

  @Test("a model may have no trees")
  func noTrees() throws {
    var lines = SmallModel().setting("tree_sizes", "").lines
    lines.removeSubrange(lines.firstIndex(of: "Tree=0")!..<lines.firstIndex(of: "end of trees")!)
    let model = try importModel(lines.joined(separator: "\n"))
    #expect(model.ensembles[0].treeCount == 0)
    #expect(model.ensembles[0].iterationCount == 0)
  }
}
