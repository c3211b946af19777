import Evaluator
import Foundation
import Importers
import TestSupport
import Testing
import TreeIR

@Suite("What CatBoost's losses make of scores")
struct CatBoostObjectiveTests {
  /// A model whose scores are `scores`, whatever the row.
  private func model(
    _ loss: String, scores: [Double], info: String = "", bias: String = "[1,[0]]"
  ) throws -> TreeModel {
    let value = scores.count == 1 ? "\(scores[0])" : "\(scores)"
    return try SmallCatBoost().withTrees("{\"value\":\(value),\"weight\":1}")
      .withLoss(loss, info).replacing("[1,[0]]", with: bias).imported()
  }

  private func predict(_ model: TreeModel, _ output: PredictionOutput) throws -> [Double] {
    try Predictor(model).predict(row: [0, 0], output: output)
  }

  @Test(arguments: ["Logloss", "CrossEntropy", "Focal"])
  func scoresOfTwoClassesAreLogits(_ loss: String) throws {
    let model = try model(loss, scores: [0.75])
    let positive = 1 / (1 + exp(-0.75))
    #expect(model.task == .binaryClassification)
    #expect(try predict(model, .prediction) == [positive])
    #expect(try predict(model, .probability) == [1 - positive, positive])
    #expect(
      try predict(model, .logProbability) == [-log(1 + exp(0.75)), -log(1 + exp(-0.75))])
    #expect(try predict(model, .label) == [1])
  }

  @Test func aScoreAtTheThresholdIsOfClassZero() throws {
    for (score, label) in [(0.0, 0.0), (-0.0, 0), (1e-300, 1), (-1e-300, 0)] {
      #expect(try predict(try model("Logloss", scores: [score]), .label) == [label])
    }
    let threshold = "\"binclass_probability_threshold\":\"0.1\","
    let border = -log(1 / 0.1 - 1)
    for (score, label) in [(border, 0.0), (border.nextUp, 1), (border.nextDown, 0)] {
      let model = try model("Logloss", scores: [score], info: threshold)
      #expect(try predict(model, .label) == [label], "\(score)")
    }
  }

  @Test func thresholdsMayBeZeroAndOne() throws {
    for (threshold, label) in [("0", 1.0), ("1", 0)] {
      let model = try model(
        "Logloss", scores: [0], info: "\"binclass_probability_threshold\":\"\(threshold)\",")
      #expect(try predict(model, .label) == [label])
    }
  }

  /// The texts that the file has, and what they mean.
  @Test(arguments: [
    ("[\"no\",\"yes\"]", "String", [CategoryValue.string("no"), .string("yes")]),
    ("[5,7]", "Integer", [.integer(5), .integer(7)]),
    ("[0.10000000149011612,1]", "Float", [.double(Double(0.1 as Float)), .double(1)]),
    ("[false,true]", "Boolean", [.boolean(false), .boolean(true)]),
    ("[]", "Integer", [.integer(0), .integer(1)]),
  ])
  func classLabels(_ names: String, _ type: String, _ labels: [CategoryValue]) throws {
    let info = """
      "class_params":{"class_label_type":"\(type)","class_names":\(names),
      "class_to_label":[0,1],"classes_count":0},
      """
    #expect(try model("Logloss", scores: [1], info: info).classLabels == labels)
    // cbm and old JSON have them as text.
    let text = info.replacing("\n", with: " ").replacing("\"", with: "\\\"")
      .replacing("\\\"class_params\\\":{", with: "\"class_params\":\"{")
      .replacing("},", with: "}\",")
    #expect(try model("Logloss", scores: [1], info: text).classLabels == labels)
  }

  @Test func oldFilesHaveLabelsAmongTheParameters() throws {
    let model = try SmallCatBoost().withTrees("{\"value\":1,\"weight\":1}").withLoss("Logloss")
      .replacing(
        "\"params\":{\"loss_function\"",
        with: "\"params\":{\"data_processing_options\":{\"class_names\":[\"a\",\"b\"]},"
          + "\"loss_function\""
      ).imported()
    #expect(model.classLabels == [.string("a"), .string("b")])
  }

  @Test func classesExcludeEachOther() throws {
    let model = try model("MultiClass", scores: [0.5, 2, 2, -1])
    let probabilities = try predict(model, .probability)
    #expect(model.task == .multiclassClassification)
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-15 && probabilities[1] == probabilities[2])
    #expect(try predict(model, .prediction) == probabilities)
    #expect(try predict(model, .label) == [1])
    for (log, probability) in zip(try predict(model, .logProbability), probabilities) {
      #expect(abs(exp(log) - probability) < 1e-15)
    }
  }

  @Test func classesMayBeJudgedOneByOne() throws {
    let model = try model("MultiClassOneVsAll", scores: [0.5, 2, -1])
    #expect(try predict(model, .probability) == [0.5, 2, -1].map { 1 / (1 + exp(-$0)) })
    #expect(try predict(model, .logProbability) == [0.5, 2, -1].map { -log(1 + exp(-$0)) })
    #expect(try predict(model, .label) == [1])
  }

  @Test func classesThatTrainingHasNotMetHaveNoScore() throws {
    let info = """
      "class_params":{"class_label_type":"String","class_names":["a","b","c","d"],
      "class_to_label":[1,3],"classes_count":0},
      """
    let model = try model("MultiClassOneVsAll", scores: [0.5, 0.25], info: info)
    #expect(try predict(model, .raw) == [-.infinity, 0.5, -.infinity, 0.25])
    #expect(try predict(model, .probability)[0] == 0)
    #expect(try predict(model, .label) == [1])
    #expect(model.classLabels.count == 4)
  }

  @Test(arguments: ["MultiLogloss", "MultiCrossEntropy"])
  func aRowMayHaveSeveralClasses(_ loss: String) throws {
    let json = SmallCatBoost().withTrees("{\"value\":[0.5,-1,0],\"weight\":1}").withLoss(loss).json
    // Without the statistic, which JSON cannot hold for several targets.
    let start = try #require(json.firstRange(of: "\"ctrs\":[")?.lowerBound)
    let end = try #require(json.firstRange(of: "\"float_features\"")?.lowerBound)
    let model = try importModel(json.replacingCharacters(in: start..<end, with: ""))
    #expect(model.task == .multilabelClassification)
    #expect(try predict(model, .probability) == [0.5, -1, 0].map { 1 / (1 + exp(-$0)) })
    #expect(try predict(model, .label) == [1, 0, 0])
    #expect(
      try Predictor(model).columnNames(of: .label) == ["label_0", "label_1", "label_2"])
  }

  @Test(arguments: ["Poisson", "Tweedie"])
  func exponentsArePredicted(_ loss: String) throws {
    let model = try model(loss, scores: [1.5])
    let exponent = try predict(model, .exponent)
    #expect(abs(exponent[0] - exp(1.5)) < 1e-14)
    #expect(try predict(model, .prediction) == exponent)
    #expect(try predict(model, .raw) == [1.5])
  }

  @Test func uncertaintyIsAVariance() throws {
    let prediction = try predict(
      try model("RMSEWithUncertainty", scores: [1.5, -0.25]), .prediction)
    #expect(prediction[0] == 1.5 && abs(prediction[1] - exp(-0.5)) < 1e-15)
  }

  @Test(arguments: [
    ("RMSE", ModelTask.regression), ("MAE", .regression), ("Quantile", .regression),
    ("Cox", .regression), ("YetiRank", .ranking), ("QueryRMSE", .ranking),
    ("PythonUserDefinedPerObject", .unknown),
  ])
  func theRestIsPredictedAsItIs(_ loss: String, _ task: ModelTask) throws {
    let model = try model(loss, scores: [-0.75])
    #expect(model.task == task)
    #expect(try predict(model, .prediction) == [-0.75])
    #expect(throws: PredictionError.self) { try predict(model, .label) }
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    var copy = self
    copy.replaceSubrange(range, with: text)
    return copy
  }
}
