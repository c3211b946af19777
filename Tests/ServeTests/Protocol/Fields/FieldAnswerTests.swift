import Evaluator
import TestSupport
import Testing
import TreeIR

@testable import Serve

/// Answers of models of PMML: records, what requests share, and bounds.
@Suite struct FieldAnswerTests {
  private func text(_ answer: Answer) -> String { String(decoding: answer.body, as: UTF8.self) }

  private func score(
    _ service: ScoringService, _ body: String, _ scratch: inout Scratch
  ) -> Answer {
    let bytes = Array(body.utf8)
    return service.score(.json, body: bytes.span, scratch: &scratch)
  }

  // MARK: Records

  @Test func aTargetAloneIsARecordToo() async throws {
    let model = try FieldModel.model(FieldModel.small)
    let answer = try await RouterClient(ServedModel(model)).post(
      #"{"inputs": [[-1], [1], [null]]}"#)
    #expect(answer.contentType == "application/json")
    #expect(text(answer) == #"{"predictions": [{"y": "low"}, {"y": "high"}, {"y": null}]}"#)
  }

  @Test func otherOutputsAreWhatTheyAlwaysAre() async throws {
    let model = try FieldModel.model(FieldModel.texts)
    let served = try ServedModel(model, output: .prediction)
    // Texts of other requests are in use here, too.
    let answer = try await RouterClient(served).post(#"{"inputs": [["a"], ["b"]]}"#)
    #expect(text(answer) == #"{"predictions": [1.0, 1.0]}"#)
  }

  @Test func aModelThatNamesNoResultsHasNone() throws {
    #expect(throws: PredictionError.self) {
      try ServedModel(SampleModels.regression(), output: .fields)
    }
    #expect(PredictionOutput.usual(for: try SampleModels.regression()) == .prediction)
  }

  @Test func ofANameThatComesTwiceTheLastResultCounts() {
    let fields = [
      ResultField("a", .double, slot: 0), ResultField("b", .integer, slot: 1),
      ResultField("a", .string, slot: 2),
    ]
    let members = ResultMember.members(of: fields)
    #expect(members.map(\.column) == [2, 1])
    #expect(members.map(\.type) == [.string, .integer])
  }

  @Test func valuesAreWrittenAsTheirTypesAre() {
    let types: [FieldType] = [
      .integer, .float, .double, .boolean, .date, .time, .dateTime, .daysSince1970, .timeSeconds,
      .string, .string, .string, .double,
    ]
    let fields = types.enumerated().map { ResultField("\($0)", $1, slot: $0) }
    let texts = RowTexts(ModelTexts(["ja"]))
    let other = texts.number(of: "né\u{7F}")
    var records = PythonJSON.Records(ResultMember.members(of: fields), rowCount: 1)
    let values = [
      -3, 0.1, 1e22, 1, 18_322, 3_661.5, 86_400, -7, 90_000, 0, other, 1, .nan,
    ]
    records.append(values.span, texts)
    let body = String(decoding: records.finish(), as: UTF8.self)
    #expect(
      body
        == #"{"predictions": [{"0": -3, "1": 0.10000000149011612, "2": 1e+22, "3": true, "#
        + #""4": "2020-03-01", "5": "01:01:01.500000000", "6": "1970-01-02T00:00:00", "7": -7, "#
        + #""8": 90000, "9": "ja", "10": "n\u00e9\u007f", "11": null, "12": null}]}"#)
  }

  // MARK: Rows that the model refuses

  @Test func aRowThatIsRefusedWhenItIsScoredIsNamed() async throws {
    let client = RouterClient(try FieldModel.served(FieldModel.texts))
    #expect(try await client.post(#"{"inputs": [["a"], ["b"]]}"#).status == 200)
    let answer = try await client.post(#"{"inputs": [["a"], ["no"], ["b"]]}"#)
    #expect(answer.status == 400)
    let message = try #require(ErrorBody(answer.body)).message
    #expect(message.contains(" Row 1: "), "\(message)")
  }

  // MARK: What requests share

  @Test func textsAreForgottenBetweenRequests() throws {
    let service = ScoringService(try FieldModel.served(FieldModel.texts))
    var scratch = service.makeScratch()
    let table = try #require(scratch.encoder?.texts)
    for request in 0..<200 {
      let rows = (0..<50).map { "[\"text \(request) \($0)\"]" }.joined(separator: ", ")
      let answer = score(service, #"{"inputs": [\#(rows)]}"#, &scratch)
      #expect(text(answer).contains("\"twice\": \"text \(request) 49text \(request) 49\""))
      #expect(table.keptCount == 0)
    }
    // Nor does anything stay of the texts of what was refused.
    #expect(score(service, #"{"inputs": [["new"], ["no"]]}"#, &scratch).status == 400)
    #expect(table.keptCount == 0)
    #expect(service.model.encoder.texts.keptCount == 0)
  }

  @Test func answersDoNotDependOnTheRequestsBefore() throws {
    let service = ScoringService(try FieldModel.served())
    let bodies = [
      #"{"inputs": [["a", "red", 1, 2, 3, 4, true], ["b", null, null, null, null, null, null]]}"#,
      #"{"inputs": [["a", "green", 1, 2, 3, 4, true]]}"#, #"{"inputs": []}"#, "[",
      #"{"dataframe_records": [{"code": "x", "colour": "blue", "count": 1, "size": 1, "width": 1, "age": 1, "flag": 0}]}"#,
      #"{"dataframe_split": {"data": [["y", "N/A", 1, 2, 3, 4, false]], "columns": ["code", "colour", "count", "size", "width", "age", "flag"]}}"#,
    ]
    var shared = service.makeScratch()
    for body in bodies + bodies.reversed() {
      var fresh = service.makeScratch()
      #expect(score(service, body, &shared) == score(service, body, &fresh), "\(body)")
    }
  }

  @Test func otherModelsHaveNoTextsOfTheirOwn() throws {
    #expect(ScoringService(ServedModel(try SampleModels.regression())).makeScratch().encoder == nil)
  }

  @Test func threadsDoNotGetInEachOthersWay() async throws {
    let service = ScoringService(try FieldModel.served(FieldModel.texts))
    let wrong = await withTaskGroup(of: Int.self) { group in
      for thread in 0..<8 {
        group.addTask {
          var scratch = service.makeScratch()
          var wrong = 0
          for request in 0..<200 {
            let rows = (0..<20).map { "\(thread).\(request * $0)" }
            let cells = rows.map { "[\"\($0)\"]" }.joined(separator: ", ")
            let body = Array(#"{"inputs": [\#(cells)]}"#.utf8)
            let answer = service.score(.json, body: body.span, scratch: &scratch)
            let records = rows.map { #"{"y": 1.0, "twice": "\#($0)\#($0)"}"# }
            let expected = #"{"predictions": [\#(records.joined(separator: ", "))]}"#
            if !answer.body.elementsEqual(expected.utf8) { wrong += 1 }
          }
          return wrong
        }
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }

  @Test func aLargeBodyIsScoredByAWorker() async throws {
    let model = try FieldModel.model(FieldModel.texts)
    let rows = (0..<20_000).map { "[\"t\($0)\"]" }.joined(separator: ", ")
    let records = (0..<20_000).map { #"{"y": 1.0, "twice": "t\#($0)t\#($0)"}"# }
    let expected = #"{"predictions": [\#(records.joined(separator: ", "))]}"#
    let answer = try await withServer(model) { port in
      let connection = try RawConnection(port: port)
      connection.send(Requests.scoring(#"{"inputs": [\#(rows)]}"#))
      return connection.receive(answers: 1).answers.first?.body
    }
    #expect(answer == expected)
  }

  // MARK: Bounds

  @Test func longAnswersAreRefused() throws {
    var options = ScoringOptions()
    options.maximumAnswerSize = 400
    let service = ScoringService(try FieldModel.served(FieldModel.texts), options: options)
    var scratch = service.makeScratch()
    #expect(score(service, #"{"inputs": [["a"], ["b"]]}"#, &scratch).status == 200)
    let many = [String](repeating: "[\"a\"]", count: 100).joined(separator: ", ")
    let refused = score(service, #"{"inputs": [\#(many)]}"#, &scratch)
    #expect(
      text(refused).contains("The answer to 100 rows may be longer than the limit of 400 bytes"))
    let long = String(repeating: "x", count: 300)
    let tooLong = score(service, #"{"inputs": [["\#(long)"]]}"#, &scratch)
    #expect(tooLong.status == 400)
    #expect(text(tooLong).contains("The answer is longer than the limit of 400 bytes"))
  }

  @Test func aRequestThatIsGivenUpEnds() throws {
    let service = ScoringService(try FieldModel.served())
    var scratch = service.makeScratch()
    let row = #"["a", "red", 1, 2, 3, 4, true]"#
    let rows = [String](repeating: row, count: 10_000).joined(separator: ", ")
    let body = Array(#"{"inputs": [\#(rows)]}"#.utf8)
    var questions = 0
    let answer = service.score(.json, body: body.span, scratch: &scratch) {
      questions += 1
      return questions > 1
    }
    #expect(questions == 2)
    #expect(answer.status == 400)
  }
}
