import TestSupport
import Testing

@testable import Serve

/// Memory that requests share leaves no traces, and does not grow for good.
@Suite struct ScratchTests {
  @Test func answersDoNotDependOnTheRequestsBefore() throws {
    let samples = MLflowCase.all.filter { $0.model == "nosig_binary" && $0.request.body != nil }
    let service = ScoringService(try #require(ServedModel.mlflow["nosig_binary"]))
    var generator = SeededGenerator(seed: 5)
    var shared = service.makeScratch()
    for sample in samples.shuffled(using: &generator) {
      var fresh = service.makeScratch()
      let body = sample.body
      #expect(
        service.score(.json, body: body.span, scratch: &shared)
          == service.score(.json, body: body.span, scratch: &fresh), "\(sample.id)")
    }
  }

  @Test func whatALargeRequestTookIsGivenBack() throws {
    let service = ScoringService(try #require(ServedModel.mlflow["nosig_binary"]))
    var scratch = service.makeScratch()
    let rows = [String](repeating: "[0.25,-0.5,0.75]", count: 200_000).joined(separator: ",")
    let body = Array("{\"inputs\":[\(rows)]}".utf8)
    let answer = service.score(.json, body: body.span, scratch: &scratch)
    #expect(answer.status == 200)
    #expect(scratch.frame.values.capacity * 8 <= 1 << 20)
    #expect(scratch.results.capacity * 8 <= 1 << 20)
  }

  @Test func manyRowsAreScoredLikeEachAlone() throws {
    let service = ScoringService(try #require(ServedModel.mlflow["lgb_nosig"]))
    var scratch = service.makeScratch()
    let row = "[14.23,1.71,2.43,15.6,127.0,2.8,3.06,0.28,2.29,5.64,1.04,3.92,1065.0]"
    func predictions(_ count: Int) -> String {
      let rows = [String](repeating: row, count: count).joined(separator: ",")
      let body = Array("{\"inputs\":[\(rows)]}".utf8)
      let answer = service.score(.json, body: body.span, scratch: &scratch)
      return String(decoding: answer.body, as: UTF8.self)
    }
    let one = predictions(1).dropFirst(17).dropLast(2)
    let all = [String](repeating: String(one), count: 10_000).joined(separator: ", ")
    #expect(predictions(10_000) == "{\"predictions\": [\(all)]}")
  }
}
