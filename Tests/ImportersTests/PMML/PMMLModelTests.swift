import Foundation
import Importers
import TestSupport
import Testing
import TreeIR

@testable import Evaluator

@Suite("PMML of sklearn2pmml is scored as JPMML does", .timeLimit(.minutes(1)))
struct PMMLModelTests {
  static let names = [
    "ada_regression", "bins_expression_forest", "calibrated_isotonic", "domain_tree",
    "histogram_missing", "isolation_forest", "lightgbm_binary", "lightgbm_ordinal",
    "one_hot_forest", "stacking", "two_targets", "voting_hard_truth", "voting_soft_texts",
    "xgboost_classes", "xgboost_poisson",
  ]

  @Test("models of fixtures/pmml/models", arguments: names)
  func model(name: String) throws {
    let folder = "pmml/models/\(name)"
    let bytes = try Fixture.bytes("\(folder)/model.pmml")
    let input = try CSVContent(Data(Fixture.bytes("\(folder)/input.csv")))
    let expected = try CSVContent(Data(Fixture.bytes("\(folder)/expected.csv")))
    #expect(input.rows.count == 40 && expected.rows.count == 40)
    let model = try Importer.read(bytes.span, name: name)
    var pmml = PMMLCase(name: name, document: bytes)
    for (cells, answers) in zip(input.rows, expected.rows) {
      pmml.rows.append(
        PMMLCase.Row(
          cells: Dictionary(uniqueKeysWithValues: zip(input.header, cells).filter { $1 != "" }),
          answer: Self.answer(expected.header, answers, model)))
    }
    let outcome = try PMMLAnswerCheck().outcome(pmml)
    #expect(outcome.count == 0, "\(outcome.first)")
  }

  /// The tables do not tell types, and the importer's are compared in other tests.
  private static func answer(
    _ names: [String], _ texts: [String], _ model: TreeModel
  ) -> PMMLCase.Answer {
    if texts.contains("#ERROR") { return .refusal("") }
    var values: [String: PMMLCase.Value] = [:]
    for (name, text) in zip(names, texts) {
      let type = model.resultFields.first { $0.name == name }?.type
      let className =
        switch type {
        case .integer: "Integer"
        case .float: "Float"
        case .double: "Double"
        case .boolean: "Boolean"
        default: "String"
        }
      values[name] = text.isEmpty ? .init(type: "null") : .init(type: className, text: text)
    }
    return .values(values)
  }
}
