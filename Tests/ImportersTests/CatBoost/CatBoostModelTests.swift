import Evaluator
import Importers
import TestSupport
import Testing
import TreeIR

@Suite("What CatBoost's models say, in a small one")
struct CatBoostModelTests {
  private let small = SmallCatBoost()

  private func predict(
    _ model: TreeModel, age: Double, town: Int32, _ output: PredictionOutput = .raw,
    options: PredictionOptions = PredictionOptions()
  ) throws -> [Double] {
    try Predictor(model).predict(row: [age, Double(town)], output: output, options: options)
  }

  /// The hash of a town whose record is 12345, which is no hash of a text that anybody knows.
  private static let unseen: Int32 = 99

  @Test func aLeafIsFoundByTheBitsOfItsSplits() throws {
    let model = try small.imported()
    // The statistic of a town that training has not seen: (0 + 0.5) / (0 + 1) · 15 = 7.5 > 5.
    #expect(try predict(model, age: 30.5, town: Self.unseen) == [1 - 0.25])
    #expect(try predict(model, age: 30.6, town: Self.unseen) == [2 - 0.25])
    #expect(try predict(model, age: 30.5, town: 7) == [3 - 0.25])
    #expect(try predict(model, age: 31, town: 7) == [4 - 0.25])
    #expect(try predict(model, age: 31, town: 7, .leaf) == [3, 1])
  }

  @Test func missingNumbersAreAboveAllBordersIfTheFileSaysSo() throws {
    #expect(try predict(small.imported(), age: .nan, town: Self.unseen) == [1.75])
    for edit in [
      ("AsTrue", "AsFalse"), ("AsTrue", "AsIs"), ("has_nans\":true", "has_nans\":false"),
    ] {
      let model = try small.replacing(edit.0, with: edit.1).imported()
      #expect(try predict(model, age: .nan, town: Self.unseen) == [0.75], "\(edit)")
    }
  }

  @Test func sumsAreScaledAndTheBiasIsAddedWithTheFirstTree() throws {
    let first = PredictionOptions(iterationCount: 1)
    let second = PredictionOptions(startIteration: 1)
    for (text, whole, one, rest) in [
      ("[1,[0]]", 0.75, 1.0, -0.25), ("[1,[0.5]]", 1.25, 1.5, -0.25),
      ("[2,[0]]", 1.5, 2, -0.5), ("[2,[0.5]]", 2, 2.5, -0.5), ("[1,0.5]", 1.25, 1.5, -0.25),
    ] {
      let model = try small.replacing("[1,[0]]", with: text).imported()
      #expect(try predict(model, age: 1, town: Self.unseen) == [whole], "\(text)")
      #expect(try predict(model, age: 1, town: Self.unseen, options: first) == [one], "\(text)")
      #expect(try predict(model, age: 1, town: Self.unseen, options: second) == [rest], "\(text)")
    }
  }

  @Test func rangesOfTreesAreThoseOfTheModel() throws {
    let predictor = Predictor(try small.imported())
    for (start, count) in [(2, nil), (1, 2), (0, 3), (-1, nil), (3, 1)] as [(Int, Int?)] {
      #expect(throws: PredictionError.self, "\(start), \(count ?? 0)") {
        try predictor.predict(
          row: [1, 1], output: .raw,
          options: PredictionOptions(startIteration: start, iterationCount: count))
      }
    }
  }

  @Test func theTextsOfCategoriesAreKept() throws {
    let model = try small.imported()
    #expect(model.categoryTexts.texts(of: 7) == ["Oslo"])
    #expect(model.categoryTexts.texts(of: 8) == [])
    let read = try TreeModel(tirBytes: model.tirBytes().span)
    #expect(read.categoryTexts == model.categoryTexts)
  }

  @Test func theFileTellsWhereItComesFrom() throws {
    let provenance = try small.imported().provenance
    #expect(provenance.library == "CatBoost" && provenance.version == "1.2.10")
    #expect(provenance.objective == "RMSE")
    #expect(provenance.attributes == [.init(name: "model_guid", value: "1-2")])
  }

  @Test func columnsWithoutNamesGoByTheirNumbers() throws {
    let model =
      try small
      .replacing("\"feature_id\":\"town\"", with: "\"feature_id\":\"\"")
      .replacing("\"feature_name\":\"town\"", with: "\"feature_name\":\"\"")
      .replacing("\"feature_id\":\"age\"", with: "\"feature_id\":\"\"")
      .replacing("\"feature_name\":\"age\"", with: "\"feature_name\":\"\"")
      .imported()
    #expect(model.input.columns.map(\.name) == ["0", "1"])
    #expect(!model.input.hasNames)
  }

  /// `drop_unused_features` leaves gaps, and nobody knows the names of what was there.
  @Test func columnsThatCatBoostDroppedKeepTheirPlaces() throws {
    let model = try small.replacing(
      "\"flat_feature_index\":1", with: "\"flat_feature_index\":3"
    ).imported()
    #expect(model.input.columns.map(\.name) == ["age", "1", "2", "town"])
    #expect(model.input.columns.map { $0.kind == .ignored } == [false, true, true, false])
    let predictor = Predictor(model)
    #expect(try predictor.predict(row: [31, .nan, .nan, 7], output: .raw) == [3.75])
    // By name they need not be there, and what is in them does not matter.
    #expect(try ColumnMatch(["town", "age"], to: model).positions == [1, 0, 0, 0])
    let row = try predictor.makeRowEncoder().encode(cells: ["31", "x", "", "Oslo"])
    #expect(row[1].isNaN && row[2].isNaN && row[0] == 31)
    #expect(try TreeModel(tirBytes: model.tirBytes().span).input == model.input)
  }

  // MARK: Trees that are not oblivious

  private static let nested = """
    {"left":{"value":1,"weight":1},"right":{"left":{"left":{"value":2,"weight":2},
    "right":{"value":3,"weight":3},"split":\(SmallCatBoost.townSplit)},
    "right":{"value":4,"weight":4},"split":\(SmallCatBoost.statisticSplit)},
    "split":\(SmallCatBoost.ageSplit)}
    """

  @Test func nestedTreesGoRightWhereASplitHolds() throws {
    let model = try small.withTrees(Self.nested).imported()
    #expect(try predict(model, age: 30, town: 7) == [1])
    #expect(try predict(model, age: 31, town: 7) == [4])
    let other = try small.replacing("\"prior_numerator\":0.5", with: "\"prior_numerator\":0.1")
      .withTrees(Self.nested).imported()
    #expect(try predict(other, age: 31, town: 7) == [3])
    #expect(try predict(other, age: 31, town: 8) == [2])
  }

  @Test func aLeafIsNumberedBeforeASubtreeBesideIt() throws {
    let model = try small.replacing("\"prior_numerator\":0.5", with: "\"prior_numerator\":0.1")
      .withTrees(Self.nested).imported()
    #expect(try predict(model, age: 30, town: 7, .leaf) == [0])
    #expect(try predict(model, age: 31, town: 7, .leaf) == [3])
    #expect(try predict(model, age: 31, town: 8, .leaf) == [2])
  }

  @Test func aTreeMayBeALeaf() throws {
    let model = try small.withTrees("{\"value\":2.5,\"weight\":1}").imported()
    #expect(try predict(model, age: 30, town: 7) == [2.5])
    #expect(try predict(model, age: 30, town: 7, .leaf) == [0])
  }

  @Test func leavesMayBeVectors() throws {
    let vectors = """
      {"left":{"value":[1,2,3],"weight":1},"right":{"value":[4,5,6],"weight":1},
      "split":\(SmallCatBoost.ageSplit)}
      """
    let model = try small.withTrees(vectors).withLoss("MultiQuantile").imported()
    #expect(try predict(model, age: 30, town: 7) == [1, 2, 3])
    #expect(try predict(model, age: 31, town: 7) == [4, 5, 6])
  }
}
