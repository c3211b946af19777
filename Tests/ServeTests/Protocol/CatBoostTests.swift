import TestSupport
import Testing
import TreeIR

@testable import Serve

/// What treec does better than MLflow's server with models of CatBoost, and what it refuses.
@Suite struct CatBoostTests {
  /// Columns a, b and c.
  private let named: ServedModel
  /// Columns colour and size, of categories, weight and height.
  private let categories: ServedModel
  /// Columns a, b, k (of categories), c and d, of which only b and c are looked at.
  private let unused: ServedModel

  init() throws {
    named = try #require(ServedModel.mlflow["cat_named"])
    categories = try #require(ServedModel.mlflow["cat_categories"])
    unused = try #require(ServedModel.mlflow["cat_unused"])
  }

  private func text(
    _ model: ServedModel, _ body: String, type: String = "application/json", strict: Bool = false
  ) async throws -> String {
    let answer = try await RouterClient(model, isStrict: strict).post(body, contentType: type)
    return String(decoding: answer.body, as: UTF8.self)
  }

  private func split(_ columns: String, _ rows: String) -> String {
    #"{"dataframe_split": {"columns": \#(columns), "data": \#(rows)}}"#
  }

  private static let header = #"["colour", "weight", "size", "height"]"#

  // MARK: Both modes

  @Test func whatMLflowAnswersIsAnsweredInBothModes() async throws {
    var count = 0
    for sample in MLflowCase.all
    where sample.model.hasPrefix("cat_") && sample.response.status == 200 {
      let model = try #require(ServedModel.mlflow[sample.model])
      let answer = try await RouterClient(model).send(sample.head, body: sample.body)
      #expect(String(decoding: answer.body, as: UTF8.self) == sample.response.body, "\(sample.id)")
      count += 1
    }
    #expect(count > 600)
  }

  // MARK: Names

  private static let moved = [
    #"{"dataframe_split": {"columns": ["size", "colour", "x", "height", "weight"], "data": [[7, "red", "abc", -0.5, 0.5]]}}"#,
    #"{"dataframe_records": [{"x": {}, "size": 7, "colour": "red", "height": -0.5, "weight": 0.5}]}"#,
    #"{"dataframe_split": {"data": {"size": 7, "colour": ["red"], "x": [[1]], "height": -0.5, "weight": 0.5}}}"#,
  ]

  @Test(arguments: moved)
  func columnsOfCategoriesAreFoundByName(_ body: String) async throws {
    let expected = try await text(
      categories, split(Self.header, #"[["red", 0.5, 7, -0.5]]"#), strict: true)
    #expect(expected.hasPrefix(#"{"predictions": ["#))
    #expect(try await text(categories, body) == expected)
    // For MLflow a column is one of categories where the model has one.
    #expect(try await text(categories, body, strict: true).contains("error_code"))
  }

  @Test func columnsOfCSVAreFoundByName() async throws {
    let expected = try await text(
      categories, split(Self.header, #"[["red", 0.5, 7, -0.5]]"#), strict: true)
    #expect(
      try await text(
        categories, "x,size,height,colour,weight\nabc,7,-0.5,red,0.5\n", type: "text/csv")
        == expected)
  }

  @Test func whatTheModelDoesNotLookAtMayBeMissing() async throws {
    let expected = try await text(unused, #"{"inputs": [[0, 1, "u", -1, 2]]}"#)
    #expect(
      try await text(unused, split(#"["c", "b", "z"]"#, #"[[-1, 1, "t"]]"#)) == expected)
  }

  // MARK: Categories

  @Test func aMissingCellOfCSVIsEmptyText() async throws {
    let expected = try await text(
      categories, split(Self.header, #"[["", 0.5, 7, 1], ["NA", 0.5, 7, 1], ["red", 0.5, 7, 1]]"#))
    let body = "colour,weight,size,height\n,0.5,7,1\nNA,0.5,7,1\nred,0.5,7,1\n"
    #expect(try await text(categories, body, type: "text/csv") == expected)
    #expect(
      try await text(categories, body, type: "text/csv", strict: true).contains("error_code"))
  }

  @Test func aMissingCellDoesNotChangeTheIntegersBesideIt() async throws {
    let expected = try await text(
      categories, split(Self.header, #"[[7, 0.5, 7, 1], ["", 0.5, 7, 1]]"#))
    #expect(
      try await text(
        categories, "colour,weight,size,height\n007,0.5,7,1\n,0.5,+7,1\n", type: "text/csv")
        == expected)
  }

  private static let refused = [
    ("[[1.0, 0.5, 7, 1]]", "Row 0, column 'colour': 1.0 is no category"),
    (#"[["red", 0.5, 7, 1], [null, 0.5, 7, 1]]"#, "Row 1, column 'colour': there is no category"),
    (#"[["red", 0.5, {}, 1]]"#, "Row 0, column 'size': the cell is a list or an object"),
    (#"[["red", "x", 7, 1]]"#, "Row 0, column 'weight': 'x' is text, not a number"),
    (#"[[18446744073709551616, 0.5, 7, 1]]"#, "Integers are too large for a category"),
  ]

  @Test(arguments: refused)
  func aCellThatIsNoCategoryIsNamed(_ rows: String, _ words: String) async throws {
    let answer = try await RouterClient(categories).post(split(Self.header, rows))
    #expect(answer.status == 400)
    let message = try #require(ErrorBody(answer.body)).message
    #expect(message.contains(words), "\(message)")
  }

  // MARK: Bounds

  @Test func manyMoreColumnsThanTheModelHasAreRefused() async throws {
    let names = (0..<70_000).map { "c\($0)" }.joined(separator: ",")
    let body = "a,b,c,\(names)\n1,2,3\n"
    #expect(try await text(named, body, type: "text/csv").contains("columns"))
    let header = "[\"a\",\"b\",\"c\",\"" + names.replacing(",", with: "\",\"") + "\"]"
    #expect(try await text(named, split(header, "[]")).contains("there are more than 65536"))
  }

  @Test func columnsThatAreLeftOutDoNotTakeTime() async throws {
    let names = (0..<60_000).map { "c\($0)" }
    let wide = "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + #","a":1,"b":2,"c":3}"#
    let records = [wide] + [String](repeating: "{}", count: 100_000)
    let body = #"{"dataframe_records": [\#(records.joined(separator: ","))]}"#
    #expect(try await text(named, body).hasPrefix(#"{"predictions": ["#))
    let table = "\(names.joined(separator: ",")),a,b,c\n" + String(repeating: "1\n", count: 1000)
    #expect(try await text(named, table, type: "text/csv").contains("cells"))
  }
}
