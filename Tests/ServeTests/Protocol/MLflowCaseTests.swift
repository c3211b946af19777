import Foundation
import TestSupport
import Testing

@testable import Serve

/// Everything that MLflow's real server was asked is answered as it answered.
@Suite struct MLflowCaseTests {
  @Test(arguments: MLflowCase.all)
  func answersAsMLflowDoes(_ sample: MLflowCase) async throws {
    let model = try #require(ServedModel.mlflow[sample.model])
    try await check(sample, RouterClient(model, isStrict: true))
  }

  @Test(arguments: ServedModel.mlflow.keys.sorted())
  func answersAsMLflowDoesOverASocket(_ name: String) async throws {
    var options = ScoringOptions()
    options.isStrict = true
    let model = try #require(ServedModel.mlflow[name])
    let server = try await ScoringServer.start(
      ScoringService(model, options: options), configuration: .with { _ in })
    for sample in MLflowCase.all
    where sample.model == name && !MLflowCase.unknownMethods.contains(sample.id) {
      try await check(sample, LiveClient(port: server.port))
    }
    await server.stop(within: .seconds(1))
  }

  private func check(_ sample: MLflowCase, _ client: some TestClient) async throws {
    let answer = try await client.send(sample.head, body: sample.body)
    let text = String(decoding: answer.body, as: UTF8.self)

    #expect(answer.status == sample.response.status, "\(text)")
    #expect(answer.contentType == sample.response.contentType)
    switch sample.compare {
    case .predictions, .exact:
      #expect(text == sample.response.body)
    case .error:
      let ours = try #require(ErrorBody(answer.body), "\(text)")
      let theirs = try #require(ErrorBody(Array(sample.response.body.utf8)))
      #expect(ours.codes == theirs.codes)
      #expect(ours.hasStackTrace == theirs.hasStackTrace)
      #expect(ours.comparableMessage == theirs.comparableMessage)
    }
    #expect(answer.allow == sample.response.headers?["allow"])
    #expect(answer.location == sample.location)
  }
}
