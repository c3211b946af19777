import TestSupport
import Testing
import TreeIR

@testable import Serve

/// What treec does better than MLflow's server with models of XGBoost, and what it refuses.
@Suite struct XGBoostTests {
  /// Columns a, b and c.
  private let named: ServedModel
  /// Columns 0, 1, 2 and 3.
  private let numbered: ServedModel
  /// Three columns without names.
  private let unnamed: ServedModel
  /// Columns colour (blue, green, red), weight, size (10, 20, 30, 40) and height.
  private let categories: ServedModel

  init() throws {
    named = try #require(ServedModel.mlflow["xgb_named"])
    numbered = try #require(ServedModel.mlflow["xgb_softprob"])
    unnamed = try #require(ServedModel.mlflow["xgb_unnamed"])
    categories = try #require(ServedModel.mlflow["xgb_categories"])
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

  /// The reason for which a body is refused.
  private func refusal(
    _ model: ServedModel, _ body: String, type: String = "application/json"
  ) async throws -> String {
    let answer = try await RouterClient(model).post(body, contentType: type)
    #expect(answer.status == 400)
    return try #require(ErrorBody(answer.body)).message
  }

  // MARK: Both modes

  @Test func whatMLflowAnswersIsAnsweredInBothModes() async throws {
    var count = 0
    for sample in MLflowCase.all
    where sample.model.hasPrefix("xgb_") && sample.response.status == 200 {
      // Its categories are numbers, so that numbers in frames are refused.
      if sample.model == "xgb_categories" { continue }
      // Found by name, as with any model.
      if sample.id == "xgb_unnamed/names_made_up_permuted" { continue }
      let model = try #require(ServedModel.mlflow[sample.model])
      let answer = try await RouterClient(model).send(sample.head, body: sample.body)
      #expect(String(decoding: answer.body, as: UTF8.self) == sample.response.body, "\(sample.id)")
      count += 1
    }
    #expect(count > 300)
  }

  @Test(arguments: [false, true])
  func aRowIsAnsweredAsIfItWereAlone(_ isStrict: Bool) async throws {
    let one = try await text(unnamed, #"{"inputs": [[0.25]]}"#, strict: isStrict)
    let number = one.dropFirst(17).dropLast(2)
    for count in [2, 64, 65] {
      let rows = [String](repeating: "[0.25]", count: count).joined(separator: ", ")
      let expected = [String](repeating: String(number), count: count).joined(separator: ", ")
      #expect(
        try await text(unnamed, "{\"inputs\": [\(rows)]}", strict: isStrict)
          == "{\"predictions\": [\(expected)]}")
    }
  }

  // MARK: Names

  private static let permuted = [
    #"{"dataframe_split": {"columns": ["c", "a", "b"], "data": [[0.75, 0.25, -0.5]]}}"#,
    #"{"dataframe_split": {"data": [[0.75, 0.25, -0.5]], "columns": ["c", "a", "b"]}}"#,
    #"{"dataframe_split": {"columns": [["c", "a", "b"]], "data": [[0.75, 0.25, -0.5]]}}"#,
    #"{"dataframe_split": {"data": {"c": [0.75], "a": [0.25], "b": [-0.5]}}}"#,
    #"{"dataframe_split": {"data": [{"c": 0.75, "a": 0.25, "b": -0.5}]}}"#,
    #"{"dataframe_records": [{"c": 0.75, "a": 0.25, "b": -0.5}]}"#,
  ]

  @Test(arguments: permuted)
  func columnsInAnotherOrderAreFoundByName(_ body: String) async throws {
    let expected = try await text(named, split(#"["a", "b", "c"]"#, "[[0.25, -0.5, 0.75]]"))
    #expect(expected.hasPrefix("{\"predictions\""))
    #expect(try await text(named, body) == expected)
    #expect(try await RouterClient(named, isStrict: true).post(body).status == 400)
  }

  @Test func columnsInAnotherOrderAreFoundByNameInCSV() async throws {
    let body = "c,a,b\n0.75,0.25,-0.5\n"
    let expected = try await text(named, split(#"["a", "b", "c"]"#, "[[0.25, -0.5, 0.75]]"))
    #expect(try await text(named, body, type: "text/csv") == expected)
    let strict = RouterClient(named, isStrict: true)
    #expect(try await strict.post(body, contentType: "text/csv").status == 400)
  }

  @Test func numbersAreNamesWhereTheModelHasNumbersForNames() async throws {
    let expected = try await text(numbered, split("[0, 1, 2, 3]", "[[0.5, -0.25, 1.5, 0.125]]"))
    #expect(expected.hasPrefix("{\"predictions\""))
    let turned = split("[3, 0, 1, 2]", "[[0.125, 0.5, -0.25, 1.5]]")
    #expect(try await text(numbered, turned) == expected)
    #expect(try await RouterClient(numbered, isStrict: true).post(turned).status == 400)
  }

  @Test(
    arguments: [
      (#"["a", "b", "x"]"#, "'c' is missing, 'x' is not known"),
      (#"["a", "b"]"#, "2 columns"), (#"["a", "b", "c", "d"]"#, "4 columns"),
      (#"["a", "b", "b"]"#, "'b'"), (#"["a", "b", "c["]"#, "in the name of a column"),
    ])
  func otherNamesAreRefusedWithTheReason(_ columns: String, _ reason: String) async throws {
    let count = columns.split(separator: ",").count
    let row = [String](repeating: "1", count: count).joined(separator: ", ")
    #expect(try await refusal(named, split(columns, "[[\(row)]]")).contains(reason))
  }

  @Test(
    arguments: [
      #"{"inputs": [[1, 2, 3]]}"#, #"{"instances": [[1, 2, 3]]}"#,
      #"{"dataframe_split": {"data": [[1, 2, 3]]}}"#, #"{"dataframe_records": [[1, 2, 3]]}"#,
    ])
  func rowsWithoutNamesAreRefusedWhereTheModelHasSome(_ body: String) async throws {
    #expect(try await refusal(named, body).contains("Send dataframe_split with columns"))
    #expect(try await RouterClient(unnamed).post(body).status == 200)
  }

  // MARK: Numbers

  @Test(arguments: ["Infinity", "-1e39", "3.4028235677973366e38"])
  func numbersBeyondFloatAreRefused(_ number: String) async throws {
    let reason = try await refusal(unnamed, "{\"inputs\": [[0.5, 1.5, 2.5], [1.0, \(number), 2]]}")
    #expect(reason.contains("Row 1, column 'f1': the number is infinite"))
    #expect(
      try await refusal(unnamed, "x,y,z\n1,2,3\n4,\(number),6\n", type: "text/csv")
        .contains("Row 1, column 'f1': the number is infinite"))
  }

  @Test func anIntegerColumnIsRoundedOnceAlsoInAnotherOrder() throws {
    let service = ScoringService(unnamed)
    // By way of `Double` it becomes 2^60.
    let wide = "1152921573326323713"
    let expected = Double(Float(0x1p60).nextUp)
    for body in [
      split(#"["f2", "f1", "f0"]"#, "[[0, 1.5, \(wide)]]"),
      #"{"dataframe_records": [{"f0": \#(wide), "f1": 1.5, "f2": 0}]}"#,
      #"{"dataframe_split": {"data": {"f0": \#(wide), "f1": [1.5]}}}"#,
    ] {
      var scratch = service.makeScratch()
      try service.readJSON(Array(body.utf8).span, &scratch)
      #expect(scratch.frame.values[0] == expected, "\(body)")
      #expect(scratch.frame.values[1] == 1.5)
    }
    let body = Array("a,b\n1.5,\(wide)\n2.5,3\n".utf8)
    let frame = try CSVFrame.read(body.span, model: unnamed, isStrict: false)
    #expect(frame.values[1] == expected && frame.values[4] == 3)
    let beside = Array("a,b\n1.5,\(wide)\n2.5,\n".utf8)
    let float = try CSVFrame.read(beside.span, model: unnamed, isStrict: false)
    #expect(float.values[1] == 0x1p60 + 0x1p36)
  }

  // MARK: Categories

  private static let names = #"["colour", "weight", "size", "height"]"#

  /// The frame that is scored for a row of a body.
  private func values(_ cells: String) throws -> [Double] {
    let service = ScoringService(categories)
    var scratch = service.makeScratch()
    try service.readJSON(Array(split(Self.names, cells).utf8).span, &scratch)
    return scratch.frame.values
  }

  @Test func textsOfAFrameAreCategories() throws {
    #expect(try values(#"[["red", 0.5, "30", -0.5]]"#) == [2, 0.5, 2, -0.5])
    #expect(try values(#"[[1, 0.5, "10", -0.5]]"#) == [1, 0.5, 0, -0.5])
    let missing = try values(#"[[null, 0.5, "40", 1], ["green", 1, null, 2], [NaN, 1, NaN, 2]]"#)
    #expect(missing[0].isNaN && missing[6].isNaN && missing[8].isNaN && missing[10].isNaN)
    #expect(missing[2] == 3 && missing[4] == 1)
    #expect(try values("[[null, 0.5, null, 1]]")[0].isNaN)
  }

  @Test func textsOfCSVAreCategories() throws {
    let body = Array("height,colour,weight,size\n-0.5,red,0.5,\n1,,2,\n".utf8)
    let frame = try CSVFrame.read(body.span, model: categories, isStrict: false)
    #expect(Array(frame.values[0..<2]) == [2, 0.5] && frame.values[3] == -0.5)
    #expect(frame.values[2].isNaN && frame.values[4].isNaN)
  }

  @Test(
    arguments: [
      (#"[["pink", 0.5, "30", 1]]"#, "Row 0, column 'colour': 'pink' is not a category"),
      (#"[["red", 0.5, "35", 1]]"#, "Row 0, column 'size': '35' is not a category"),
      (#"[["red", 0.5, "30", 1], [1, 0.5, "30", 1]]"#, "Row 1, column 'colour': 1 stands in a col"),
      (#"[["red", 0.5, 30, 1]]"#, "Row 0, column 'size': 30.0 may be a category or its code"),
      (#"[["red", 0.5, true, 1]]"#, "Row 0, column 'size': 1.0 may be a category or its code"),
      (#"[["red", 0.5, "30", 1], ["red", 0.5, 30, 1]]"#, "Row 1, column 'size': 30 stands in a c"),
    ])
  func cellsThatAreNoCategoryAreRefused(_ rows: String, _ reason: String) async throws {
    #expect(try await refusal(categories, split(Self.names, rows)).contains(reason))
  }

  @Test func unknownCategoriesAreRefusedWithWhatCanBeDone() async throws {
    let csv = "colour,weight,size,height\nred,1,,1\npink,1,,1\n"
    for reason in [
      try await refusal(categories, split(Self.names, #"[["pink", 0.5, null, 1]]"#)),
      try await refusal(categories, csv, type: "text/csv"),
    ] {
      #expect(reason.contains("column 'colour': 'pink' is not a category that the model knows"))
      #expect(reason.contains("--unknown-category missing"))
    }
    #expect(
      try await refusal(categories, "colour,weight,size,height\nred,1,30,1\n", type: "text/csv")
        .contains("'size': 30.0 may be a category or its code"))
  }

  @Test func categoriesThatSpellNumbersOrNothingAreNotMistakenInCSV() throws {
    let columns = [
      InputColumn(
        name: "k", kind: .dictionary([.string("NA"), .string("1")], unknown: .refused)),
      InputColumn(name: "x", kind: .numeric),
    ]
    let ambiguous = AmbiguousCategories(columns)
    #expect(ambiguous.numbersInJSON.isEmpty)
    #expect(ambiguous.numbersInCSV == [0] && ambiguous.missingInCSV == [0])
  }
}
