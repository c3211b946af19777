import Serve
import Testing

/// What is said of rows that cannot be scored.
@Suite struct ScoringErrorTests {
  private let binary: ServedModel

  init() throws {
    binary = try #require(ServedModel.mlflow["nosig_binary"])
  }

  private static let sentence =
    "Encountered an unexpected error while evaluating the model. Verify that the serialized "
    + "input Dataframe is compatible with the model for inference."

  private func error(_ body: String, strict: Bool = false) async throws -> ErrorBody {
    let answer = try await RouterClient(binary, isStrict: strict).post(body)
    #expect(answer.status == 400)
    #expect(answer.contentType == "application/json")
    return try #require(ErrorBody(answer.body))
  }

  private static let refusals: [(body: String, reason: String)] = [
    (
      #"{"dataframe_split": {"data": [[1, 2, 3], [1, "two", 3]]}}"#,
      "Row 1, column 'b': 'two' is text, not a number."
    ),
    (
      #"{"dataframe_records": [{"a": 1, "b": 2, "c": []}]}"#,
      "Row 0, column 'c': the cell is a list or an object, not a number."
    ),
    (
      #"{"dataframe_split": {"data": [[1, null, 3], [1, null, 3]]}}"#,
      "Column 'b': there is nothing but null; a number that is missing is NaN."
    ),
    (
      #"{"dataframe_split": {"data": [[true, 2, 3], [1, 2, 3]]}}"#,
      "Column 'a': true and false stand together with something else."
    ),
    (
      #"{"dataframe_split": {"data": [[1, 2, 18446744073709551616]]}}"#,
      "Column 'c': an integer is too large, or large ones stand together with negative ones."
    ),
    (#"{"dataframe_split": {"data": [[1, 2]]}}"#, "The rows have 2 columns; the model has 3."),
    (#"{"inputs": [[1, 2, 3, 4]]}"#, "The rows have 4 columns; the model has 3."),
    (#"{"dataframe_records": []}"#, "There are no rows."),
    (#"{"inputs": [[1, 2, "x\u001b"]]}"#, #"Row 0, column 'c': 'x\u{1B}' is text, not a number."#),
    (#"{"inputs": [1, 2, 3]}"#, "The array has 1 dimensions; rows are a list of lists of numbers."),
    (
      #"{"inputs": [{"a": 1}]}"#,
      "The rows are objects; send them as dataframe_records, or as lists of numbers."
    ),
    (
      #"{"prompt": 1, "inputs": [[1, 2, 3]]}"#,
      "A body with the key messages, prompt or input is meant for a language model."
    ),
  ]

  @Test(arguments: refusals)
  func whatTheModelRefusesIsTold(_ body: String, _ reason: String) async throws {
    let error = try await error(body)
    #expect(error.message == "\(Self.sentence) \(reason)")
    #expect(error.stackTrace == nil)
    #expect(error.codes == ["BAD_REQUEST", "KAM00", "INVALID_PARAMETER_VALUE"])
  }

  @Test(arguments: refusals)
  func strictAnswersHaveTheReasonWhereMLflowHasItsStack(
    _ body: String, _ reason: String
  ) async throws {
    let error = try await error(body, strict: true)
    #expect(error.message == Self.sentence)
    #expect(error.stackTrace == reason)
  }

  @Test(
    arguments: [
      ("{", "the JSON text ends too early at line 1, column 2"),
      ("{\n  \"inputs\": [[1,]]}", "expected a value, found ']' at line 2, column 17"),
      ("", "the JSON text ends too early at line 1, column 1"),
      ("{\"a\": 1} x", "expected the end of the text at line 1, column 10"),
      (
        "{\"a\": \"\u{1}\"}",
        "the control character byte 0x01 in a string must be escaped at line 1, column 8"
      ),
    ])
  func whatIsNoJSONIsToldWithItsPlaceButNotRepeated(
    _ body: String, _ reason: String
  ) async throws {
    let expected =
      "Invalid input. Ensure that input is a valid JSON formatted string. Error: '\(reason)'"
    #expect(try await error(body).message == expected)
  }

  @Test func keysStandInMLflowsOrderAndTheTextIsASCII() async throws {
    let answer = try await RouterClient(binary).post(#"{"dataframe_split": {"é𝄞": 1}}"#)
    let text = String(decoding: answer.body, as: UTF8.self)
    #expect(
      text == #"{"error_code": "BAD_REQUEST", "message": "Invalid input. Dataframe split format "#
        + #"must have 'data' field and optionally 'columns' and 'index' fields. Got "#
        + #"{'\u00e9\ud834\udd1e'}.'", "sqlstate": "KAM00", "#
        + #""error_class": "INVALID_PARAMETER_VALUE"}"#)
  }

  @Test func errorsOfTheTextWinOverErrorsOfTheRows() async throws {
    let message = try await error(#"{"dataframe_split": 1, "x": ]}"#).message
    #expect(message.contains("valid JSON formatted string"))
  }

  @Test func deepNestingIsRefusedWithItsLimit() async throws {
    for depth in [513, 100_000] {
      let body =
        #"{"x": "# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        + "}"
      #expect(try await error(body).message.contains("deeper than the limit of 512"))
    }
  }

  @Test func rowsFilledUpWithMissingValuesAreBounded() async throws {
    let wide = try #require(ServedModel.mlflow["nosig_wide"])
    let names = (0..<28).map { "\"f\($0)\": 1" }.joined(separator: ", ")
    let rows = String(repeating: ", {}", count: 400_000)
    let answer = try await RouterClient(wide).post(
      "{\"dataframe_records\": [{\(names)}\(rows)]}")
    let error = try #require(ErrorBody(answer.body))
    #expect(error.message.hasSuffix("send fewer rows."))
  }
}
