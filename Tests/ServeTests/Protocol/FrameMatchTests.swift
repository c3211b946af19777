import Serve
import Testing

/// What treec does better than MLflow's server unless told to be strict: columns are found by
/// name, and categories by what they are called.
@Suite struct FrameMatchTests {
  /// Columns a, b and c.
  private let binary: ServedModel
  /// Columns colour (blue, green, red), weight, size (L, M, S, XL) and height.
  private let pandas: ServedModel

  init() throws {
    binary = try #require(ServedModel.mlflow["nosig_binary"])
    pandas = try #require(ServedModel.mlflow["nosig_pandas"])
  }

  private func text(_ model: ServedModel, _ body: String, strict: Bool = false) async throws
    -> String
  {
    let answer = try await RouterClient(model, isStrict: strict).post(body)
    return String(decoding: answer.body, as: UTF8.self)
  }

  // MARK: Names

  private static let permuted = [
    #"{"dataframe_split": {"columns": ["c", "a", "b"], "data": [[0.75, -3, -0.5]]}}"#,
    #"{"dataframe_split": {"data": [[0.75, -3, -0.5]], "columns": ["c", "a", "b"]}}"#,
    #"{"dataframe_split": {"data": {"c": [0.75], "a": [-3], "b": [-0.5]}}}"#,
    #"{"dataframe_split": {"data": [{"c": 0.75, "a": -3, "b": -0.5}]}}"#,
    #"{"dataframe_split": {"columns": ["c", "b", "a"], "data": [{"a": -3, "b": -0.5, "c": 0.75}]}}"#,
    #"{"dataframe_records": [{"c": 0.75, "a": -3, "b": -0.5}]}"#,
    #"{"dataframe_records": [{"\u0063": 0.75, "a": -3, "b": -0.5}]}"#,
    #"{"dataframe_records": [{"c": 0, "a": -3, "b": -0.5, "c": 0.75}]}"#,
  ]

  @Test(arguments: permuted)
  func columnsInAnotherOrderAreFoundByName(_ body: String) async throws {
    let inOrder =
      #"{"dataframe_split": {"columns": ["a", "b", "c"], "data": [[-3, -0.5, 0.75]]}}"#
    let expected = try await text(binary, inOrder)
    #expect(try await text(binary, body) == expected)
    // MLflow goes by position and is wrong without a word.
    #expect(try await text(binary, body, strict: true) != expected)
  }

  @Test(
    arguments: [
      #"{"dataframe_split": {"columns": ["c", "b", "x"], "data": [[-3, -0.5, 0.75]]}}"#,
      #"{"dataframe_split": {"columns": ["c", "c", "a"], "data": [[-3, -0.5, 0.75]]}}"#,
      #"{"dataframe_split": {"columns": [2, 1, 0], "data": [[-3, -0.5, 0.75]]}}"#,
      #"{"dataframe_records": [{"C": -3, "B": -0.5, "A": 0.75}]}"#,
      #"{"inputs": [[-3, -0.5, 0.75]]}"#,
    ])
  func otherNamesLeaveThePositions(_ body: String) async throws {
    let expected = try await text(
      binary, #"{"dataframe_split": {"data": [[-3, -0.5, 0.75]]}}"#)
    #expect(try await text(binary, body) == expected)
  }

  @Test func aColumnThatComesLateFindsItsPlaceInAllRows() async throws {
    let late = #"{"dataframe_records": [{"c": 1, "a": 2}, {"c": 3, "a": 4, "b": 5}]}"#
    let split =
      #"{"dataframe_split": {"columns": ["a", "b", "c"], "data": [[2, NaN, 1], [4, 5, 3]]}}"#
    #expect(try await text(binary, late) == text(binary, split))
  }

  // MARK: Categories

  private static let codes = "[[2, 0.5, 1, -0.5]]"
  private static let categories = [
    #"{"dataframe_split": {"data": [["red", 0.5, "M", -0.5]]}}"#,
    #"{"dataframe_split": {"columns": ["colour", "weight", "size", "height"], "data": [["red", 0.5, "M", -0.5]]}}"#,
    #"{"dataframe_split": {"columns": ["size", "height", "colour", "weight"], "data": [["M", -0.5, "red", 0.5]]}}"#,
    #"{"dataframe_split": {"data": [["M", -0.5, "red", 0.5]], "columns": ["size", "height", "colour", "weight"]}}"#,
    #"{"dataframe_split": {"data": {"size": ["M"], "height": [-0.5], "colour": ["red"], "weight": [0.5]}}}"#,
    #"{"dataframe_records": [{"colour": "red", "weight": 0.5, "size": "M", "height": -0.5}]}"#,
    #"{"dataframe_records": [{"height": -0.5, "colour": "r\u0065d", "weight": 0.5, "size": "M"}]}"#,
    #"{"instances": [["red", 0.5, "M", -0.5]]}"#,
    #"{"inputs": [["red", 0.5, "M", -0.5]]}"#,
  ]

  @Test(arguments: categories)
  func categoriesAreEncodedInEveryFormat(_ body: String) async throws {
    let expected = try await text(pandas, #"{"inputs": \#(Self.codes)}"#, strict: true)
    #expect(expected.hasPrefix("{\"predictions\""))
    #expect(try await text(pandas, body) == expected)
    #expect(try await RouterClient(pandas, isStrict: true).post(body).status == 400)
  }

  @Test func unknownCategoriesAndNullAreMissing() async throws {
    let missing = try await text(pandas, #"{"inputs": [[NaN, 0.5, NaN, -0.5]]}"#, strict: true)
    for cells in [
      #""pink", 0.5, "XXL""#, #"null, 0.5, null"#, #""pink", 0.5, null"#, #"NaN, 0.5, "XXL""#,
    ] {
      #expect(try await text(pandas, #"{"inputs": [[\#(cells), -0.5]]}"#) == missing)
      #expect(
        try await text(pandas, #"{"dataframe_split": {"data": [[\#(cells), -0.5]]}}"#) == missing)
    }
    // In a frame, a number is a category.
    #expect(
      try await text(pandas, #"{"dataframe_split": {"data": [[3, 0.5, true, -0.5]]}}"#) == missing)
    let record =
      #"{"dataframe_records": [{"weight": 0.5, "height": -0.5, "colour": "x"}, {"size": "M"}]}"#
    #expect(try await RouterClient(pandas).post(record).status == 200)
  }

  // MARK: Categories in arrays

  /// A number that goes right in a tree, and left when it is rounded to float32.
  private static let fine = "0.585300227881064"

  @Test(
    arguments: [
      "[2, 0.5, 1, -0.5]", "[2, \(fine), 1, -0.5]", "[2, \(fine), 1, null]", "[2, 1, 1, 3]",
      "[null, \(fine), 1, -0.5]", "[true, \(fine), 1, -0.5]", "[true, true, false, true]",
      "[NaN, 0.5, 7, -0.5]", #"[2, "\#(fine)", 1, -0.5]"#, #"[2, "0.5", true, -0.5]"#,
      #"[2, "half", 1, -0.5]"#, "[[], 0.5, 1, -0.5]", "[2, 0.5, 1]", "[36028797018963969, 1, 1, 3]",
    ])
  func numbersInArraysAreCodesAsInMLflow(_ row: String) async throws {
    for body in ["{\"inputs\": [\(row)]}", "{\"instances\": [[0, 0, 0, 0], \(row)]}"] {
      let expected = try await RouterClient(pandas, isStrict: true).post(body)
      let answer = try await RouterClient(pandas).post(body)
      #expect(answer.status == expected.status)
      if answer.status == 200 { #expect(answer == expected) }
    }
  }

  @Test(
    arguments: [
      (#"["red", 0.5, 1, -0.5]"#, "Row 0, column 'size': 1 stands"),
      (#"[2, 0.5, "M", -0.5]"#, "Row 0, column 'colour': 2 stands"),
      (#"["red", 0.5, true, -0.5]"#, "Row 0, column 'size': True stands"),
      (#"["red", 0.5, "M", 1], [0, 1, "M", 0]"#, "Row 1, column 'colour': 0 stands"),
      (#"[0, 1, 0, 0], ["unknown", 0.5, "M", 1]"#, "Row 0, column 'colour': 0 stands"),
    ])
  func whatMayBeACodeOrACategoryIsRefused(_ rows: String, _ reason: String) async throws {
    let answer = try await RouterClient(pandas).post("{\"instances\": [\(rows)]}")
    let error = try #require(ErrorBody(answer.body))
    #expect(error.message.contains(reason + " in an array that has categories as text; is it a "))
    #expect(error.message.contains("Use dataframe_split for categories"))
  }

  @Test func arraysWithCategoriesAsTextAreNotRounded() async throws {
    let expected = try await text(
      pandas, #"{"dataframe_split": {"data": [["red", \#(Self.fine), "M", NaN]]}}"#)
    let rounded = try await text(
      pandas, #"{"dataframe_split": {"data": [["red", 0.5853002, "M", NaN]]}}"#)
    #expect(expected != rounded)
    for row in [#"["red", \#(Self.fine), "M", null]"#, #"["red", "\#(Self.fine)", "M", NaN]"#] {
      #expect(try await text(pandas, #"{"inputs": [\#(row)]}"#) == expected)
    }
  }
}
