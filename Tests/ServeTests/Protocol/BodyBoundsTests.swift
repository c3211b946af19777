import TestSupport
import Testing

@testable import Serve

/// No body makes the server take memory or time, or write an answer, out of proportion.
@Suite struct BodyBoundsTests {
  private let binary: ServedModel

  init() throws {
    binary = try #require(ServedModel.mlflow["nosig_binary"])
  }

  private func message(_ body: String, strict: Bool = false) async throws -> String {
    let answer = try await RouterClient(binary, isStrict: strict).post(body)
    #expect(answer.status == 400)
    return try #require(ErrorBody(answer.body)).message
  }

  // MARK: Answers

  @Test func longAnswersAreRefusedBeforeTheyAreWritten() async throws {
    var options = ScoringOptions()
    options.maximumAnswerSize = 3 * 24
    let service = ScoringService(binary, options: options)
    func answer(rows: Int) -> Answer {
      let list = [String](repeating: "[1, 2, 3]", count: rows).joined(separator: ", ")
      let body = Array("{\"inputs\": [\(list)]}".utf8)
      var scratch = service.makeScratch()
      return service.score(.json, body: body.span, scratch: &scratch)
    }
    #expect(answer(rows: 3).status == 200)
    let refused = answer(rows: 4)
    #expect(refused.status == 400)
    #expect(
      ErrorBody(refused.body)?.message.hasSuffix(
        "The answer to 4 rows may be longer than the limit of 72 bytes; send fewer rows at once.")
        == true)
  }

  @Test func memoryForAnAnswerGrowsWithIt() {
    #expect(PythonJSON.Predictions(width: 1000, rowCount: 1 << 40).bytes.capacity <= 2 << 20)
  }

  // MARK: Keys

  private static let keys = (0...65536).map { "\"\($0)\"" }
  private static let object = "{\(keys.map { "\($0):1" }.joined(separator: ","))}"
  private static let list = "[\(keys.joined(separator: ","))]"

  @Test(
    arguments: [
      ("inputs", object), ("instances", object), ("inputs", "[\(object)]"),
      ("instances", "[\(object)]"), ("dataframe_records", "[\(object)]"),
      ("dataframe_records", "[{}, \(object)]"),
      ("dataframe_split", "{\"data\": \(object), \"index\": [0]}"),
      ("dataframe_split", "{\"data\": [\(object)]}"),
      ("dataframe_split", "{\"columns\": \(list), \"data\": [[1, 2, 3]]}"),
      ("dataframe_split", "{\"columns\": \(object), \"data\": [[1, 2, 3]]}"),
      ("dataframe_split", "{\"data\": [{\"a\": 1}], \"columns\": [\(list)]}"),
    ])
  func bodiesOfTooManyColumnsAreRefused(_ field: String, _ value: String) async throws {
    let message = try await message("{\"\(field)\": \(value)}")
    #expect(message.contains("there are more than 65536 columns; the model has 3"))
    #expect(message.utf8.count < 500)
  }

  @Test func rowsMayHaveAnyNumberOfLabels() async throws {
    let labels = (0..<100_000).map { "\"\($0)\":0.5" }.joined(separator: ",")
    let column = "{\(labels)}"
    let data = "{\"a\": \(column), \"b\": \(column), \"c\": \(column)}"
    let client = RouterClient(binary)
    let one = try await client.post(#"{"dataframe_split": {"data": [[0.5, 0.5, 0.5]]}}"#)
    let all = try await client.post("{\"dataframe_split\": {\"data\": \(data)}}")
    #expect(all.status == 200)
    // As many predictions, all of them the one.
    let number = String(decoding: one.body, as: UTF8.self).dropFirst(17).dropLast(2)
    #expect(all.body.count == 17 + 100_000 * (number.utf8.count + 2))
  }

  // MARK: Time

  @Test func manyParametersOfAContentTypeTakeLittleTime() {
    let header =
      "text/csv" + (0..<32_000).map { ";p\($0)=1" }.joined() + ";p0=1;p1=1"
    let start = ContinuousClock.now
    let route = ContentType.route(header)
    #expect(ContinuousClock.now - start < .seconds(2))
    guard case .answered(let answer) = route else {
      Issue.record("\(route)")
      return
    }
    #expect(answer.status == 415)
    #expect(
      String(decoding: answer.body, as: UTF8.self).hasPrefix(
        "Unrecognized content type parameters: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9. "))
  }

  @Test func aValueThatComesManyTimesIsReadTwiceAtMost() async throws {
    let wide = try numericModel(columnCount: 5000)
    let (many, twice) = (12_000, 2)
    func seconds(_ body: String) async throws -> Duration {
      let start = ContinuousClock.now
      #expect(try await RouterClient(wide).post(body).status == 400)
      return ContinuousClock.now - start
    }
    func repeated(_ member: String, _ count: Int) -> String {
      [String](repeating: member, count: count).joined(separator: ",")
    }
    for (field, prefix, suffix) in [
      (#""inputs": [[1, 2]]"#, "{", "}"),
      (#""data": [[1, 2, 3]]"#, #"{"dataframe_split": {"#, "}}"),
    ] {
      let base = try await seconds(prefix + repeated(field, twice) + suffix)
      let long = try await seconds(prefix + repeated(field, many) + suffix)
      #expect(long < base * 100 + .milliseconds(50), "\(long) for \(many), \(base) for \(twice)")
    }
  }

  // MARK: What is repeated

  @Test(arguments: [false, true])
  func noMoreThanFortyCharactersAreRepeated(_ isStrict: Bool) async throws {
    let long = String(repeating: "x", count: 3000)
    let bodies: [(body: String, type: String)] = [
      ("\(long),b,c\n1,2,3\ny,2,3\n", "text/csv"), ("a,b,c\n1,2,3\n\(long),2,3\n", "text/csv"),
      ("\"\(long)", "text/csv"), ("{\"inputs\": [[1, 2, \"\(long)\"]]}", "application/json"),
      ("{\"dataframe_split\": {\"\(long)\": 1}}", "application/json"),
      ("{\"dataframe_split\": {\"data\": [[1]], \"columns\": \"\(long)\"}}", "application/json"),
      ("{\"dataframe_records\": [{\"\(long)\": \"\(long)\"}]}", "application/json"),
      ("{\"\(long)\": 1}", "application/json"), ("\"\(long)\"", "application/json"),
      ("{}", "application/\(long)"), ("{}", "application/json; \(long)=1"),
    ]
    for (body, type) in bodies {
      let answer = try await RouterClient(binary, isStrict: isStrict).post(body, contentType: type)
      #expect(answer.status == 400 || answer.status == 415)
      let text = String(decoding: answer.body, as: UTF8.self)
      #expect(!text.contains(long.prefix(41)), "\(text)")
    }
  }
}
