import Evaluator
import TestSupport
import Testing
import TreeIR

@testable import Serve

/// What `--output` answers: other outputs than the prediction, and labels as classifiers give them.
@Suite struct OutputTests {
  /// One column x; each class is as likely as `scores` says for x above 0 and below.
  private func model(
    _ library: String, _ task: ModelTask, _ labels: [CategoryValue]
  ) throws -> TreeModel {
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    var ensemble = EnsembleBuilder(profile: .catBoost, outputCount: labels.count)
    for output in labels.indices {
      var tree = SampleModels.stump(
        slot: 0, condition: .greater, threshold: 0, missing: .compare, left: Double(output),
        right: Double(-output))
      tree.output = output
      try ensemble.add(tree)
    }
    let scores = builder.score(builder.add(ensemble.build()))
    builder.task = task
    builder.provenance = Provenance(library: library)
    builder.classLabels = labels
    builder.outputs = [
      ModelOutput(.raw, slots: Array(scores)), ModelOutput(.prediction, slots: Array(scores)),
      ModelOutput(.label, slots: [builder.argmax(of: Array(scores))]),
    ]
    return try builder.build()
  }

  private func answer(_ model: TreeModel, _ output: PredictionOutput, _ body: String) async throws
    -> String
  {
    let served = try ServedModel(model, output: output)
    let answer = try await RouterClient(served).post(body)
    return String(decoding: answer.body, as: UTF8.self)
  }

  private static let rows = #"{"inputs": [[1], [-1], [NaN]]}"#

  private static let labels: [([CategoryValue], String)] = [
    ([.integer(3), .integer(-7)], "-7, 3, 3"),
    ([.string("ja"), .string("n\"ö😀\t")], #""n\"\u00f6\ud83d\ude00\t", "ja", "ja""#),
    ([.double(1), .double(-2.5)], "-2.5, 1.0, 1.0"),
    ([.boolean(false), .boolean(true)], "true, false, false"),
  ]

  @Test(arguments: labels)
  func labelsAreWrittenAsPythonWritesThem(_ labels: [CategoryValue], _ text: String) async throws {
    let model = try model("CatBoost", .binaryClassification, labels)
    #expect(try await answer(model, .label, Self.rows) == "{\"predictions\": [\(text)]}")
  }

  @Test func labelsOfSeveralClassesAreListsInCatBoostAlone() async throws {
    let labels: [CategoryValue] = [.string("a"), .string("b"), .string("c")]
    let body = #"{"inputs": [[1], [-1]]}"#
    #expect(
      try await answer(model("CatBoost", .multiclassClassification, labels), .label, body)
        == #"{"predictions": [["c"], ["a"]]}"#)
    #expect(
      try await answer(model("LightGBM", .multiclassClassification, labels), .label, body)
        == #"{"predictions": ["c", "a"]}"#)
  }

  @Test func oneRowAloneHasAnAnswerWithoutAList() async throws {
    let binary = try model("CatBoost", .binaryClassification, [.integer(0), .integer(1)])
    let body = #"{"inputs": [1]}"#
    #expect(try await answer(binary, .label, body) == #"{"predictions": 1}"#)
    #expect(try await answer(binary, .raw, body) == #"{"predictions": [0.0, 1.0]}"#)
    let three = try model(
      "CatBoost", .multiclassClassification, [.integer(0), .integer(1), .integer(2)])
    #expect(try await answer(three, .label, body) == #"{"predictions": [2]}"#)
  }

  @Test func anOutputThatTheModelLacksIsAnError() throws {
    let model = try SampleModels.regression()
    #expect(throws: PredictionError.self) { try ServedModel(model, output: .label) }
    #expect(throws: PredictionError.self) { try ServedModel(model, output: .logProbability) }
  }
}
