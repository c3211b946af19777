import Evaluator
import Importers
import TestSupport
import Testing
import TreeIR

@Suite("What the parts of an XGBoost model become")
struct XGBoostModelTests {
  private func scores(_ model: SmallXGBoost, _ rows: [[Double]]) throws -> [Double] {
    let predictor = Predictor(try model.imported())
    return try rows.map { try predictor.predict(row: $0, output: .raw)[0] }
  }

  @Test("columns, categories, attributes and provenance")
  func parts() throws {
    for (bytes, format) in zip(try SmallXGBoost().forms(), ["JSON", "UBJSON"]) {
      let model = try importModel(bytes)
      #expect(model.input.columns.map(\.name) == ["age", "colour"])
      #expect(model.input.columns[0].kind == .numeric)
      #expect(
        model.input.columns[1].kind
          == .dictionary([.string("red"), .string("he"), .string("on")], unknown: .refused))
      #expect(model.input.hasNames)
      #expect(
        model.provenance.attributes == [
          .init(name: "best_iteration", value: "1"), .init(name: "note", value: "ä"),
        ])
      #expect(model.provenance.library == "XGBoost")
      #expect(model.provenance.version == "3.2.0")
      #expect(model.provenance.format == "XGBoost \(format)")
      #expect(model.provenance.objective == "reg:squarederror")
      let ensemble = model.ensembles[0]
      #expect(ensemble.profile == .xgBoost)
      #expect(ensemble.baseScores == [0.5])
      #expect(Array(ensemble.splits.gains) == [9, 4])
      #expect(Array(ensemble.children?.covers ?? []) == [10, 6])
      #expect(Array(ensemble.leaves.covers) == [4, 3.5, 2.5, 7])
    }
  }

  @Test("a number goes left below the threshold; what is missing goes the default way")
  func numericSplit() throws {
    #expect(
      try scores(
        SmallXGBoost(), [[30.25, 0], [30.5, 0], [.nan, 0], [30.499999999, 0], [-.infinity, 0]])
        // The fourth is 30.5 in Float.
        == [1.75, 4.75, 1.75, 4.75, 1.75])
    #expect(
      try scores(SmallXGBoost().replacing("[1,0,0,0,0]", with: "[0,0,0,0,0]"), [[.nan, 0]])
        == [4.75])
  }

  @Test("categories of the set go right, all others left, NaN the default way")
  func categoricalSplit() throws {
    let codes: [(code: Double, isRight: Bool)] = [
      (0, true), (1, false), (2, true), (2.75, true), (-0.0, true), (3, false), (31, false),
      (32, false), (-1, false), (-0.5, false), (1e7, false), (0x1p24, false), (.infinity, false),
      (-.infinity, false), (.nan, true),
    ]
    let plain = SmallXGBoost().withoutDictionary()
    #expect(
      try scores(plain, codes.map { [40, $0.code] }) == codes.map { $0.isRight ? 4.75 : 2.75 })
    let defaultLeft = plain.replacing("[1,0,0,0,0]", with: "[1,0,1,0,0]")
    #expect(try scores(defaultLeft, [[40, .nan]]) == [2.75])
  }

  @Test("before 1.7.3 categories beyond a set's words, or in none at all, go the default way")
  func oldCategoricalSplit() throws {
    let beyond = [-1, -0.5, 32, 1e7, 0x1p24, .infinity, -.infinity]
    for (defaultLeft, score) in [(0, 4.75), (1, 2.75)] {
      let model = SmallXGBoost().replacing("[3,2,0]", with: "[1,7,2]")
        .withoutDictionary()
        .replacing("[1,0,0,0,0]", with: "[1,0,\(defaultLeft),0,0]")
      #expect(try scores(model, beyond.map { [40, $0] }) == beyond.map { _ in score })
      #expect(try scores(model, [[40, 0], [40, 1], [40, 31]]) == [4.75, 2.75, 2.75])
      let newer = model.replacing("[1,7,2]", with: "[1,7,3]")
      #expect(try scores(newer, beyond.map { [40, $0] }) == beyond.map { _ in 2.75 })
    }
  }

  @Test("leaves are numbered as the nodes of the file")
  func leaves() throws {
    let predictor = Predictor(try SmallXGBoost().imported())
    #expect(try predictor.predict(row: [40, 0], output: .leaf) == [4, 0])
    #expect(try predictor.predict(row: [40, 1], output: .leaf) == [3, 0])
    #expect(try predictor.predict(row: [0, 1], output: .leaf) == [1, 0])
  }

  @Test("nodes that no way leads to are left out, and their fields not looked at")
  func deletedNodes() throws {
    let pruned = SmallXGBoost()
      .replacing("\"left_children\":[1,-1,3,-1,-1]", with: "\"left_children\":[1,-1,-1,-1,-1]")
      .replacing("\"right_children\":[2,-1,4,-1,-1]", with: "\"right_children\":[2,-1,-1,-1,-1]")
      .replacing("[0,0,1,0,0],", with: "[0,2147483647,2147483647,2147483647,9],")
      .replacing("[30.5,1.0,0.0,2.0,4.0]", with: "[30.5,1.0,8.0,NaN,NaN]")
    let model = try pruned.imported()
    #expect(model.ensembles[0].leaves.count == 3)
    #expect(try scores(pruned, [[40, 0]]) == [8.75])
    #expect(try Predictor(model).predict(row: [40, 0], output: .leaf) == [2, 0])
  }

  @Test("a node may come before its parent")
  func disorder() throws {
    let turned = SmallXGBoost()
      .replacing("\"left_children\":[1,-1,3,-1,-1]", with: "\"left_children\":[3,-1,-1,-1,1]")
      .replacing("\"right_children\":[2,-1,4,-1,-1]", with: "\"right_children\":[4,-1,-1,-1,2]")
      .replacing("[30.5,1.0,0.0,2.0,4.0]", with: "[30.5,2.0,4.0,1.0,0.0]")
      .replacing("\"split_indices\":[0,0,1,0,0]", with: "\"split_indices\":[0,0,0,0,1]")
      .replacing("\"split_type\":[0,0,1,0,0]", with: "\"split_type\":[0,0,0,0,1]")
      .replacing("\"categories_nodes\":[2]", with: "\"categories_nodes\":[4]")
    let rows = [[0.0, 0], [40, 1], [40, 0]]
    #expect(try scores(turned, rows) == scores(SmallXGBoost(), rows))
    let predictor = Predictor(try turned.imported())
    #expect(try predictor.predict(row: [40, 0], output: .leaf) == [2, 0])
    #expect(Array(try turned.imported().ensembles[0].children?.nativeIDs ?? []) == [0, 4])
  }

  @Test("sums are in Float, tree by tree")
  func floatSums() throws {
    let model = SmallXGBoost().replacing("[5E-1]", with: "1.6777216E7")
      .replacing("[30.5,1.0,", with: "[30.5,1.5,").replacing("[0.25]", with: "[0.75]")
    #expect(try scores(model, [[0, 0]]) == [Double(Float(16_777_216) + 1.5 + 0.75)])
  }

  @Test("dart multiplies each tree's leaf by its weight, in Float, wherever the weights stand")
  func dart() throws {
    let weight: Float = 0.3
    let weights = "\"weight_drop\":[\(weight),1.0]"
    let trees = SmallXGBoost().replacing("[30.5,1.0,", with: "[30.5,0.7,")
    let models = [
      trees
        .replacing("\"gradient_booster\":{", with: "\"gradient_booster\":{\"gbtree\":{")
        .replacing(
          "\"name\":\"gbtree\"}",
          with: "\"name\":\"gbtree\"},\"name\":\"dart\",\(weights)}"),
      trees.replacing("\"name\":\"gbtree\"", with: "\"name\":\"gbtree\",\(weights)"),
      trees.replacing("\"tree_info\"", with: "\(weights),\"tree_info\""),
    ]
    for model in models {
      #expect(try scores(model, [[0, 0]]) == [Double(0.5 + 0.7 * weight + 0.25)])
    }
    // Dart of its own gives −0 no sign; as gbtree with weights it keeps it.
    let zeros = models.map { $0.replacing("[30.5,0.7,", with: "[30.5,-0.0,") }.map {
      $0.replacing("[0.25]", with: "[-0.0]").replacing("[5E-1]", with: "-0E0")
    }
    #expect(try zeros.map { try scores($0, [[0, 0]])[0].sign } == [.plus, .minus, .minus])
    for model in models {
      let short = model.replacing(",1.0]", with: "]")
      #expect(refusal(of: short.json)?.place.key == "weight_drop")
    }
    // Updating trees adds weights before 3.3; no weights say nothing from then on.
    let long = models[0].replacing(",1.0]", with: ",1.0,0.5]")
    #expect(try long.imported().ensembles == models[0].imported().ensembles)
    let none = trees.replacing("\"tree_info\"", with: "\"weight_drop\":[],\"tree_info\"")
    #expect(refusal(of: none.json) != nil)
    #expect(
      try none.replacing("[3,2,0]", with: "[3,4,0]").imported().ensembles[0].trees.weights.isEmpty)
  }

  @Test("vector leaves in both layouts")
  func vectors() throws {
    let vector = SmallXGBoost()
      .replacing("\"size_leaf_vector\":\"1\"", with: "\"size_leaf_vector\":\"2\"")
      .replacing("\"size_leaf_vector\":\"1\"", with: "\"size_leaf_vector\":\"2\"")
      .replacing("\"num_target\":\"1\"", with: "\"num_target\":\"2\"")
    let byNode = vector.replacing(
      "\"base_weights\":[0.0,0.0,0.0,0.0,0.0]",
      with: "\"base_weights\":[9.0,9.0,1.0,10.0,9.0,9.0,2.0,20.0,4.0,40.0]"
    ).replacing("\"base_weights\":[0.0]", with: "\"base_weights\":[0.25,0.5]")
    let byLeaf = vector.replacing(
      "\"left_children\":[1",
      with: "\"leaf_weights\":[1.0,10.0,2.0,20.0,4.0,40.0],\"left_children\":[1"
    ).replacing("\"right_children\":[2,-1,4,-1,-1]", with: "\"right_children\":[2,0,4,1,2]")
      .replacing(
        "\"left_children\":[-1]", with: "\"leaf_weights\":[0.25,0.5],\"left_children\":[-1]"
      ).replacing("\"right_children\":[-1]", with: "\"right_children\":[0]")
    for model in [byNode, byLeaf] {
      let predictor = Predictor(try model.imported())
      #expect(try predictor.predict(row: [0, 0], output: .raw) == [1.75, 11])
      #expect(try predictor.predict(row: [40, 1], output: .raw) == [2.75, 21])
      #expect(try predictor.predict(row: [40, 0], output: .raw) == [4.75, 41])
      #expect(try predictor.predict(row: [40, 0], output: .leaf) == [4, 0])
    }
  }

  @Test("without iteration_indptr each output has num_parallel_tree trees an iteration")
  func oldIterations() throws {
    let old = SmallXGBoost().replacing("\"iteration_indptr\":[0,1,2],", with: "")
    #expect(try old.imported().ensembles[0].iterationCount == 2)
    let forest = old.replacing("\"num_parallel_tree\":\"1\"", with: "\"num_parallel_tree\":\"2\"")
    #expect(try forest.imported().ensembles[0].iterationCount == 1)
    let classes = old.replacing("\"num_class\":\"0\"", with: "\"num_class\":\"2\"")
      .replacing("[0,0],\"trees\"", with: "[0,1],\"trees\"")
      .replacing("reg:squarederror", with: "multi:softprob")
    #expect(try classes.imported().ensembles[0].iterationCount == 1)
    let odd = old.replacing("\"num_parallel_tree\":\"1\"", with: "\"num_parallel_tree\":\"3\"")
    #expect(refusal(of: odd.json)?.description.contains("num_parallel_tree=3") == true)
  }

  @Test("keys may come in any order")
  func keyOrder() throws {
    let model = try SmallXGBoost().imported()
    let text = SmallXGBoost().json
    let start = try #require(text.firstRange(of: ",\n\"version\"")).lowerBound
    let turned = "{\"version\":[3,2,0]," + text.dropFirst()[..<start] + "}"
    #expect(try importModel(turned).ensembles == model.ensembles)
    let escaped = SmallXGBoost().replacing("\"learner\"", with: "\"\\u006cearner\"")
    #expect(try escaped.imported().ensembles == model.ensembles)
  }

  /// The dictionary of `colour` in a model with `dictionary` in its place.
  private func dictionary(_ dictionary: String, version: String = "3,4,0") throws
    -> InputColumn.Kind
  {
    try SmallXGBoost().replacing(
      SmallXGBoost.dictionary, with: dictionary
    ).replacing("[3,2,0]", with: "[\(version)]").imported().input.columns[1].kind
  }

  @Test("integers of every width are categories, unsigned ones also where they seem negative")
  func integerDictionary() throws {
    let types: [(type: Int, stored: String, values: [Int64])] = [
      (9, "-5,0,7", [-5, 0, 7]), (10, "-1,0,254", [255, 0, 254]), (11, "-300,1", [-300, 1]),
      (12, "-1,1", [65535, 1]), (13, "-70000", [-70000]), (14, "-1,2", [4_294_967_295, 2]),
      (15, "-9007199254740993", [-9_007_199_254_740_993]),
    ]
    for (type, stored, values) in types {
      #expect(
        try dictionary("{\"type\":\(type),\"values\":[\(stored)]}")
          == .dictionary(values.map { .integer($0) }, unknown: .refused), "\(type)")
    }
    #expect(throws: ImportError.self) { try dictionary("{\"type\":7,\"values\":[1.5]}") }
    for (type, stored) in [
      (9, 128), (10, 256), (10, -129), (11, 32768), (12, 65536), (13, 1 << 31), (14, -1 << 32),
    ] {
      #expect(throws: ImportError.self, "\(stored) as \(type)") {
        try dictionary("{\"type\":\(type),\"values\":[\(stored)]}")
      }
    }
  }

  @Test("names that are not ASCII are refused before 3.4, where pandas' are saved wrongly")
  func namesBeyondASCII() throws {
    // é, z: as bytes, signed or not, and as those XGBoost 3.1 to 3.3 make of them.
    let right = "{\"offsets\":[0,2,3],\"values\":[-61,-87,122]}"
    let unsigned = "{\"offsets\":[0,2,3],\"values\":[195,169,122]}"
    let names = InputColumn.Kind.dictionary([.string("é"), .string("z")], unknown: .refused)
    #expect(try dictionary(right) == names)
    #expect(try dictionary(unsigned) == names)
    for (text, version) in [
      (right, "3,1,0"), (right, "3,3,9"), ("{\"offsets\":[0,1,2],\"values\":[-61,-87]}", "3,2,0"),
    ] {
      let error = #expect(throws: ImportError.self) { try dictionary(text, version: version) }
      #expect(error?.remedy.contains("XGBoost 3.4") == true)
      #expect(error?.place.key?.contains("cats") == true)
    }
  }

  @Test("an unknown category refuses the row unless it is to be missing")
  func unknownCategories() throws {
    let refusing = RowEncoder(try SmallXGBoost().imported().input)
    #expect(throws: RowError.self) { try refusing.encode(cells: ["40", "green"]) }
    #expect(try refusing.encode(cells: ["40", "he"]) == [40, 1])
    var options = ImportOptions()
    options.unknownCategories = .missing
    let model = try SmallXGBoost().imported(options: options)
    let lenient = RowEncoder(model.input)
    #expect(try lenient.encode(cells: ["40", "green"])[1].isNaN)
    var back = ImportOptions()
    back.unknownCategories = .refused
    let copy = try Importer.read(model.tirBytes().span, name: "m", options: back)
    #expect(copy.input == (try SmallXGBoost().imported().input))
  }

  @Test("a model without names calls its columns f0, f1, …")
  func madeUpNames() throws {
    let model = try SmallXGBoost().replacing("[\"age\",\"colour\"]", with: "[]").imported()
    #expect(model.input.columns.map(\.name) == ["f0", "f1"])
    #expect(!model.input.hasNames)
    #expect(try !TreeModel(tirBytes: model.tirBytes().span).input.hasNames)
  }
}
