import Importers
import Testing
import TreeIR

@Suite("The objective decides link, task and early stopping")
struct LightGBMObjectiveTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let objectives: [String]
    let link: Link.Function?
    let task: ModelTask
    let earlyStopping: Ensemble.EarlyStopping
    var testDescription: String { objectives.joined(separator: ", ") }

    init(
      _ objectives: [String], _ link: Link.Function?, _ task: ModelTask = .regression,
      _ earlyStopping: Ensemble.EarlyStopping = .never
    ) {
      self.objectives = objectives
      self.link = link
      self.task = task
      self.earlyStopping = earlyStopping
    }
  }

  static let rows: [Row] = [
    Row(
      [
        "regression", "regression_l2", "mean_squared_error", "mse", "l2", "l2_root",
        "root_mean_squared_error", "rmse", "regression_l1", "mean_absolute_error", "l1", "mae",
        "fair", "fair fair_c:1", "quantile", "quantile alpha:0.9", "mape",
        "mean_absolute_percentage_error", "huber", "huber alpha:0.9", "huber sqrt",
      ], nil),
    Row(
      ["regression sqrt", "regression_l1 sqrt", "fair sqrt", "quantile sqrt", "mape sqrt"],
      .signedSquare),
    Row(
      ["poisson", "gamma", "tweedie", "tweedie tweedie_variance_power:1.5", "poisson sqrt"],
      .exponential),
    Row(["cross_entropy", "xentropy"], .logistic(scale: 1)),
    Row(["cross_entropy_lambda", "xentlambda"], .logOnePlusExp),
    Row(
      ["binary sigmoid:1", "binary"], .logistic(scale: 1), .binaryClassification, .binaryMargin),
    Row(
      ["binary sigmoid:0.7"], .logistic(scale: 0.7), .binaryClassification, .binaryMargin),
    Row(
      [
        "lambdarank", "rank_xendcg", "xendcg", "xe_ndcg", "xe_ndcg_mart", "xendcg_mart",
      ], nil, .ranking, .binaryMargin),
    Row(["custom", "none", "null", "na"], nil, .unknown),
  ]

  @Test("of one output", arguments: rows)
  func oneOutput(row: Row) throws {
    for objective in row.objectives {
      let model = try SmallModel().setting("objective", objective).imported()
      #expect(model.links == (row.link.map { [$0] } ?? []), "\(objective)")
      #expect(model.task == row.task, "\(objective)")
      #expect(model.ensembles[0].earlyStopping == row.earlyStopping, "\(objective)")
      #expect(model.provenance.objective == objective)
    }
  }

  @Test("Version v2 rounds one plus exp before the logarithm")
  func oldEntropyLambda() throws {
    let model = try SmallModel().setting("version", "v2")
      .setting("objective", "xentlambda").imported()
    #expect(model.links == [.logOfRoundedOnePlusExp])
  }

  static let multiclass: [Row] = [
    Row(
      ["multiclass num_class:2", "softmax num_class:2"], .softmax, .multiclassClassification,
      .bestTwoMargin),
    Row(
      [
        "multiclassova num_class:2 sigmoid:1.5", "multiclass_ova num_class:2 sigmoid:1.5",
        "ova num_class:2 sigmoid:1.5", "ovr sigmoid:1.5 num_class:2",
      ], .logistic(scale: 1.5), .multiclassClassification, .bestTwoMargin),
    Row(["custom"], nil, .unknown),
  ]

  @Test("of several outputs", arguments: multiclass)
  func severalOutputs(row: Row) throws {
    for objective in row.objectives {
      let model = try SmallModel().setting("num_class", "2")
        .setting("num_tree_per_iteration", "2").setting("objective", objective).imported()
      #expect(model.links == (row.link.map { [$0] } ?? []), "\(objective)")
      #expect(model.task == row.task)
      #expect(model.ensembles[0].earlyStopping == row.earlyStopping)
      #expect(model.output(.raw)?.slots == [4, 5])
      #expect(model.output(.prediction)?.slots == (row.link == nil ? [4, 5] : [6, 7]))
    }
  }

  @Test("a file without an objective has a custom one")
  func absent() throws {
    let model = try SmallModel().removing("objective").imported()
    #expect(model.task == .unknown)
    #expect(model.links.isEmpty)
    #expect(model.provenance.objective == "")
    #expect(model.output(.probability) == nil)
  }

  @Test(
    "sigmoid is read with LightGBM's own rounding, one unit away from the nearest number",
    arguments: [
      ("3.84005", 0x400E_B86C_2268_09D4), ("5.98929", 0x4017_F508_7011_0A14),
      ("2.14476", 0x4001_2877_EE4E_26D4), ("1.5", 0x3FF8_0000_0000_0000),
      ("1e-05", 0x3EE4_F8B5_88E3_68F1),
    ] as [(String, UInt64)])
  func sigmoidRounding(text: String, bits: UInt64) throws {
    let model = try SmallModel().setting("objective", "binary sigmoid:\(text)").imported()
    #expect(model.links == [.logistic(scale: Double(bitPattern: bits))])
  }

  @Test("a binary model gives both probabilities and the label")
  func binaryOutputs() throws {
    let model = try SmallModel().setting("objective", "binary sigmoid:1").imported()
    #expect(model.output(.raw)?.slots == [4])
    #expect(model.output(.prediction)?.slots == [5])
    #expect(model.output(.probability)?.slots == [6, 5])
    #expect(model.output(.label)?.slots == [7])
    #expect(model.classLabels == [.integer(0), .integer(1)])
    #expect(
      model.operations[2].kind
        == .arithmetic(Arithmetic(.subtract, .constant(1), .slot(5), output: 6)))
    #expect(model.operations[3].kind == .argmax(Argmax(of: [6, 5], output: 7)))
  }

  @Test("a random forest divides by the iterations before the link, and not the raw output")
  func average() throws {
    let model = try SmallModel().setting("objective", "binary sigmoid:1")
      .inserting("average_output", before: "feature_names").imported()
    #expect(model.output(.raw)?.slots == [4])
    #expect(
      model.operations[0].kind
        == .ensemble(EnsembleScore(ensemble: 0, outputs: 4..<5, reportsRange: true)))
    #expect(
      model.operations[1].kind
        == .arithmetic(Arithmetic(.divide, .slot(4), .slot(5), output: 7)))
    #expect(model.operations[2].kind == .link(Link(.logistic(scale: 1), from: 7..<8, to: 8..<9)))
    #expect(model.output(.prediction)?.slots == [8])
  }

  @Test(
    "words that could change predictions are refused",
    arguments: [
      ("clairvoyance", "clairvoyance"), ("", "empty"), ("regression cubed", "cubed"),
      ("binary sqrt", "sqrt"), ("binary sigmoid:-1", "sigmoid"), ("binary sigmoid:0", "sigmoid"),
      ("binary sigmoid:", "sigmoid"), ("binary sigmoid:1x", "sigmoid"),
      ("binary sigmoid:nan", "sigmoid"), ("binary sigmoid:1:2", "sigmoid"),
      ("binary sigmoid:1 sigmoid:2", "twice"), ("regression sigmoid:1", "sigmoid"),
      ("multiclass", "num_class"), ("multiclass num_class:x", "num_class"),
      ("multiclass num_class:99999999999999999999", "num_class"), ("binary shift:1", "shift"),
    ])
  func unknownWords(objective: String, word: String) throws {
    let error = try #require(
      refusal(of: SmallModel().setting("objective", objective).text()))
    #expect(error.place.key == "objective")
    #expect(error.place.line == 7)
    #expect(error.description.contains(word))
    #expect(!error.remedy.isEmpty)
  }

  @Test(
    "the number of classes must be the objective's",
    arguments: [
      ("multiclass num_class:3", 2, 2, "objective"), ("binary", 2, 2, "num_class"),
      ("multiclass num_class:1", 1, 1, "num_class"), ("regression", 2, 2, "num_class"),
      ("regression", 1, 2, "num_tree_per_iteration"), ("regression", 0, 0, "num_class"),
      ("regression", -1, -1, "num_class"),
      ("multiclass num_class:2", 2, 1, "num_tree_per_iteration"),
      ("custom", 2, 1, "num_tree_per_iteration"), ("custom", 70000, 70000, "num_class"),
    ])
  func classCounts(objective: String, classes: Int, trees: Int, key: String) throws {
    let text = SmallModel().setting("objective", objective).setting("num_class", "\(classes)")
      .setting("num_tree_per_iteration", "\(trees)").text()
    #expect(refusal(of: text)?.place.key == key)
  }
}

extension TreeModel {
  /// The link functions of the graph, in order.
  fileprivate var links: [Link.Function] {
    operations.compactMap {
      if case .link(let link) = $0.kind { link.function } else { nil }
    }
  }
}
