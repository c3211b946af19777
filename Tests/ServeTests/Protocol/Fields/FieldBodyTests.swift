import TestSupport
import Testing

@testable import Serve

/// Bodies for models of PMML: where columns go, and what the rules of fields make of cells.
@Suite struct FieldBodyTests {
  private let model: ServedModel

  init() throws {
    model = try FieldModel.served()
  }

  private func answer(
    _ body: String, type: String = "application/json", strict: Bool = false
  ) async throws -> String {
    let answer = try await RouterClient(model, isStrict: strict).post(body, contentType: type)
    return String(decoding: answer.body, as: UTF8.self)
  }

  private func message(
    _ body: String, type: String = "application/json", strict: Bool = false
  ) async throws -> String {
    let answer = try await RouterClient(model, isStrict: strict).post(body, contentType: type)
    #expect(answer.status == 400)
    return try #require(ErrorBody(answer.body)).message
  }

  /// The answer to one row.
  private func record(
    code: String = "null", colour: String = "null", count: String = "null",
    size: String = "null", width: String = "null", age: String = "null", flag: String = "null"
  ) -> String {
    #"{"predictions": [{"y": 1.5, "the \"code\"": \#(code), "Farbe \u00f6": \#(colour), "#
      + #""count2": \#(count), "size2": \#(size), "width2": \#(width), "age2": \#(age), "#
      + #""flag2": \#(flag)}]}"#
  }

  private static let whole = #"""
    {"code": "a\"\n😀", "colour": "red", "count": 7, "size": 0.1, "width": 0.1, "age": 30, "flag": true}
    """#

  private func wholeRecord() -> String {
    record(
      code: #""a\"\n\ud83d\ude00""#, colour: #""red""#, count: "7", size: "0.1",
      width: "0.10000000149011612", age: "30.0", flag: "true")
  }

  // MARK: Shapes

  @Test func recordsGoByName() async throws {
    #expect(try await answer(#"{"dataframe_records": [\#(Self.whole)]}"#) == wholeRecord())
    let moved = #"""
      {"dataframe_records": [{"flag": true, "x": {"y": [1]}, "age": 30, "width": 0.1, "size": 0.1,
        "c\u006funt": 7, "colour": "red", "code": "a\"\n\ud83d\ude00"}]}
      """#
    #expect(try await answer(moved) == wholeRecord())
    for field in ["instances", "inputs"] {
      #expect(try await answer(#"{"\#(field)": [\#(Self.whole)]}"#) == wholeRecord())
    }
  }

  private static let splits = [
    #"{"columns": ["code", "colour", "count", "size", "width", "age", "flag"], "data": [["a\"\n😀", "red", 7, 0.1, 0.1, 30, true]]}"#,
    #"{"data": [[true, [[]], 30, 0.1, 0.1, 7, "red", "a\"\n😀", 5]], "index": [9], "columns": ["flag", "x", "age", "width", "size", "count", "colour", "code", null]}"#,
    #"{"data": [["a\"\n😀", "red", 7, 0.1, 0.1, 30, true]]}"#,
  ]

  @Test(arguments: splits)
  func columnsOfFramesGoByName(_ split: String) async throws {
    #expect(try await answer(#"{"dataframe_split": \#(split)}"#) == wholeRecord())
  }

  @Test func arraysGoByPosition() async throws {
    let body = #"{"inputs": [["a\"\n😀", "red", 7, 0.1, 0.1, 30, true]]}"#
    #expect(try await answer(body) == wholeRecord())
  }

  @Test func tablesGoByName() async throws {
    let body = "x,flag,age,width,size,count,colour,code\r\n1,true,30,0.1,0.1,7,red,\"a\"\"\n😀\"\r\n"
    #expect(try await answer(body, type: "text/csv") == wholeRecord())
  }

  private static let empty = [
    #"{"dataframe_records": []}"#, #"{"inputs": []}"#,
    #"{"dataframe_split": {"columns": ["code", "colour", "count", "size", "width", "age", "flag"], "data": []}}"#,
  ]

  @Test(arguments: empty)
  func withoutRowsThereAreNoPredictions(_ body: String) async throws {
    #expect(try await answer(body) == #"{"predictions": []}"#)
  }

  @Test func aHeaderAloneHasNoPredictions() async throws {
    let header = "code,colour,count,size,width,age,flag\n"
    #expect(try await answer(header, type: "text/csv") == #"{"predictions": []}"#)
  }

  private static let misshapen: [(String, String)] = [
    (
      #"{"dataframe_records": [{"code": "a", "count": 1}]}"#,
      "Columns 'colour', 'size', 'width', 'age', 'flag' are missing."
    ),
    (
      #"{"dataframe_records": [{"code": "a", "colour": "red", "count": 1, "size": 1, "width": 1, "age": 1}, {}]}"#,
      "Column 'flag' is missing."
    ),
    (
      #"{"dataframe_split": {"columns": ["code", "colour", "count", "size", "width", "age"], "data": []}}"#,
      "Column 'flag' is missing."
    ),
    (
      #"{"dataframe_split": {"columns": ["code", "colour", "code", "count", "size", "width", "age", "flag"], "data": []}}"#,
      "Two columns are called 'code'."
    ),
    (#"{"dataframe_split": {"data": [[1, 2]]}}"#, "Row 0 has 2 cells; there are 7 columns."),
    (
      #"{"inputs": [["a", null, null, null, null, null, null], ["a", null, null, null, null, null, null, null]]}"#,
      "Row 1 has 8 cells; there are 7 columns."
    ),
    (#"{"inputs": ["a"]}"#, "Row 0 is no list of cells."),
    (#"{"inputs": [[1, 2, 3, 4, 5, 6, 7], {}]}"#, "Row 1 is no list of cells."),
    (#"{"instances": {"code": ["a"]}}"#, "The rows are no list."),
    (#"{"dataframe_records": [[]]}"#, "Row 0 is no object of cells."),
    (#"{"dataframe_split": {"data": {"code": ["a"]}}}"#, "data is no list of rows"),
    (
      #"{"dataframe_split": {"columns": ["code", "colour", "count", "size", "width", "age", "flag"], "index": [0, 1, 2], "data": [["a", null, null, null, null, null, null], ["b", null, null, null, null, null, null]]}}"#,
      "does not match length of index (3)"
    ),
    (#"{"dataframe_split": {"columns": ["code"]}}"#, "must have 'data' field"),
    (#"{"rows": []}"#, "exactly one of the input fields"),
  ]

  @Test(arguments: misshapen)
  func aBodyOfTheWrongShapeIsRefused(_ body: String, _ words: String) async throws {
    let message = try await message(body)
    #expect(message.contains(words), "\(message)")
  }

  private static let badTables: [(String, String)] = [
    ("code,colour,count,size,width,age\n", "Column 'flag' is missing."),
    ("code,code,colour,count,size,width,age,flag\n", "Two columns are called 'code'."),
    ("code,colour,count,size,width,age,flag\na,red,1\n", "line 2: 3 fields where the header has 7"),
    ("code,colour,count,size,width,age,flag\n\"a", "a quoted field has no closing quote at line 2"),
    ("", "the body is empty"),
  ]

  @Test(arguments: badTables)
  func aTableOfTheWrongShapeIsRefused(_ body: String, _ words: String) async throws {
    let message = try await message(body, type: "text/csv")
    #expect(message.contains(words), "\(message)")
  }

  @Test func aTableMustBeUTF8() async throws {
    let answer = try await RouterClient(model).post(
      bytes: [0x63, 0xFF, 0x0A], contentType: "text/csv")
    #expect(answer.status == 400)
    #expect(
      try #require(ErrorBody(answer.body)).message.contains("byte 1 of the body is not UTF-8"))
  }

  // MARK: Cells

  /// A row of JSON with the cells given, and `code` if it is not among them.
  private func row(_ cells: String) -> String {
    let code = cells.contains("\"code\"") ? "" : #""code": "c", "#
    let names = ["code", "colour", "count", "size", "width", "age", "flag"]
    let others = names.filter { $0 != "code" && !cells.contains("\"\($0)\"") }
      .map { ", \"\($0)\": null" }
    return #"{"dataframe_records": [{\#(code)\#(cells)\#(others.joined())}]}"#
  }

  private static let texts = [
    (#""5""#, #""5""#), ("5", #""5""#), ("5.0", #""5.0""#), ("1e2", #""1e2""#),
    ("9007199254740993", #""9007199254740993""#), ("true", #""true""#), ("NaN", #""NaN""#),
    ("-Infinity", #""-Infinity""#), (#""""#, #""""#), (#""N/A""#, #""N/A""#),
    (#"" a ""#, #"" a ""#),
  ]

  @Test(arguments: texts)
  func textIsWhatIsWritten(_ cell: String, _ text: String) async throws {
    #expect(try await answer(row(#""code": \#(cell)"#)) == record(code: text))
  }

  @Test func numbersAreReadAsTheFieldsTypeHasThem() async throws {
    #expect(
      try await answer(row(#""count": "7", "size": "1e3", "width": 16777217, "age": 1E1"#))
        == record(code: #""c""#, count: "7", size: "1000.0", width: "16777216.0", age: "10.0"))
    #expect(
      try await answer(row(#""size": 1e400, "width": true, "flag": "false""#))
        == record(code: #""c""#, size: "Infinity", width: "1.0", flag: "false"))
  }

  @Test func aValueThatTheFieldListsAsMissingIsMissing() async throws {
    #expect(try await answer(row(#""colour": "N/A""#)) == record(code: #""c""#))
    let table = "code,colour,count,size,width,age,flag\nN/A,N/A,,,,,\n"
    #expect(try await answer(table, type: "text/csv") == record(code: #""N/A""#))
  }

  @Test func aNameThatARecordLacksIsAMissingValue() async throws {
    let all =
      #"{"code": "c", "colour": null, "count": 1, "size": 2, "width": 3, "age": 4, "flag": true}"#
    let both = try await answer(#"{"dataframe_records": [\#(all), {"code": "c"}]}"#)
    #expect(both.hasSuffix(", " + record(code: #""c""#).dropFirst(17)))
  }

  @Test func ofANameThatComesTwiceTheLastOneCounts() async throws {
    #expect(
      try await answer(row(#""colour": "green", "colour": "red""#))
        == record(code: #""c""#, colour: #""red""#))
    let message = try await message(row(#""colour": "red", "colour": "green""#))
    #expect(message.hasSuffix("Row 0, column 'colour': 'green' is not a valid value."))
  }

  private static let refused = [
    (#""colour": "green""#, "column 'colour': 'green' is not a valid value"),
    (#""colour": """#, "column 'colour': '' is not a valid value"),
    (#""colour": 1"#, "column 'colour': '1' is not a valid value"),
    (#""count": "seven""#, "column 'count': 'seven' is not a valid value"),
    (#""size": "1,5""#, "column 'size': '1,5' is not a valid value"),
    (#""age": 121"#, "column 'age': '121' is not a valid value"),
    (#""flag": "maybe""#, "column 'flag': 'maybe' is not a valid value"),
    (#""size": [1]"#, "column 'size': the column cannot take a list or an object"),
    (#""size": {}"#, "column 'size': the column cannot take a list or an object"),
    (#""code": "\ud83d""#, "column 'code': the column cannot take half a surrogate pair"),
    (#""code": null"#, "column 'code': the value is missing, and the model needs it"),
    (#""flag": 7, "age": 200"#, "column 'age': '200' is not a valid value"),
  ]

  @Test(arguments: refused)
  func aCellThatIsRefusedIsNamed(_ cells: String, _ words: String) async throws {
    let message = try await message(row(cells))
    #expect(message.hasSuffix(" Row 0, \(words)."), "\(message)")
  }

  @Test func theFirstRowThatIsRefusedIsNamed() async throws {
    let good = #"["c", null, null, null, null, null, null]"#
    let rows = [
      good, good, #"["c", null, null, null, null, 500, "x"]"#, #"["c", 1, 1, 1, 1, 1, 1]"#,
    ]
    let message = try await message(#"{"inputs": [\#(rows.joined(separator: ", "))]}"#)
    #expect(message.hasSuffix(" Row 2, column 'age': '500' is not a valid value."))
    let table = "flag,age,code,colour,count,size,width\n,,c,,,,\nx,500,c,,,,\n"
    #expect(
      try await self.message(table, type: "text/csv").hasSuffix(
        " Row 1, column 'age': '500' is not a valid value."))
  }

  @Test func inStrictModeTheReasonStandsWhereMLflowHasAStackTrace() async throws {
    let answer = try await RouterClient(model, isStrict: true).post(row(#""age": 121"#))
    let body = try #require(ErrorBody(answer.body))
    #expect(body.message.hasSuffix("compatible with the model for inference."))
    #expect(body.stackTrace == "Row 0, column 'age': '121' is not a valid value.")
  }

  @Test func whatIsNoJSONFurtherOnIsNoJSON() async throws {
    let message = try await message(#"{"inputs": [["c", 1, 1, 1, 1, 1, 1], ["#)
    #expect(message.contains("valid JSON formatted string"))
  }

  @Test func recordsOfFewNamesDoNotTakeMemoryOutOfProportion() async throws {
    let first =
      #"{"code": "c", "colour": null, "count": 1, "size": 2, "width": 3, "age": 4, "flag": true}"#
    let body =
      #"{"dataframe_records": [\#(first)\#(String(repeating: ",{}", count: 1_300_000))]}"#
    let document = FieldModel.document.replacing(
      #" missingValueTreatment="returnInvalid""#, with: "")
    let answer = try await RouterClient(FieldModel.served(document)).post(body)
    #expect(
      ErrorBody(answer.body)?.message.contains("cells when missing ones are filled in") == true)
  }
}
